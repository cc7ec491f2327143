import type { PeriodKind } from '../api/types.ts';

const DAY_MS = 86_400_000;
const AROUND: Record<PeriodKind, { before: number; after: number }> = {
  week: { before: 8, after: 8 },
  month: { before: 12, after: 6 },
  quarter: { before: 6, after: 3 },
  year: { before: 4, after: 2 },
};

/** The periods near a day, the next ones first. */
export function periodsAround(kind: PeriodKind, today: string): string[] {
  const { before, after } = AROUND[kind];
  const steps = Array.from({ length: before + after + 1 }, (_, index) => after - index);
  return steps.map((step) => periodAt(kind, today, step));
}

function periodAt(kind: PeriodKind, today: string, step: number): string {
  const [year = 0, month = 1] = today.split('-').map(Number);
  if (kind === 'year') return String(year + step);
  if (kind === 'week') return weekOf(new Date(Date.parse(`${today}T00:00:00Z`) + step * 7 * DAY_MS));
  const months = year * 12 + (month - 1) + step * (kind === 'quarter' ? 3 : 1);
  const at = { year: Math.floor(months / 12), month: months % 12 };
  return kind === 'month'
    ? `${at.year}-${String(at.month + 1).padStart(2, '0')}`
    : `${at.year}-Q${Math.floor(at.month / 3) + 1}`;
}

/** The ISO week of a day: the one its Thursday lies in. */
function weekOf(day: Date): string {
  const thursday = new Date(day.getTime() + (4 - (day.getUTCDay() || 7)) * DAY_MS);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - first) / DAY_MS / 7) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
}
