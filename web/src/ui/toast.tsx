import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import { useSyncExternalStore } from 'react';

interface Toast {
  id: number;
  kind: 'good' | 'bad';
  text: string;
}

/** What went wrong takes longer to read. */
const SHOWN_MS = { good: 3_200, bad: 6_500 };
const MOST = 2;

let toasts: Toast[] = [];
let next = 0;
const listeners = new Set<() => void>();

/** Says for a moment what has just happened. */
export const toast = {
  good: (text: string) => add('good', text),
  bad: (text: string) => add('bad', text),
};

/** The place where short messages appear. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" aria-live="polite">
      {shown.map((one) => (
        <div key={one.id} className={`toast ${one.kind}`}>
          {one.kind === 'good' ? <CheckCircleFilled /> : <CloseCircleFilled />}
          {one.text}
        </div>
      ))}
    </div>
  );
}

function add(kind: Toast['kind'], text: string): void {
  const id = next;
  next += 1;
  put([...toasts, { id, kind, text }].slice(-MOST));
  setTimeout(() => put(toasts.filter((other) => other.id !== id)), SHOWN_MS[kind]);
}

function put(list: Toast[]): void {
  toasts = list;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
