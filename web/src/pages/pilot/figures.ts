import type { PilotDifference } from '../../api/pilot-types.ts';
import { grouped } from '../../words/grouped.ts';

interface Figures {
  /** An amount with thousands marks, and the sign of the currency where it is money. */
  amount(value: string, money: boolean): string;
  /** A difference, with a plus where it is more. */
  change(of: PilotDifference & { money?: boolean }): string;
  /** Which colour a difference has. */
  mood(of: PilotDifference): 'more' | 'less' | 'same';
}

const figures: Figures = {
  amount: (value, money) => (isFigure(value) ? grouped(value, money ? '¥' : '') : value),
  change: ({ difference, money = false }) =>
    isFigure(difference) ? `${sign(difference) > 0 ? '+' : ''}${grouped(difference, money ? '¥' : '')}` : difference,
  mood: ({ difference }) => (sign(difference) > 0 ? 'more' : sign(difference) < 0 ? 'less' : 'same'),
};

/** How amounts of a pilot are written; what is withheld stays as it is. */
export function useFigures(): Figures {
  return figures;
}

/** 1, 0 or -1, without turning an amount into a binary fraction. */
export function sign(value: string): number {
  if (!isFigure(value) || !/[1-9]/.test(value)) return 0;
  return value.startsWith('-') ? -1 : 1;
}

function isFigure(value: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(value);
}
