import { expect, it } from 'vitest';
import { moveOf, wasHeld } from './moves.ts';

const entry = (posted: string, reserved: string) => ({ number: 1, at: '2026-11-02T02:00:00Z', posted, reserved, free: '0.00' });

it('tells what an entry did, by how much, and whether it had been held', () => {
  for (const [posted, reserved, move, amount, held] of [
    ['0.00', '80000.00', 'reserved', '80000.00', false],
    ['0.00', '-80000.00', 'released', '80000.00', false],
    ['1234567.00', '0.00', 'posted', '1234567.00', false],
    ['-80000.00', '-80000.00', 'spent', '80000.00', true],
    ['-0.01', '0.00', 'spent', '0.01', false],
    ['＊＊＊', '＊＊＊', 'masked', '＊＊＊', false],
  ] as const) {
    expect(moveOf(entry(posted, reserved))).toEqual({ move, amount });
    expect(wasHeld(entry(posted, reserved))).toBe(held);
  }
});
