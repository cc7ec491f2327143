import type { JsonObject } from '../src/api/types.ts';
import { grouped } from '../src/words/grouped.ts';
import { t, type Flow } from './model.ts';

const form: JsonObject = {
  type: 'object',
  title: '授信申请',
  'x-en': { title: 'Credit line' },
  'x-order': ['customer_name', 'limit', 'grounds'],
  required: ['customer_name', 'limit', 'grounds'],
  properties: {
    customer_name: { type: 'string', title: '客户名称', 'x-en': { title: 'Customer name' }, maxLength: 60 },
    limit: { type: 'string', format: 'money', title: '申请额度', 'x-en': { title: 'Limit' }, 'x-min': '0.01' },
    grounds: { type: 'string', format: 'textarea', title: '申请理由', 'x-en': { title: 'Grounds' }, maxLength: 2000 },
  },
};

/** A committee decides how much a customer may owe. */
export const creditLine: Flow = {
  flow: 'credit-line',
  title: t('授信申请', 'Credit line'),
  description: t('客户需要赊销额度时，由信用评审委员会表决', 'The credit committee votes on what a customer may owe'),
  schema: form,
  start_by: ['salesperson'],
  start_title: t('提出申请', 'Request'),
  number: (n) => `SX-202611-${String(n).padStart(4, '0')}`,
  copies: ['财务部'],
  highlights: (data) => [
    { title: t('申请额度', 'Limit'), value: grouped(String(data['limit'] ?? '0.00'), ''), kind: 'money' },
    { title: t('客户名称', 'Customer'), value: String(data['customer_name'] ?? ''), kind: 'plain' },
  ],
  steps: [
    {
      step: 'committee',
      title: t('信用评审委员会表决', 'Credit committee'),
      kind: 'vote',
      by: 'credit-committee',
      decide: 'all',
      due_hours: 48,
      vote: { minutes: true, chair: 'general-manager', into: 'ruling' },
    },
    { step: 'archive', title: t('归档', 'Archive'), kind: 'archive' },
  ],
};

export const wish = (customer: string, limit: string): JsonObject => ({
  customer_name: customer,
  limit,
  grounds: '合作三年，回款正常，旺季备货需要临时提高额度。',
});
