import type { Explanation } from '../src/api/types.ts';
import { t } from './model.ts';

interface Made {
  release: string;
  on: string;
  value: string;
  rate: string;
}

/** How one release comes to a deduction. */
export function deductionExplanation({ release, on, value, rate }: Made): Explanation {
  return {
    policy: 'credit.bad_debt_deduction',
    title: t('坏账扣款', 'Bad-debt deduction'),
    on,
    release,
    state: 'accepted',
    output: [{ name: 'deducted', title: t('本次扣款', 'Deducted'), value, kind: 'money', masked: false }],
    sentences: [t(`本次扣款：${value} 元，依据扣款比例 ${rate}`, `Deducted: ${value}, by the rate ${rate}`)],
    tree: {
      kind: 'policy',
      label: t('credit.bad_debt_deduction', 'credit.bad_debt_deduction'),
      children: [
        {
          kind: 'output',
          label: t('本次扣款', 'Deducted'),
          value,
          children: [
            {
              kind: 'param',
              label: t('扣款比例', 'Rate'),
              value: rate,
              clause: 'D1 142',
              param: { name: 'bad-debt-rate', from: '2026-01-01' },
              children: [],
            },
          ],
        },
      ],
    },
    script: { path: 'policies/credit/bad_debt_deduction.rhai', source: 'fn main(bad_debt, rate) {\n    #{ deducted: yuan(bad_debt * rate) }\n}\n' },
  };
}
