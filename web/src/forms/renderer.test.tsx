// @vitest-environment happy-dom
import { act, useEffect } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientForm, JsonObject } from '../api/types.ts';
import { click, draw, type } from '../ui/testing.tsx';
import { setLanguage } from '../words/language.ts';
import { ErrorSummary } from './ErrorSummary.tsx';
import { FormFields } from './FormFields.tsx';
import { FormView } from './FormView.tsx';
import { marked, type Right } from './marked.ts';
import { useFormState, type FormState } from './state.ts';

const schema: JsonObject = {
  type: 'object',
  required: ['name', 'amount'],
  'x-order': ['name', 'amount', 'guaranteed', 'guarantor', 'phone', 'items', 'total'],
  properties: {
    name: { type: 'string', title: '客户名称', 'x-en': { title: 'Customer name' }, maxLength: 10 },
    amount: { type: 'string', format: 'money', title: '金额', 'x-en': { title: 'Amount' }, 'x-min': '0.01' },
    guaranteed: { type: 'boolean', title: '有担保' },
    phone: { type: 'string', title: '电话', 'x-class': 'identity' },
    items: {
      type: 'array',
      title: '明细',
      'x-columns': ['what', 'cost'],
      items: {
        type: 'object',
        required: ['what'],
        properties: {
          what: { type: 'string', title: '品名' },
          cost: { type: 'string', format: 'money', title: '费用' },
        },
      },
    },
    total: { type: 'string', format: 'money', title: '合计', 'x-computed': 'sum(items.cost)' },
  },
  if: { properties: { guaranteed: { const: true } }, required: ['guaranteed'] },
  then: { required: ['guarantor'], properties: { guarantor: { type: 'string', title: '担保人' } } },
};

const form = (part: Partial<ClientForm> = {}, named: Record<string, Right> = {}): ClientForm => ({
  schema: marked(schema, { others: 'editable', named }),
  data: {},
  masked: [],
  ...part,
});

let state: FormState;

function Filled({ given }: { given: ClientForm }) {
  const filled = useFormState(given);
  useEffect(() => {
    state = filled;
  });
  return (
    <>
      <ErrorSummary state={filled} prefix="f" />
      <FormFields state={filled} prefix="f" />
    </>
  );
}

let leave = () => {};

async function show(given: ClientForm): Promise<HTMLElement> {
  const drawn = await draw(<Filled given={given} />);
  leave = drawn.leave;
  return drawn.element;
}

const field = (root: HTMLElement, name: string) => root.querySelector<HTMLInputElement>(`[id="f.${name}"]`);

beforeEach(() => {
  setLanguage('zh');
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
});
afterEach(() => {
  leave();
  vi.unstubAllGlobals();
});

describe('a form that is filled', () => {
  it('labels every control and marks what is required', async () => {
    const root = await show(form());
    expect(root.querySelector('label[for="f.name"]')?.textContent).toContain('客户名称');
    expect(field(root, 'name')?.getAttribute('aria-required')).toBe('true');
  });

  it('puts an amount into order when its field is left, and says what is wrong with one that is none', async () => {
    const root = await show(form());
    const amount = field(root, 'amount');
    if (!amount) throw new Error('no field');
    await type(amount, '12800.5');
    expect(state.data['amount']).toBe('12800.50');
    await type(amount, '12,800');
    expect(root.textContent).toContain('金额请勿使用千位分隔符');
    expect(amount.getAttribute('aria-invalid')).toBe('true');
    expect(amount.getAttribute('aria-describedby')).toBe('f.amount-error');
  });

  it('shows a conditional field while its condition holds, and sends it only then', async () => {
    const root = await show(form());
    expect(field(root, 'guarantor')).toBeNull();
    await click(field(root, 'guaranteed'));
    const guarantor = field(root, 'guarantor');
    if (!guarantor) throw new Error('no field');
    await type(guarantor, '张三');
    expect(state.settled['guarantor']).toBe('张三');
    await click(field(root, 'guaranteed'));
    expect(field(root, 'guarantor')).toBeNull();
    expect(state.settled['guarantor']).toBeUndefined();
  });

  it('computes while rows are typed', async () => {
    const root = await show(
      form({
        data: {
          items: [
            { what: '车票', cost: '318.50' },
            { what: '住宿', cost: '560' },
          ],
        },
      }),
    );
    expect(state.settled['total']).toBe('878.50');
    expect(root.querySelector('tfoot')?.textContent).toContain('¥878.50');
  });

  it('lists every mistake above the form when it is sent, and nothing before', async () => {
    const root = await show(form({ data: { items: [{}] } }));
    expect(root.querySelector('.summary')).toBeNull();
    const drawn = { valid: true };
    await act(async () => {
      drawn.valid = state.validate();
    });
    expect(drawn.valid).toBe(false);
    expect([...root.querySelectorAll('.summary li')].map((item) => item.textContent)).toEqual([
      '请填写客户名称',
      '请填写金额',
      '请填写明细第 1 行的品名',
    ]);
  });

  it('puts the server’s word under the field it is about, until that is changed', async () => {
    const root = await show(form({ data: { name: '甲', amount: '1.00' } }));
    await act(async () => state.refuse([{ pointer: '/name', keyword: 'reference', message: '没有这个客户' }]));
    expect(root.querySelector('[id="f.name-error"]')?.textContent).toBe('没有这个客户');
    const name = field(root, 'name');
    if (!name) throw new Error('no field');
    await type(name, '乙');
    expect(root.textContent).not.toContain('没有这个客户');
  });

  it('shows what may only be read as text, and what may not be seen as a lock', async () => {
    const root = await show(
      form({ data: { name: '甲公司', phone: null }, masked: ['/phone'] }, { name: 'readonly' }),
    );
    expect(root.querySelector('input[id="f.name"]')).toBeNull();
    expect(root.textContent).toContain('甲公司');
    expect(root.querySelector('button.masked')?.textContent).toContain('已隐藏');
  });
});

describe('a form that is read', () => {
  it('is text in the reader’s language, without empty optional fields', async () => {
    setLanguage('en');
    const drawn = await draw(
      <FormView form={form({ data: { name: '<b>甲</b>', amount: '8000.00', guaranteed: false } })} />,
    );
    leave = drawn.leave;
    expect(drawn.element.querySelector('input')).toBeNull();
    expect(drawn.element.textContent).toContain('Customer name<b>甲</b>');
    expect(drawn.element.textContent).toContain('¥8,000.00');
    expect(drawn.element.textContent).not.toContain('电话');
  });
});
