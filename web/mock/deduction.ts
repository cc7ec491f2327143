import type { Explanation, PolicyOutput, PolicyResult } from '../src/api/types.ts';
import { grouped } from '../src/words/grouped.ts';
import { t, type Instance } from './model.ts';

const SOURCE = `// 第 142 条：因经办人失职造成的坏账，从当月提成中扣减一部分。
let share = if cause == "handler_irresponsible" { rate } else { 0 };
let wanted = yuan(bad_debt * share, "deducted");

// 扣减不超过当月提成，余额结转下月。
let deducted = cap(wanted, commission);
let carried = wanted - deducted;

#{
    deducted: deducted,
    commission_paid: commission - deducted,
    carried_forward: carried,
}
`;

const cents = (text: unknown) => Math.round(Number(text ?? '0') * 100);
const yuan = (value: number) => grouped((value / 100).toFixed(2), '');

/** What careless handling of a bad debt costs the salesperson this month. */
export function explainDeduction(instance: Instance): { result: PolicyResult; explanation: Explanation } {
  const finding = instance.results.find((result) => result.kind === 'form');
  const data = finding?.form.data ?? {};
  const careless = data['cause'] === 'handler_irresponsible';
  const debt = cents(instance.form['amount']);
  const commission = cents(data['commission']);
  const wanted = careless ? Math.round(debt * 0.3) : 0;
  const deducted = Math.min(wanted, commission);
  const output: PolicyOutput[] = [
    { name: 'deducted', title: t('本月扣减', 'Deducted this month'), value: yuan(deducted), kind: 'money', masked: false },
    { name: 'commission_paid', title: t('实发提成', 'Commission paid'), value: yuan(commission - deducted), kind: 'money', masked: false },
    { name: 'carried_forward', title: t('结转下月', 'Carried forward'), value: yuan(wanted - deducted), kind: 'money', masked: false },
  ];
  const sentences = [
    t(
      careless ? `原因认定为经办人失职，扣减坏账金额的 30%，即 ${yuan(wanted)} 元。` : '原因不在经办人，不扣减提成。',
      careless
        ? `The handler was careless: 30% of the bad debt, ${yuan(wanted)}, is deducted.`
        : 'The handler is not to blame; nothing is deducted.',
    ),
    t(
      `当月提成 ${yuan(commission)} 元，实际扣减 ${yuan(deducted)} 元。`,
      `Commission this month is ${yuan(commission)}; ${yuan(deducted)} is deducted from it.`,
    ),
  ];
  const shared = { policy: 'credit.bad_debt_deduction', state: 'accepted' as const, output, sentences };
  return {
    result: {
      ...shared,
      kind: 'policy',
      name: 'deduction',
      title: t('坏账提成扣减', 'Deduction for the bad debt'),
      visit: instance.visits.length,
      assumed: [
        {
          param: 'bad-debt-rate',
          clause: 'D1 142',
          note: t('原文未写比例，暂按 30% 计算', 'The rules leave the rate blank; 30% is assumed'),
        },
      ],
      at: '',
    },
    explanation: {
      ...shared,
      title: t('坏账提成扣减', 'Deduction for the bad debt'),
      on: '2026-11-16',
      release: '7f3a9c21d0',
      script: {
        path: 'policies/credit/bad_debt_deduction.rhai',
        source: SOURCE,
      },
      tree: {
        kind: 'policy',
        label: t('坏账提成扣减', 'Deduction for the bad debt'),
        clause: 'D1 142',
        children: [
          {
            kind: 'output',
            label: t('本月扣减', 'Deducted this month'),
            value: yuan(deducted),
            line: 6,
            children: [
              {
                kind: 'helper',
                label: t('不超过当月提成', 'Capped at the commission'),
                value: yuan(deducted),
                line: 6,
                children: [
                  {
                    kind: 'rounding',
                    label: t('四舍五入到分', 'Rounded to the cent, half up'),
                    value: yuan(wanted),
                    line: 3,
                    children: [
                      { kind: 'input', label: t('坏账金额', 'Bad debt'), value: yuan(debt), source: 'form.amount', children: [] },
                      {
                        kind: 'param',
                        label: t('扣减比例', 'Rate'),
                        value: '0.30',
                        line: 2,
                        clause: 'D1 142',
                        param: { name: 'bad-debt-rate', from: '2026-01-01', status: 'assumed' },
                        children: [],
                      },
                      {
                        kind: 'input',
                        label: t('原因认定', 'Cause found'),
                        value: careless ? '经办人失职' : '其他',
                        source: 'finding.data.cause',
                        line: 2,
                        children: [],
                      },
                    ],
                  },
                  {
                    kind: 'input',
                    label: t('当月提成', 'Commission this month'),
                    value: yuan(commission),
                    source: 'finding.data.commission',
                    line: 6,
                    children: [],
                  },
                ],
              },
            ],
          },
          { kind: 'output', label: t('实发提成', 'Commission paid'), value: yuan(commission - deducted), line: 11, children: [] },
          {
            kind: 'output',
            label: t('结转下月', 'Carried forward'),
            value: yuan(wanted - deducted),
            line: 12,
            children: [
              { kind: 'note', label: t('未超过提成，无需结转', 'Within the commission; nothing is carried'), line: 7, children: [] },
            ],
          },
        ],
      },
    },
  };
}
