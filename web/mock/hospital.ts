import type { JsonObject } from '../src/api/types.ts';
import { aboutRecords } from './appeals.ts';
import { explainMonthPay } from './month-pay.ts';
import { t, type Company } from './model.ts';

const planForm: JsonObject = {
  type: 'object',
  title: '月度工作计划',
  'x-en': { title: 'Monthly work plan' },
  'x-order': ['month', 'focus', 'items', 'points_sum', 'support'],
  required: ['items'],
  properties: {
    month: { type: 'string', format: 'period', 'x-period': 'month', title: '计划月份', 'x-en': { title: 'Month of the plan' } },
    focus: {
      type: 'string',
      title: '本月重点',
      'x-en': { title: 'Focus of the month' },
      'x-placeholder': { zh: '一句话说清最重要的事', en: 'The most important thing in one sentence' },
    },
    items: {
      type: 'array',
      title: '工作事项',
      'x-en': { title: 'Work items', description: 'Points must add up to 100' },
      description: '分值合计须为 100 分',
      minItems: 1,
      maxItems: 30,
      'x-columns': ['what', 'kind', 'due', 'points'],
      items: {
        type: 'object',
        required: ['what', 'points'],
        'x-order': ['what', 'kind', 'due', 'points'],
        properties: {
          what: { type: 'string', title: '事项', 'x-en': { title: 'Item' }, maxLength: 200 },
          kind: {
            type: 'string',
            title: '类别',
            'x-en': { title: 'Kind' },
            enum: ['daily', 'key', 'temporary'],
            'x-labels': { daily: { zh: '日常', en: 'Daily' }, key: { zh: '重点', en: 'Key' }, temporary: { zh: '临时', en: 'Temporary' } },
          },
          due: { type: 'string', format: 'date', title: '完成日期', 'x-en': { title: 'Due' } },
          points: {
            type: 'string',
            format: 'decimal',
            'x-digits': 1,
            title: '分值',
            'x-en': { title: 'Points' },
            'x-min': '0.5',
            'x-max': '100',
          },
        },
      },
    },
    points_sum: {
      type: 'string',
      format: 'decimal',
      'x-digits': 1,
      title: '分值合计',
      'x-en': { title: 'Sum of points' },
      'x-computed': 'sum(items.points)',
      'x-unit': { zh: '分', en: 'points' },
      'x-min': '100',
      'x-max': '100',
      'x-messages': {
        'x-min': { zh: '分值合计须为 100 分', en: 'The points must add up to 100' },
        'x-max': { zh: '分值合计须为 100 分', en: 'The points must add up to 100' },
      },
    },
    support: { type: 'string', format: 'textarea', title: '需要的支持', 'x-en': { title: 'Support needed' } },
  },
};

const scoreForm: JsonObject = {
  type: 'object',
  title: '结果与评分',
  'x-en': { title: 'Results and score' },
  'x-order': ['self_score', 'score', 'remark'],
  required: ['score'],
  properties: {
    self_score: { type: 'string', format: 'decimal', title: '自评分', 'x-en': { title: 'Own score' }, 'x-min': '0', 'x-max': '120' },
    score: { type: 'string', format: 'decimal', title: '主管评分', 'x-en': { title: 'Score' }, 'x-min': '0', 'x-max': '120' },
    remark: { type: 'string', format: 'textarea', title: '评语', 'x-en': { title: 'Remark' } },
  },
};

const plan = (month: string, focus: string): JsonObject => ({
  month,
  focus,
  points_sum: '100',
  items: [
    { what: '门诊分诊与患者引导', kind: 'daily', due: '2026-11-30', points: '40' },
    { what: '推进预约挂号改版上线', kind: 'key', due: '2026-11-20', points: '35' },
    { what: '新员工带教两名', kind: 'key', due: '2026-11-28', points: '15' },
    { what: '协助年底盘点', kind: 'temporary', due: '2026-11-29', points: '10' },
  ],
  support: '改版上线当日需要信息科一人驻场。',
});

const person = (id: string, name: string, department: string, post: string, roles: string[]) => ({
  id,
  name,
  department,
  post,
  roles,
  login: id,
  email: `${id}@example.com`,
  can: [],
  active: true,
});

export const hospital: Company = {
  id: 'hospital',
  name: t('安和医院管理有限公司', 'Anhe Hospital Management'),
  roles: {
    staff: t('员工', 'Staff'),
    manager: t('科室主任', 'Head of department'),
    'general-manager': t('院长', 'Director'),
    hr: t('人事', 'HR'),
    admin: t('系统管理员', 'Administrator'),
  },
  departments: [
    { id: 'outpatient', name: '门诊部' },
    { id: 'office', name: '院办' },
    { id: 'hr', name: '人事科' },
  ],
  people: [
    person('sun', '孙婷', '门诊部', '导诊', ['staff']),
    person('gao', '高翔', '门诊部', '导诊', ['staff']),
    person('he', '何晓东', '门诊部', '科室主任', ['manager']),
    person('qian', '钱立诚', '院办', '院长', ['general-manager']),
    { ...person('wu', '吴敏', '人事科', '人事主管', ['hr', 'admin']), can: ['deploy', 'people', 'incidents'] },
  ],
  flows: [
    {
      flow: 'month-plan',
      title: t('月度工作计划', 'Monthly work plan'),
      description: t('每月 25 日前提交下月计划，分值合计 100 分', 'Next month’s plan by the 25th; the points add up to 100'),
      schema: planForm,
      start_by: ['staff', 'manager', 'hr'],
      start_title: t('编写计划', 'Write the plan'),
      number: (n) => `JH-2026-${String(n).padStart(4, '0')}`,
      period: 'month',
      copies: ['人事科'],
      initial: { items: [] },
      highlights: (form) => [
        { title: t('分值合计', 'Points'), value: `${String(form['points_sum'] ?? '0')} 分`, kind: 'plain' },
        { title: t('本月重点', 'Focus'), value: String(form['focus'] ?? ''), kind: 'plain' },
      ],
      steps: [
        { step: 'manager', title: t('科室主任审核', 'Head of department reviews'), kind: 'approve', by: 'manager', due_hours: 24 },
        { step: 'general-manager', title: t('院长审批', 'Director approves'), kind: 'approve', by: 'general-manager', due_hours: 48 },
        {
          step: 'score',
          title: t('月末评分', 'Score at month end'),
          kind: 'fill',
          by: 'manager',
          due_hours: 240,
          own_form: { schema: scoreForm, into: 'score', title: t('结果与评分', 'Results and score') },
        },
        { step: 'pay', title: t('计算绩效奖金', 'Compute the bonus'), kind: 'policy', policy: explainMonthPay },
        { step: 'record', title: t('登记绩效', 'Record the score'), kind: 'record' },
        { step: 'archive', title: t('归档', 'Archive'), kind: 'archive' },
      ],
    },
    ...aboutRecords,
  ],
  seed({ at, start, act }) {
    at(600);
    const done = start('month-plan', 'sun', plan('2026-10', '国庆期间门诊秩序'), '2026-10');
    act(done, 'he', 'approve', {});
    at(580);
    act(done, 'qian', 'approve', { comment: '同意。' });
    at(90);
    act(done, 'he', 'fill', { data: { self_score: '98', score: '104.5', remark: '带教工作超出预期。' } });
    at(50);
    start('month-plan', 'sun', plan('2026-12', '预约挂号改版上线'), '2026-12');
    at(8);
    start('month-plan', 'gao', plan('2026-12', '冬季流感高峰分诊'), '2026-12');
  },
};
