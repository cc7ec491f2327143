import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useRef } from 'react';
import { newIntent } from './fetch.ts';
import { Problem } from './problem.ts';

interface Intent {
  key: string;
  wish: string;
}

/**
 * Sends one wish of a person once.
 *
 * The idempotency key lives as long as the wish: an answer that was lost or a server that stumbled keeps it, so that
 * pressing again cannot do the thing twice. A clear answer, or other contents, makes the next press a new wish. While
 * one is under way, further calls are ignored, which makes a double click harmless.
 */
export function useWrite<Input, Output>(
  send: (input: Input, intent: string) => Promise<Output>,
  on: { success?: (output: Output, input: Input) => void; error?: (error: Error, input: Input) => void } = {},
): UseMutationResult<Output, Error, Input> & { once: (input: Input) => void } {
  const intent = useRef<Intent | null>(null);
  const underWay = useRef(false);
  const mutation = useMutation<Output, Error, Input>({
    mutationFn: (input) => {
      intent.current = intentFor(input, intent.current);
      return send(input, intent.current.key);
    },
    onSuccess: (output, input) => {
      intent.current = null;
      on.success?.(output, input);
    },
    onError: (error, input) => {
      if (isClearAnswer(error)) intent.current = null;
      on.error?.(error, input);
    },
    onSettled: () => {
      underWay.current = false;
    },
    retry: false,
  });
  const once = (input: Input) => {
    if (underWay.current) return;
    underWay.current = true;
    mutation.mutate(input);
  };
  return { ...mutation, once };
}

/** The key for this wish: the one before if it is the same wish again. */
export function intentFor(input: unknown, before: Intent | null): Intent {
  const wish = JSON.stringify(input) ?? '';
  return before?.wish === wish ? before : { key: newIntent(), wish };
}

/** Tells whether the server said no, so that nothing is left in doubt. */
export function isClearAnswer(error: unknown): boolean {
  return error instanceof Problem && error.status < 500;
}
