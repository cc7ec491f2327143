import { Input } from 'antd';
import { GrowingText } from '../../ui/GrowingText.tsx';
import { useText } from '../../words/index.ts';
import { useLanguage } from '../../words/language.ts';
import { grouped } from '../../words/grouped.ts';
import { capital } from '../capital.ts';
import { single } from '../normal.ts';
import { statusOf, textIn, type WidgetProps } from './props.ts';

/** From how full on the length of a text is told. */
const NEARLY_FULL = 0.8;

/** One line of text. */
export function LineWidget({ field, value, change, leave, control }: WidgetProps) {
  const text = useText();
  const email = field.kind.kind === 'email';
  return (
    <Input
      {...control}
      type={email ? 'email' : 'text'}
      value={textIn(value)}
      status={statusOf(control)}
      placeholder={field.placeholder ? text(field.placeholder) : undefined}
      suffix={field.unit ? text(field.unit) : undefined}
      autoComplete="off"
      onChange={(event) => change(event.target.value || undefined)}
      onBlur={leave}
    />
  );
}

/** Several lines of text. */
export function ParagraphsWidget({ field, value, change, leave, control }: WidgetProps) {
  const text = useText();
  const most = field.keywords['maxLength'];
  const length = [...textIn(value)].length;
  return (
    <>
      <GrowingText
        {...control}
        value={textIn(value)}
        status={statusOf(control)}
        placeholder={field.placeholder ? text(field.placeholder) : undefined}
        rowsMin={3}
        rowsMax={14}
        onChange={(event) => change(event.target.value || undefined)}
        onBlur={leave}
      />
      {typeof most === 'number' && length > most * NEARLY_FULL ? (
        <div className="hint number">
          {length} / {most}
        </div>
      ) : null}
    </>
  );
}

/** An exact number or an amount: typed as text, so that no digit is lost. */
export function NumberWidget({ field, value, change, leave, control }: WidgetProps) {
  const text = useText();
  const language = useLanguage();
  const money = field.kind.kind === 'money';
  const typed = textIn(value);
  const finish = () => {
    const normal = single(field.kind, value);
    if (normal.ok && normal.value !== value) change(normal.value);
    leave();
  };
  return (
    <>
      <Input
        {...control}
        className="number"
        inputMode="decimal"
        value={typed}
        status={statusOf(control)}
        prefix={money ? '¥' : undefined}
        suffix={!money && field.unit ? text(field.unit) : undefined}
        placeholder={field.placeholder ? text(field.placeholder) : undefined}
        autoComplete="off"
        onChange={(event) => change(event.target.value || undefined)}
        onBlur={finish}
      />
      {money ? <AmountHint amount={typed} chinese={language === 'zh'} /> : null}
    </>
  );
}

/** Says a large amount again, so that a digit too many is noticed. */
function AmountHint({ amount, chinese }: { amount: string; chinese: boolean }) {
  if (!/^\d+(\.\d{1,2})?$/.test(amount) || Number(amount) < 1000) return null;
  return <div className="hint number">{chinese ? capital(amount) : grouped(amount, '¥')}</div>;
}

/** A whole number. */
export function IntegerWidget({ field, value, change, leave, control }: WidgetProps) {
  const text = useText();
  return (
    <Input
      {...control}
      className="number"
      inputMode="numeric"
      value={textIn(value)}
      status={statusOf(control)}
      suffix={field.unit ? text(field.unit) : undefined}
      placeholder={field.placeholder ? text(field.placeholder) : undefined}
      autoComplete="off"
      onChange={(event) => change(wholeNumber(event.target.value))}
      onBlur={leave}
    />
  );
}

/** A number where it is one; else what was typed, which is then called a mistake. */
function wholeNumber(typed: string): number | string | undefined {
  const plain = typed.trim();
  if (plain === '') return undefined;
  return /^[-+]?\d{1,16}$/.test(plain) && Number.isSafeInteger(Number(plain)) ? Number(plain) : typed;
}
