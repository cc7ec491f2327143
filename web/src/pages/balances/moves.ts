import type { BalanceEntry } from '../../api/balance-types.ts';

/** What an entry did to its balance. */
export type Move = 'reserved' | 'released' | 'posted' | 'spent' | 'masked';

/** Which of them it was, and by how much; an amount that is withheld tells neither. */
export function moveOf({ posted, reserved }: BalanceEntry): { move: Move; amount: string } {
  if (!isFigure(posted) || !isFigure(reserved)) return { move: 'masked', amount: posted };
  if (!isZero(posted)) return { move: posted.startsWith('-') ? 'spent' : 'posted', amount: bare(posted) };
  return { move: reserved.startsWith('-') ? 'released' : 'reserved', amount: bare(reserved) };
}

/** Whether a booking used up what the request had held before. */
export function wasHeld(entry: BalanceEntry): boolean {
  return moveOf(entry).move === 'spent' && entry.reserved.startsWith('-') && !isZero(entry.reserved);
}

const isFigure = (value: string) => /^-?\d+(\.\d+)?$/.test(value);
const isZero = (value: string) => !/[1-9]/.test(value);
const bare = (value: string) => value.replace(/^-/, '');
