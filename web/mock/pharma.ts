import type { JsonObject } from '../src/api/types.ts';
import { creditLine, wish } from './credit-line.ts';
import { explainDeduction } from './deduction.ts';
import { grouped } from '../src/words/grouped.ts';
import { t, type Company } from './model.ts';

const facts = '客户自 2025 年 9 月起停止回款，经三次上门催收，经营场所已搬空，法定代表人失联。';

/** The bad-debt request of a wholesaler of medicines. */
const badDebtForm: JsonObject = {
  type: 'object',
  title: '坏账申请书',
  'x-en': { title: 'Bad-debt request' },
  'x-order': [
    'customer_name',
    'customer_no',
    'person_in_charge',
    'phone',
    'address',
    'amount',
    'month',
    'salesperson',
    'guaranteed',
    'guarantee_note',
    'facts',
    'why_unrecoverable',
    'evidence',
    'opinion',
  ],
  required: ['customer_name', 'customer_no', 'amount', 'month', 'salesperson', 'facts', 'why_unrecoverable'],
  properties: {
    customer_name: { type: 'string', title: '客户名称', 'x-en': { title: 'Customer name' }, maxLength: 60 },
    customer_no: {
      type: 'string',
      title: '客户编号',
      'x-en': { title: 'Customer number' },
      pattern: '^K-[0-9]{4}$',
      'x-placeholder': 'K-0000',
      'x-messages': { pattern: { zh: '客户编号形如 K-0017', en: 'A customer number looks like K-0017' } },
    },
    person_in_charge: { type: 'string', title: '负责人', 'x-en': { title: 'Person in charge' } },
    phone: { type: 'string', title: '联系电话', 'x-en': { title: 'Phone' }, 'x-class': 'identity' },
    address: { type: 'string', title: '地址', 'x-en': { title: 'Address' } },
    amount: {
      type: 'string',
      format: 'money',
      title: '坏账金额',
      'x-en': { title: 'Amount' },
      'x-min': '0.01',
      'x-max': '5000000',
      'x-unit': { zh: '元', en: 'CNY' },
    },
    month: { type: 'string', format: 'period', 'x-period': 'month', title: '发生月份', 'x-en': { title: 'Month' } },
    salesperson: { type: 'string', format: 'person', title: '经办业务员', 'x-en': { title: 'Salesperson' } },
    guaranteed: { type: 'boolean', title: '有担保', 'x-en': { title: 'Guaranteed' } },
    facts: { type: 'string', format: 'textarea', title: '事实经过', 'x-en': { title: 'Facts' }, maxLength: 2000 },
    why_unrecoverable: {
      type: 'string',
      title: '无法收回的原因',
      'x-en': { title: 'Why it cannot be recovered' },
      enum: ['bankrupt', 'missing', 'judged', 'other'],
      'x-labels': {
        bankrupt: { zh: '客户破产', en: 'Customer bankrupt' },
        missing: { zh: '下落不明', en: 'Whereabouts unknown' },
        judged: { zh: '法院终结执行', en: 'Enforcement ended' },
        other: { zh: '其他', en: 'Other' },
      },
    },
    evidence: {
      type: 'array',
      title: '证明材料',
      'x-en': { title: 'Evidence', description: 'Visits, letters, rulings; at most 5 files' },
      description: '拜访记录、催收函、判决书等，最多 5 个文件',
      maxItems: 5,
      items: { type: 'string', format: 'file' },
    },
    opinion: { type: 'string', format: 'textarea', title: '核准意见', 'x-en': { title: 'Opinion of the sales head' } },
  },
  allOf: [
    {
      if: { properties: { guaranteed: { const: true } }, required: ['guaranteed'] },
      then: {
        required: ['guarantee_note'],
        properties: {
          guarantee_note: {
            type: 'string',
            title: '担保说明',
            'x-en': { title: 'About the guarantee' },
            'x-placeholder': { zh: '担保人、担保方式、追偿情况', en: 'Guarantor, kind, recourse taken' },
          },
        },
      },
    },
  ],
};

const writeOffForm: JsonObject = {
  type: 'object',
  title: '账务处理',
  'x-en': { title: 'Booking' },
  'x-order': ['cause', 'careless', 'commission', 'voucher', 'booked_on', 'note'],
  required: ['cause', 'commission', 'voucher', 'booked_on'],
  properties: {
    cause: {
      type: 'string',
      title: '原因认定',
      'x-en': { title: 'Cause found' },
      enum: ['handler_irresponsible', 'customer_bankrupt', 'unknown'],
      'x-labels': {
        handler_irresponsible: { zh: '经办人失职', en: 'Handler careless' },
        customer_bankrupt: { zh: '客户破产', en: 'Customer bankrupt' },
        unknown: { zh: '不明', en: 'Unknown' },
      },
    },
    commission: {
      type: 'string',
      format: 'money',
      title: '本月提成',
      'x-en': { title: 'Commission this month' },
      'x-min': '0',
      'x-unit': { zh: '元', en: 'CNY' },
    },
    voucher: { type: 'string', title: '凭证号', 'x-en': { title: 'Voucher' }, maxLength: 20 },
    booked_on: { type: 'string', format: 'date', title: '入账日期', 'x-en': { title: 'Booked on' } },
    note: { type: 'string', format: 'textarea', title: '备注', 'x-en': { title: 'Note' } },
  },
};

const expenseForm: JsonObject = {
  type: 'object',
  title: '差旅报销单',
  'x-en': { title: 'Travel expenses' },
  'x-order': ['purpose', 'department', 'from', 'items', 'total', 'invoices'],
  required: ['purpose', 'from', 'items'],
  properties: {
    purpose: { type: 'string', title: '出差事由', 'x-en': { title: 'Purpose' } },
    department: { type: 'string', format: 'department', title: '费用归属部门', 'x-en': { title: 'Charged to' } },
    from: { type: 'string', format: 'date', title: '出发日期', 'x-en': { title: 'Departure' } },
    items: {
      type: 'array',
      title: '费用明细',
      'x-en': { title: 'Expenses' },
      minItems: 1,
      maxItems: 50,
      'x-columns': ['kind', 'note', 'amount'],
      items: {
        type: 'object',
        required: ['kind', 'amount'],
        'x-order': ['kind', 'note', 'amount'],
        properties: {
          kind: {
            type: 'string',
            title: '类别',
            'x-en': { title: 'Kind' },
            enum: ['train', 'hotel', 'meal', 'taxi', 'other'],
            'x-labels': {
              train: { zh: '车票', en: 'Train' },
              hotel: { zh: '住宿', en: 'Hotel' },
              meal: { zh: '餐费', en: 'Meals' },
              taxi: { zh: '市内交通', en: 'Taxi' },
              other: { zh: '其他', en: 'Other' },
            },
          },
          note: { type: 'string', title: '说明', 'x-en': { title: 'Note' } },
          amount: {
            type: 'string',
            format: 'money',
            title: '金额',
            'x-en': { title: 'Amount' },
            'x-min': '0.01',
            'x-unit': { zh: '元', en: 'CNY' },
          },
        },
      },
    },
    total: {
      type: 'string',
      format: 'money',
      title: '合计',
      'x-en': { title: 'Total' },
      'x-computed': 'sum(items.amount)',
      'x-unit': { zh: '元', en: 'CNY' },
    },
    invoices: { type: 'array', title: '发票', 'x-en': { title: 'Invoices' }, items: { type: 'string', format: 'file' } },
  },
};

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

const badDebt = (customer: string, no: string, amount: string, salesperson: string): JsonObject => ({
  customer_name: customer,
  customer_no: no,
  person_in_charge: '孙立群',
  phone: '138 0000 1234',
  address: '滨江市解放路 18 号',
  amount,
  month: '2026-11',
  salesperson,
  guaranteed: false,
  facts,
  why_unrecoverable: 'missing',
  evidence: ['f-1', 'f-2'],
});

export const pharma: Company = {
  id: 'pharma',
  name: t('华康医药有限公司', 'Huakang Pharmaceuticals'),
  roles: {
    salesperson: t('业务员', 'Salesperson'),
    'sales-head': t('主管销售经理', 'Sales head'),
    'deputy-gm': t('副总经理', 'Deputy general manager'),
    'general-manager': t('总经理', 'General manager'),
    finance: t('财务', 'Finance'),
    'credit-committee': t('信用评审委员会委员', 'Member of the credit committee'),
    admin: t('系统管理员', 'Administrator'),
  },
  departments: [
    { id: 'sales', name: '业务部' },
    { id: 'finance', name: '财务部' },
    { id: 'office', name: '总经办' },
  ],
  people: [
    person('zhou', '周敏', '业务部', '业务员', ['salesperson']),
    person('liu', '刘洋', '业务部', '业务员', ['salesperson']),
    person('li', '李建国', '业务部', '主管销售经理', ['sales-head']),
    person('zhao', '赵德海', '总经办', '副总经理', ['deputy-gm', 'credit-committee']),
    { ...person('wang', '王志远', '总经办', '总经理', ['general-manager', 'credit-committee']) },
    person('chen', '陈慧', '财务部', '会计', ['finance']),
    person('huang', '黄海燕', '财务部', '出纳', ['finance', 'credit-committee']),
    { ...person('admin', '何静', '总经办', '系统管理员', ['admin']), can: ['deploy', 'people', 'incidents', 'audit', 'pilot'] },
    { ...person('old', '郑伟', '业务部', '业务员', ['salesperson']), active: false },
  ],
  flows: [
    {
      flow: 'bad-debt',
      title: t('坏账申请', 'Bad-debt request'),
      description: t('客户欠款确认无法收回时，申请核销并认定责任', 'Write off what a customer cannot pay and find the cause'),
      schema: badDebtForm,
      start_by: ['salesperson', 'sales-head'],
      start_title: t('提出申请', 'Request'),
      number: (n) => `HZ-202611-${String(n).padStart(4, '0')}`,
      copies: ['业务部', '财务部', '存档'],
      initial: { guaranteed: false },
      highlights: (form) => [
        { title: t('坏账金额', 'Amount'), value: money(form['amount']), kind: 'money' },
        { title: t('客户名称', 'Customer'), value: String(form['customer_name'] ?? ''), kind: 'plain' },
      ],
      steps: [
        {
          step: 'sales-head',
          title: t('主管销售经理核准', 'Sales head confirms'),
          kind: 'approve',
          by: 'sales-head',
          due_hours: 16,
          rights: { opinion: 'editable' },
        },
        {
          step: 'deputy-gm',
          title: t('副总经理审核', 'Deputy GM reviews'),
          kind: 'approve',
          by: 'deputy-gm',
          due_hours: 24,
          when: (form) => Number(form['amount'] ?? 0) > 50_000,
          label: t('金额超过 50,000 元', 'Amount above 50,000'),
        },
        {
          step: 'general-manager',
          title: t('总经理审批', 'General manager approves'),
          kind: 'approve',
          by: 'general-manager',
          due_hours: 24,
        },
        {
          step: 'finance',
          title: t('财务部账务处理', 'Finance books it'),
          kind: 'fill',
          by: 'finance',
          decide: 'any',
          due_hours: 48,
          own_form: { schema: writeOffForm, into: 'finding', title: t('账务处理', 'Booking') },
        },
        { step: 'deduction', title: t('计算提成扣减', 'Compute the deduction'), kind: 'policy', policy: explainDeduction },
        { step: 'record', title: t('登记坏账', 'Record the bad debt'), kind: 'record' },
        { step: 'archive', title: t('归档三份', 'Archive in three copies'), kind: 'archive' },
      ],
    },
    {
      flow: 'travel',
      title: t('差旅报销', 'Travel expenses'),
      description: t('出差回来后报销车票、住宿和餐费', 'Claim tickets, hotels and meals after a trip'),
      schema: expenseForm,
      start_by: ['salesperson', 'sales-head', 'finance'],
      start_title: t('填写报销单', 'Fill in the claim'),
      number: (n) => `BX-202611-${String(n).padStart(4, '0')}`,
      copies: ['财务部'],
      highlights: (form) => [
        { title: t('合计', 'Total'), value: money(form['total']), kind: 'money' },
        { title: t('事由', 'Purpose'), value: String(form['purpose'] ?? ''), kind: 'plain' },
      ],
      steps: [
        { step: 'head', title: t('部门负责人审批', 'Head approves'), kind: 'approve', by: 'sales-head', due_hours: 48 },
        { step: 'cashier', title: t('财务复核', 'Finance checks'), kind: 'approve', by: 'finance', decide: 'any', due_hours: 48 },
        { step: 'archive', title: t('归档', 'Archive'), kind: 'archive' },
      ],
    },
    creditLine,
  ],
  seed({ at, start, act, comment }) {
    const writeOff = { cause: 'handler_irresponsible', commission: '5000.00', voucher: 'JZ-1107', booked_on: '2026-11-16' };
    at(240);
    const done = start('bad-debt', 'zhou', badDebt('滨江市济仁大药房', 'K-0017', '8000.00', 'zhou'));
    act(done, 'li', 'approve', { comment: '已核实拜访记录，情况属实。', form: { opinion: '同意按坏账处理，注意后续追偿。' } });
    at(200);
    act(done, 'wang', 'approve', {});
    at(150);
    act(done, 'chen', 'fill', { data: writeOff });
    at(120);
    const rejected = start('bad-debt', 'liu', badDebt('城南康泰诊所', 'K-0032', '2150.00', 'liu'));
    for (let day = 1; day <= 34; day += 1) {
      at(120 - day / 4);
      comment(rejected, day % 2 === 0 ? 'li' : 'liu', `第 ${day} 次电话催收，对方答应下周付款。`);
    }
    at(116);
    const line = start('credit-line', 'zhou', wish('滨江市济仁大药房', '50000.00'));
    act(line, 'zhao', 'vote', { ballot: 'agree' });
    act(line, 'wang', 'vote', { ballot: 'agree', minutes: '全体委员讨论了客户近一年的回款，同意。' });
    at(110);
    act(rejected, 'li', 'reject', { comment: '客户仍在营业，请继续催收。' });
    at(70);
    const returned = start('bad-debt', 'zhou', badDebt('明德卫生服务站', 'K-0045', '12640.00', 'zhou'));
    at(60);
    act(returned, 'li', 'return', { to: 'initiator', then: 'direct', comment: '请补充催收函扫描件，并写明最后一次拜访的日期。' });
    at(48);
    const big = start('bad-debt', 'liu', {
      ...badDebt('东湖医药连锁（城西店）', 'K-0008', '86300.00', 'liu'),
      guaranteed: true,
      guarantee_note: '法定代表人个人担保，已起诉。',
    });
    at(47);
    act(big, 'li', 'approve', { comment: '金额较大，请副总把关。' });
    at(46);
    const atFinance = start('bad-debt', 'zhou', badDebt('惠民大药房', 'K-0051', '3999.90', 'zhou'));
    act(atFinance, 'li', 'approve', {});
    at(30);
    act(atFinance, 'wang', 'approve', { comment: '同意。' });
    const travel = (purpose: string, hotel: string, train: string) => ({
      purpose,
      department: 'sales',
      from: '2026-11-10',
      total: (Number(hotel) + Number(train)).toFixed(2),
      invoices: ['f-3'],
      items: [
        { kind: 'train', note: '往返高铁', amount: train },
        { kind: 'hotel', note: '两晚', amount: hotel },
      ],
    });
    at(28);
    start('travel', 'zhou', travel('拜访城东三家客户', '560.00', '318.50'));
    at(26);
    start('travel', 'liu', travel('参加省药品交易会', '1280.00', '442.00'));
    at(20);
    start('bad-debt', 'liu', badDebt('康福药店', 'K-0066', '6480.00', 'liu'));
    at(9);
    const asked = start('credit-line', 'liu', wish('东湖医药连锁（城西店）', '200000.00'));
    at(8);
    act(asked, 'zhao', 'vote', { ballot: 'against', comment: '上期仍有逾期货款，建议先清欠。' });
    at(5);
    start('bad-debt', 'zhou', badDebt('同心社区卫生站', 'K-0071', '1520.35', 'zhou'));
    at(3);
    start('travel', 'liu', travel('城南片区对账', '298.00', '76.00'));
    at(0.6);
    const late = start('bad-debt', 'liu', badDebt('仁和堂药店', 'K-0080', '52800.00', 'liu'));
    act(late, 'li', 'approve', { comment: '同意上报。' });
  },
};

/** An amount as the server words it. */
function money(value: unknown): string {
  return grouped(String(value ?? '0.00'), '');
}
