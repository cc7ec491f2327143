import { read } from './fetch.ts';
import { Problem } from './problem.ts';
import type { Draft, DraftBody } from './types.ts';
import { deleteDraft, saveDraft } from './writes.ts';

/** How the draft stands: what a person sees beside the form. */
export type DraftState =
  | { kind: 'clean' }
  | { kind: 'pending' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: Date }
  | { kind: 'failed' }
  | { kind: 'stale' };

/** What a draft session needs of the world. */
export interface DraftPort {
  save: (key: string, body: DraftBody, version: string | undefined) => Promise<string>;
  load: (key: string) => Promise<Draft>;
  remove: (key: string) => Promise<void>;
  now: () => Date;
}

const PAUSE_MS = 900;
const RETRY_MS = 5_000;

/**
 * Keeps what a person types as a draft, a moment after each pause.
 *
 * A draft carries the version that was last seen; when somewhere else a newer one was saved, saving stops until the person
 * has chosen between the two.
 */
export class DraftSession {
  private state: DraftState = { kind: 'clean' };
  private typedText: string | null = null;
  private savedText: string | null = null;
  private savedAt: Date | undefined;
  private body: DraftBody = {};
  private timer: ReturnType<typeof setTimeout> | undefined;
  private onItsWay: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly key: string,
    private version: string | undefined,
    private readonly port: DraftPort = server,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): DraftState => this.state;

  /** Whether something is typed that is not kept yet. */
  get unsaved(): boolean {
    return this.typedText !== null && this.typedText !== this.savedText;
  }

  /** Takes what stands in the form now. */
  typed(body: DraftBody): void {
    const text = JSON.stringify(body);
    if (text === this.typedText) return;
    this.typedText = text;
    this.body = body;
    if (this.state.kind === 'stale') return;
    if (this.onItsWay) this.enter({ kind: 'pending' });
    else this.settled();
  }

  /** Saves at once what is not kept yet, after the save that is on its way. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    await this.onItsWay;
    clearTimeout(this.timer);
    if (!this.unsaved || this.state.kind === 'stale') return;
    // The version of this save is what the next one must name: one at a time.
    this.onItsWay ??= this.save().finally(() => (this.onItsWay = null));
    await this.onItsWay;
  }

  private async save(): Promise<void> {
    const text = this.typedText;
    this.enter({ kind: 'saving' });
    try {
      this.version = await this.port.save(this.key, this.body, this.version);
      this.savedText = text;
      this.savedAt = this.port.now();
      this.settled();
    } catch (error) {
      if (this.typedText === null) return this.enter({ kind: 'clean' });
      if (error instanceof Problem && error.status === 412) return this.enter({ kind: 'stale' });
      this.enter({ kind: 'failed' });
      this.saveAfter(RETRY_MS);
    }
  }

  /** Of two drafts takes the one from elsewhere; gives it, to be shown. */
  async takeTheirs(): Promise<Draft> {
    const draft = await this.port.load(this.key);
    this.version = draft.version;
    this.typedText = null;
    this.savedText = null;
    this.enter({ kind: 'clean' });
    return draft;
  }

  /** Of two drafts keeps the one on screen. */
  async keepMine(): Promise<void> {
    try {
      this.version = (await this.port.load(this.key)).version;
    } catch (error) {
      if (!(error instanceof Problem && error.status === 404)) throw error;
      // The other one is gone: then this is the first.
      this.version = undefined;
    }
    this.enter({ kind: 'pending' });
    await this.flush();
  }

  /** Nothing is kept from now on: the form was sent. */
  stop(): void {
    clearTimeout(this.timer);
    this.typedText = null;
    this.enter({ kind: 'clean' });
  }

  /** Takes the draft away. */
  async discard(): Promise<void> {
    this.stop();
    // What arrives after it would bring it back.
    await this.onItsWay;
    try {
      await this.port.remove(this.key);
    } catch (error) {
      if (!(error instanceof Problem && error.status === 404)) throw error;
    }
    this.version = undefined;
    this.savedText = null;
  }

  /** What follows from what is typed and what is kept, while nothing is on its way. */
  private settled(): void {
    clearTimeout(this.timer);
    if (this.typedText === null) return this.enter({ kind: 'clean' });
    this.enter(this.unsaved ? { kind: 'pending' } : { kind: 'saved', at: this.savedAt ?? this.port.now() });
    if (this.unsaved) this.saveAfter(PAUSE_MS);
  }

  private saveAfter(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), milliseconds);
  }

  private enter(state: DraftState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

const server: DraftPort = {
  save: saveDraft,
  load: (key) => read<Draft>(`/drafts/${encodeURIComponent(key)}`),
  remove: deleteDraft,
  now: () => new Date(),
};
