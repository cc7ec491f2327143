import type { QueryClient } from '@tanstack/react-query';
import { keys } from './keys.ts';

interface Hint {
  what: 'tasks' | 'instance' | 'session';
  id?: string;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const POLL_MS = 30_000;

/**
 * Listens to the server's hints and refetches what they name.
 *
 * While the stream is down it is tried again, each time after twice the wait, and what is on screen is polled instead.
 * Gives the function that stops it.
 */
export function listenForChanges(client: QueryClient, open = openStream): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;
  const poll = setInterval(() => {
    if (source?.readyState !== EventSource.OPEN) refetchAll(client);
  }, POLL_MS);

  const connect = () => {
    source = open();
    source.addEventListener('open', () => {
      // Hints sent while we were away are lost: look at everything once.
      if (wait > FIRST_WAIT_MS) refetchAll(client);
      wait = FIRST_WAIT_MS;
    });
    source.addEventListener('changed', (event: MessageEvent<string>) => follow(client, readHint(event.data)));
    source.addEventListener('error', () => {
      source?.close();
      clearTimeout(timer);
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
  };

  connect();
  return () => {
    clearInterval(poll);
    clearTimeout(timer);
    source?.close();
  };
}

/** Refetches what a hint names. */
export function follow(client: QueryClient, hint: Hint | null): void {
  if (hint?.what === 'tasks') void client.invalidateQueries({ queryKey: keys.tasks });
  if (hint?.what === 'session') void client.invalidateQueries({ queryKey: keys.session });
  if (hint?.what === 'instance') {
    if (hint.id) void client.invalidateQueries({ queryKey: keys.instance(hint.id) });
    void client.invalidateQueries({ queryKey: [...keys.instances, 'list'] });
  }
}

/** Reads a hint; what we do not know is ignored. */
export function readHint(text: string): Hint | null {
  try {
    const hint = JSON.parse(text) as Partial<Hint> | null;
    return hint?.what ? (hint as Hint) : null;
  } catch {
    return null;
  }
}

function refetchAll(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: keys.tasks });
  void client.invalidateQueries({ queryKey: keys.instances });
}

function openStream(): EventSource {
  return new EventSource('/api/v1/events');
}
