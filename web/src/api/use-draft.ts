import { useEffect, useState, useSyncExternalStore } from 'react';
import { DraftSession, type DraftState } from './draft.ts';
import type { Draft, DraftBody } from './types.ts';

/** A draft as a page uses it. */
export interface DraftKeeper {
  state: DraftState;
  /** Tells whether something is typed that is not kept yet. */
  isUnsaved: () => boolean;
  takeTheirs: () => void;
  keepMine: () => void;
  stop: () => void;
  discard: () => Promise<void>;
}

interface Options {
  key: string;
  body: DraftBody;
  /** Whether the person changed anything; what was only looked at is no draft. */
  changed: boolean;
  version: string | undefined;
  /** Shows the draft that was saved elsewhere. */
  load: (draft: Draft) => void;
}

/** Keeps what a person types; leaving the page saves the rest at once. */
export function useDraft({ key, body, changed, version, load }: Options): DraftKeeper {
  const [session] = useState(() => new DraftSession(key, version));
  const state = useSyncExternalStore(session.subscribe, session.current);
  useEffect(() => {
    if (changed) session.typed(body);
  }, [session, changed, body]);
  useEffect(() => () => void session.flush(), [session]);
  return {
    state,
    isUnsaved: () => session.unsaved,
    // A failure leaves the question open; pressing again asks again.
    takeTheirs: () => void session.takeTheirs().then(load, () => {}),
    keepMine: () => void session.keepMine().catch(() => {}),
    stop: () => session.stop(),
    discard: () => session.discard(),
  };
}
