import type { JsonObject } from '../src/api/types.ts';
import type { StoredRecord } from './about.ts';
import { t, type Flow } from './model.ts';

const appealForm: JsonObject = {
  type: 'object',
  title: '评分申诉',
  'x-en': { title: 'Appeal against a score' },
  'x-order': ['month', 'score', 'disputed', 'why'],
  required: ['month', 'score', 'disputed', 'why'],
  properties: {
    month: { type: 'string', format: 'period', 'x-period': 'month', title: '评分月份', 'x-en': { title: 'Month' } },
    score: { type: 'string', format: 'decimal', 'x-digits': 2, title: '原评分', 'x-en': { title: 'Score' } },
    disputed: {
      type: 'string',
      title: '对什么有异议',
      'x-en': { title: 'What is disputed' },
      enum: ['facts', 'standard', 'arithmetic'],
      'x-labels': {
        facts: { zh: '事实', en: 'The facts' },
        standard: { zh: '标准', en: 'The standard' },
        arithmetic: { zh: '计算', en: 'The sum' },
      },
    },
    why: { type: 'string', format: 'textarea', title: '理由', 'x-en': { title: 'Reasons' }, maxLength: 2000 },
  },
};

const changeForm: JsonObject = {
  type: 'object',
  title: '计划变更',
  'x-en': { title: 'Change of a plan' },
  'x-order': ['month', 'focus', 'change'],
  required: ['change'],
  properties: {
    month: { type: 'string', format: 'period', 'x-period': 'month', title: '计划月份', 'x-en': { title: 'Month of the plan' } },
    focus: { type: 'string', title: '原定重点', 'x-en': { title: 'Focus as planned' } },
    change: { type: 'string', format: 'textarea', title: '要改什么，为什么', 'x-en': { title: 'What changes, and why' } },
  },
};

const score = (id: string, month: string, value: string, more: Pick<StoredRecord, 'person' | 'hours_ago' | 'hours_left'>): StoredRecord => ({
  fact: 'month-score',
  id,
  title: t('月度评分', 'Monthly score'),
  fields: [
    { title: t('月份', 'Month'), value: month, kind: 'plain' },
    { title: t('得分', 'Score'), value, kind: 'plain' },
  ],
  form: { month, score: value },
  ...more,
});

const published = (id: string, month: string, focus: string, person: string): StoredRecord => ({
  fact: 'plan',
  id,
  title: t('已公布的计划', 'Published plan'),
  fields: [
    { title: t('月份', 'Month'), value: month, kind: 'plain' },
    { title: t('本月重点', 'Focus'), value: focus, kind: 'plain' },
  ],
  form: { month, focus },
  person,
  hours_ago: 200,
});

/** What people of the hospital firm start about a record: one flow that needs one, and one that can do without. */
export const aboutRecords: Flow[] = [
  {
    flow: 'score-appeal',
    title: t('评分申诉', 'Appeal against a score'),
    description: t('评分公布后五个工作日内，可以提出异议', 'Within five workdays of a score, it can be disputed'),
    schema: appealForm,
    start_by: ['staff', 'manager'],
    start_title: t('填写申诉', 'Write the appeal'),
    number: (n) => `SS-2026-${String(n).padStart(3, '0')}`,
    copies: ['人事科'],
    highlights: (form) => [{ title: t('评分月份', 'Month'), value: String(form['month'] ?? ''), kind: 'plain' }],
    steps: [
      { step: 'director', title: t('院长裁定', 'Director rules'), kind: 'approve', by: 'general-manager', due_hours: 40 },
      { step: 'archive', title: t('归档', 'Archive'), kind: 'archive' },
    ],
    about: {
      required: true,
      records: [
        score('s-gao-11', '2026-11', '71.50', { person: 'gao', hours_ago: 20, hours_left: 110.2 }),
        score('s-gao-10', '2026-10', '68.00', { person: 'gao', hours_ago: 60, hours_left: 50.2 }),
        score('s-gao-9', '2026-09', '59.00', { person: 'gao', hours_ago: 115, hours_left: 5.2 }),
        score('s-gao-8', '2026-08', '88.00', { person: 'gao', hours_ago: 800 }),
        score('s-gao-7', '2026-07', '64.00', { person: 'gao', hours_ago: 900, hours_left: -700 }),
      ],
    },
  },
  {
    flow: 'plan-change',
    title: t('计划变更', 'Change of a plan'),
    description: t('已公布的计划要改，或者临时增加工作', 'Change a published plan, or add to the work'),
    schema: changeForm,
    start_by: ['staff', 'manager'],
    start_title: t('提出变更', 'Propose the change'),
    number: (n) => `BG-2026-${String(n).padStart(3, '0')}`,
    copies: ['人事科'],
    highlights: (form) => [{ title: t('本月重点', 'Focus'), value: String(form['focus'] ?? ''), kind: 'plain' }],
    steps: [
      { step: 'manager', title: t('科室主任审核', 'Head of department reviews'), kind: 'approve', by: 'manager', due_hours: 24 },
      { step: 'archive', title: t('归档', 'Archive'), kind: 'archive' },
    ],
    about: {
      required: false,
      records: [
        published('p-gao-12', '2026-12', '冬季流感高峰分诊', 'gao'),
        published('p-gao-11', '2026-11', '门诊秩序与患者引导', 'gao'),
      ],
    },
  },
];
