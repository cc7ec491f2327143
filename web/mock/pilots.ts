import type { NewPilot, Pilot, PilotExplained, PilotPayee, PilotTotal } from '../src/api/pilot-types.ts';
import type { Explanation } from '../src/api/types.ts';
import type { Call } from './api.ts';
import { ok, paged, problem } from './answers.ts';
import { deductionExplanation } from './pilot-explanation.ts';
import { t, type LoggedIn } from './model.ts';
import { releases } from './releases.ts';

const POLICY = 'credit.bad_debt_deduction';
const TITLE = t('坏账扣款', 'Bad-debt deduction');
const OLD = 0.3;
const NEW = 0.5;

/** What was run so far, newest first. */
const made = new Map<string, Pilot[]>();

/** Pilots of the stand-in: it knows one policy, and computes nothing but a share of the bad debt. */
export function pilots(now: Date, { parts: [, , id, what, payee], query, request, body }: Call, me: LoggedIn): Response | null {
  if (!me.person.can.includes('pilot')) return problem(403, 'forbidden', '你没有这项权限');
  const known = made.get(me.company.id) ?? [];
  if (request.method === 'POST') return run(now, body as unknown as NewPilot, me, known);
  if (id === undefined) return ok(paged(known, query));
  if (id === 'choices') return ok({ releases: releases(now), policies: [policy()] });
  const pilot = known.find((one) => one.id === id);
  if (!pilot) return problem(404, 'not_found', '没有找到');
  if (what === 'payees') return explained(pilot, payee ?? '');
  const named = (query.get('q') ?? '').toLowerCase();
  const items = pilot.payees.items.filter((one) => one.payee.toLowerCase().includes(named));
  return ok({ ...pilot, payees: { items, next: null } });
}

function policy() {
  const input = (name: string, zh: string, type: string, required: boolean, from?: string) => ({
    name,
    title: t(zh, name),
    type,
    required,
    ...(from ? { from } : {}),
  });
  return {
    name: POLICY,
    title: TITLE,
    inputs: [
      input('bad_debt', '坏账金额', 'money', true),
      input('commission', '当月提成', 'money', false, 'fact:commission'),
      input('rate', '扣款比例', 'rate', false, 'param:bad-debt-rate'),
    ],
  };
}

function run(now: Date, sent: NewPilot, me: LoggedIn, known: Pilot[]): Response {
  const [head = '', ...lines] = (sent.rows.csv ?? '').trim().split('\n');
  const columns = head.split(',').map((name) => name.trim());
  const [who, debt] = [columns.indexOf('payee'), columns.indexOf('bad_debt')];
  if (debt < 0) {
    const errors = [{ pointer: 'rows.csv:1:1', keyword: 'pilot.missing-input', message: '没有输入 `bad_debt`；加一列 `bad_debt`（money）' }];
    return problem(422, 'pilot_invalid', '数据有误，未试算', { errors });
  }
  const rows = lines.map((line, index) => {
    const cells = line.split(',');
    return { payee: cells[who]?.trim() || `#${index + 1}`, cents: Math.round(Number(cells[debt] ?? 0) * 100) };
  });
  const items = rows
    .map(({ payee, cents }): PilotPayee => {
      const person = me.company.people.find((one) => one.id === payee);
      const amounts = { deducted: difference(Math.round(cents * OLD), Math.round(cents * NEW)) };
      return { payee, ...(person ? { name: person.name } : {}), amounts, rows: 1, left_out: 0, assumed: false, notes: [] };
    })
    .sort((a, b) => Number(b.amounts['deducted']?.difference) - Number(a.amounts['deducted']?.difference));
  const none = { current: 0, candidate: 0 };
  const pilot: Pilot = {
    id: `pilot-${known.length + 1}`,
    policy: POLICY,
    title: TITLE,
    current: releases(now)[0]?.hash ?? '',
    candidate: sent.candidate.release,
    created_at: now.toISOString(),
    created_by: { id: me.person.id, name: me.person.name },
    masked: false,
    counts: { evaluations: rows.length, payees: items.length, refused_in_one: 0, refused: none, incomplete: none, faults: none, assumed: none, left_out: 0 },
    totals: [total(items)],
    as_of: sent.as_of ?? now.toISOString().slice(0, 10),
    payees: { items, next: null },
  };
  made.set(me.company.id, [pilot, ...known]);
  return ok(pilot, 201);
}

function difference(current: number, candidate: number) {
  const text = (cents: number) => (cents / 100).toFixed(2);
  return { current: text(current), candidate: text(candidate), difference: text(candidate - current) };
}

function total(payees: PilotPayee[]): PilotTotal {
  const cents = (key: 'current' | 'candidate') =>
    payees.reduce((sum, payee) => sum + Math.round(Number(payee.amounts['deducted']?.[key]) * 100), 0);
  const changes = payees.map((payee) => Number(payee.amounts['deducted']?.difference));
  const step = Math.max(1, Math.max(...changes, 0) / 5);
  const bin = (place: number) => ({
    from: (place === 0 ? 0 : (place - 1) * step).toFixed(2),
    to: (place * step).toFixed(2),
    count: changes.filter((change) => Math.ceil(change / step) === place).length,
  });
  return {
    name: 'deducted',
    title: t('本次扣款', 'Deducted'),
    money: true,
    ...difference(cents('current'), cents('candidate')),
    same: changes.filter((change) => change === 0).length,
    more: changes.filter((change) => change > 0).length,
    less: 0,
    spread: [0, 1, 2, 3, 4, 5].map(bin),
  };
}

function explained(pilot: Pilot, payee: string): Response {
  const found = pilot.payees.items.find((one) => one.payee === payee);
  const amount = found?.amounts['deducted'];
  if (!found || !amount) return problem(404, 'not_found', '没有找到');
  const side = (release: string, value: string, rate: string): Explanation => deductionExplanation({ release, on: pilot.as_of, value, rate });
  const row = {
    row: 1,
    line: 2,
    on: pilot.as_of,
    current: side(pilot.current, amount.current, '0.30'),
    candidate: side(pilot.candidate, amount.candidate, '0.50'),
  };
  const answer: PilotExplained = { ...found, totals: pilot.totals, explained: [row], more_rows: 0 };
  return ok(answer);
}
