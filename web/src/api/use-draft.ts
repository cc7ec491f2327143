import { useEffect, useRef, useState } from 'react';
import { read } from './fetch.ts';
import { hasCode, Problem } from './problem.ts';
import type { Draft, DraftBody } from './types.ts';
import { deleteDraft, saveDraft } from './writes.ts';

const PAUSE_MS = 900;
const RETRY_MS = 5_000;

/** How the draft stands: what a person sees beside the form. */
export type DraftState =
  | { kind: 'clean' }
  | { kind: 'pending' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: Date }
  | { kind: 'failed' }
  | { kind: 'stale' };

export interface DraftKeeper {
  state: DraftState;
  /** Whether something is typed that is not kept yet. */
  unsaved: boolean;
  /** The draft was changed elsewhere: takes that one. */
  takeTheirs: () => void;
  /** The draft was changed elsewhere: this one takes its place. */
  keepMine: () => void;
  /** Nothing is kept from now on: the form was sent or discarded. */
  stop: () => void;
  discard: () => Promise<void>;
}

interface Options {
  key: string;
  body: DraftBody;
  /** Whether the person changed anything; what was only looked at is no draft. */
  changed: boolean;
  version: string | undefined;
  load: (draft: Draft) => void;
}

/**
 * Keeps what a person types as a draft: a moment after each pause, and at once when the page is left.
 *
 * A draft carries the version that was last seen; when somebody else has saved a newer one, the person chooses.
 */
export function useDraft({ key, body, changed, version, load }: Options): DraftKeeper {
  const [state, setState] = useState<DraftState>({ kind: 'clean' });
  const known = useRef(version);
  const saved = useRef<string | null>(null);
  const busy = useRef(false);
  const stopped = useRef(false);
  const text = JSON.stringify(body);
  const latest = useRef({ text, body });
  useEffect(() => {
    latest.current = { text, body };
  });

  const save = useRef(async () => {});
  save.current = async () => {
    const sent = latest.current;
    if (stopped.current || busy.current || sent.text === saved.current) return;
    busy.current = true;
    setState({ kind: 'saving' });
    try {
      known.current = await saveDraft(key, sent.body, known.current);
      saved.current = sent.text;
      setState({ kind: 'saved', at: new Date() });
    } catch (error) {
      setState(error instanceof Problem && error.status === 412 ? { kind: 'stale' } : { kind: 'failed' });
    } finally {
      busy.current = false;
    }
  };

  const waits = changed && text !== saved.current && state.kind !== 'stale';
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(() => void save.current(), state.kind === 'failed' ? RETRY_MS : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [waits, text, state.kind]);

  const unsaved = changed && text !== saved.current && !stopped.current;
  const leaving = useRef(unsaved);
  leaving.current = unsaved;
  useEffect(
    () => () => {
      if (leaving.current) void save.current();
    },
    [],
  );

  const newest = async () => read<Draft>(`/drafts/${encodeURIComponent(key)}`);
  return {
    state: waits && (state.kind === 'saved' || state.kind === 'clean') ? { kind: 'pending' } : state,
    unsaved,
    takeTheirs: () => {
      void newest().then((draft) => {
        known.current = draft.version;
        saved.current = JSON.stringify(draft.body);
        setState({ kind: 'clean' });
        load(draft);
      }, () => setState({ kind: 'failed' }));
    },
    keepMine: () => {
      void newest().then((draft) => {
        known.current = draft.version;
        setState({ kind: 'pending' });
        return save.current();
      }, (error: unknown) => {
        // It is gone: then this is the first one.
        if (hasCode(error, 'not_found')) known.current = undefined;
        setState({ kind: 'failed' });
      });
    },
    stop: () => {
      stopped.current = true;
    },
    discard: async () => {
      stopped.current = true;
      try {
        await deleteDraft(key);
      } catch (error) {
        if (!(error instanceof Problem && error.status === 404)) throw error;
      } finally {
        stopped.current = false;
        known.current = undefined;
        saved.current = null;
        setState({ kind: 'clean' });
      }
    },
  };
}
