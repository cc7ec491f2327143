import type { Account, Balance, BalanceEntry } from '../src/api/balance-types.ts';
import type { Call } from './api.ts';
import { ok, paged, problem } from './answers.ts';
import { t, type LoggedIn } from './model.ts';
import type { World } from './world.ts';

const ACCOUNTS: Account[] = [
  { account: 'expense-budget', title: t('办事处费用预算', 'Expense budgets of offices'), key_title: t('预算行', 'Budget line'), floor: '0.00' },
  { account: 'fines', title: t('罚款记录', 'Fines on record'), key_title: t('人员', 'Person') },
];

const MASK = '＊＊＊';

const KEPT: Balance[] = [
  { account: 'expense-budget', key: 'sales/2026-11', label: '业务部 · 2026-11', posted: '1234567.00', reserved: '80000.00', free: '1154567.00', masked: false },
  { account: 'expense-budget', key: 'north/2026-12', posted: '50000.00', reserved: '0.00', free: '50000.00', masked: false },
  { account: 'fines', key: 'zhou', label: '周敏', posted: MASK, reserved: MASK, free: MASK, masked: true },
];

/** Balances of the stand-in: the made-up drug maker has three, which its finance people may read. */
export function balances(world: World, { parts: [, account, what], query }: Call, me: LoggedIn): Response | null {
  const seen = me.company.id === 'pharma' && me.person.roles.some((role) => role !== 'salesperson') ? KEPT : [];
  if (!account) {
    const [within, named] = [query.get('account'), query.get('q')?.toLowerCase() ?? ''];
    const items = seen.filter((one) => (!within || one.account === within) && one.key.includes(named));
    const first = !within && named === '' && !query.get('after');
    return ok({ ...paged(items, query), accounts: first && seen.length > 0 ? ACCOUNTS : [] });
  }
  const balance = seen.find((one) => one.account === account && one.key === query.get('key'));
  const known = ACCOUNTS.find((one) => one.account === account);
  if (what !== 'entries' || !balance || !known) return problem(404, 'not_found', '没有找到');
  return ok({ account: known, balance, entries: { items: balance.masked ? [] : entries(world), next: null } });
}

/** A budget that was allotted, and a request that holds some of it; whose it is is not for everybody. */
function entries(world: World): BalanceEntry[] {
  const at = (day: string) => `2026-11-${day}T02:00:00Z`;
  const known = world.instances.find((instance) => instance.company === 'pharma');
  const held = { number: 2, at: at('09'), posted: '0.00', reserved: '80000.00', free: '1154567.00' };
  const allotted = { number: 1, at: at('02'), posted: '1234567.00', reserved: '0.00', free: '1234567.00' };
  const initiator = { id: 'zhou', name: '周敏' };
  const request = known && { id: known.id, number: known.number, title: t('费用使用计划', 'Expense-use plan'), initiator };
  return [request ? { ...held, request, by: { id: 'li', name: '李建国' } } : held, allotted];
}
