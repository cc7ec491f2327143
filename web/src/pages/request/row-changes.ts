/** One row of a form that changed: what it had and what it has, without what stayed. */
export interface RowChange {
  /** From 1. */
  row: number;
  before: string[];
  after: string[];
}

const ROWS = /[；]|; /;
const MEMBERS = /[，]|, /;

/** What differs between two texts of the same rows, in which the server names every column. */
export function rowChanges(before: string, after: string): RowChange[] {
  const [old, now] = [split(before, ROWS), split(after, ROWS)];
  return Array.from({ length: Math.max(old.length, now.length) }, (_, index) => {
    const [was, is] = [split(old[index] ?? '', MEMBERS), split(now[index] ?? '', MEMBERS)];
    return {
      row: index + 1,
      before: was.filter((part) => !is.includes(part)),
      after: is.filter((part) => !was.includes(part)),
    };
  }).filter((change) => change.before.length + change.after.length > 0);
}

function split(text: string, at: RegExp): string[] {
  return text.split(at).filter((part) => part !== '');
}
