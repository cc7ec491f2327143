import type { Explanation, PolicyOutput, PolicyResult } from '../src/api/types.ts';
import { grouped } from '../src/words/grouped.ts';
import { t, type Instance } from './model.ts';

const SOURCE = `// 绩效奖金 = 基数 × 系数，系数按得分查表。
let factor = grade(score, grades);
let bonus = yuan(base * factor, "bonus");
#{ factor: factor, bonus: bonus }
`;

/** The bonus of a month by its score; the amount is hidden from whoever may not see pay. */
export function explainMonthPay(instance: Instance): { result: PolicyResult; explanation: Explanation } {
  const filled = instance.results.find((result) => result.kind === 'form');
  const score = String(filled?.form.data['score'] ?? '0');
  const factor = Number(score) >= 100 ? '1.2' : Number(score) >= 80 ? '1.0' : '0.6';
  const output: PolicyOutput[] = [
    { name: 'factor', title: t('绩效系数', 'Factor'), value: factor, kind: 'plain', masked: false },
    { name: 'bonus', title: t('绩效奖金', 'Bonus'), value: grouped((Number(factor) * 1500).toFixed(2), ''), kind: 'money', masked: false },
  ];
  const sentences = [t(`得分 ${score}，系数 ${factor}。`, `Score ${score}, factor ${factor}.`)];
  const shared = { policy: 'workplan.month_pay', state: 'accepted' as const, output, sentences };
  return {
    result: {
      ...shared,
      kind: 'policy',
      name: 'pay',
      title: t('月度绩效奖金', 'Monthly bonus'),
      visit: instance.visits.length,
      assumed: [],
      at: '',
    },
    explanation: {
      ...shared,
      title: t('月度绩效奖金', 'Monthly bonus'),
      on: '2026-10-31',
      release: '2be1f09a77',
      script: { path: 'policies/workplan/month_pay.rhai', source: SOURCE },
      tree: {
        kind: 'policy',
        label: t('月度绩效奖金', 'Monthly bonus'),
        children: [
          {
            kind: 'output',
            label: t('绩效奖金', 'Bonus'),
            value: output[1]?.value ?? '',
            line: 3,
            children: [
              {
                kind: 'param',
                label: t('奖金基数', 'Base'),
                value: '1500.00',
                param: { name: 'month-bonus-base', from: '2026-01-01' },
                clause: '绩效办法 12',
                line: 3,
                children: [],
              },
              {
                kind: 'row',
                label: t('得分档位', 'Band of the score'),
                value: factor,
                param: { name: 'score-grades', from: '2026-07-01' },
                clause: '绩效办法 附表 2',
                line: 2,
                children: [{ kind: 'input', label: t('主管评分', 'Score'), value: score, source: 'score.data.score', children: [] }],
              },
            ],
          },
        ],
      },
    },
  };
}
