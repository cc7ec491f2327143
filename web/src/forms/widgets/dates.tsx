import { Input, Select, Skeleton } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { usePhone } from '../../ui/use-phone.ts';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { periodsAround } from '../../words/periods.ts';
import { instantOf, localOf } from '../../words/zone.ts';
import { useTimeZone } from '../../words/use-formats.ts';
import { statusOf, textIn, type WidgetProps } from './props.ts';

// The calendar is large; phones have their own, and a form without dates needs none.
const Calendar = lazy(() => import('./Calendar.tsx'));

/** A day. */
export function DateWidget({ value, change, leave, control }: WidgetProps) {
  const phone = usePhone();
  if (phone) {
    return (
      <Input
        {...control}
        type="date"
        value={textIn(value)}
        status={statusOf(control)}
        onChange={(event) => change(event.target.value || undefined)}
        onBlur={leave}
      />
    );
  }
  return (
    <Suspense fallback={<Skeleton.Input active block />}>
      <Calendar control={control} value={textIn(value)} time={false} change={change} leave={leave} />
    </Suspense>
  );
}

/** A moment, entered in the company's time and kept in UTC. */
export function DateTimeWidget({ value, change, leave, control }: WidgetProps) {
  const phone = usePhone();
  const zone = useTimeZone();
  const local = localOf(textIn(value), zone);
  const take = (text: string | undefined) => change(text ? instantOf(text, zone) : undefined);
  if (phone) {
    return (
      <Input
        {...control}
        type="datetime-local"
        value={local}
        status={statusOf(control)}
        onChange={(event) => take(event.target.value)}
        onBlur={leave}
      />
    );
  }
  return (
    <Suspense fallback={<Skeleton.Input active block />}>
      <Calendar control={control} value={local} time change={take} leave={leave} />
    </Suspense>
  );
}

/** A week, month, quarter or year from those around today. */
export function PeriodWidget({ field, value, change, leave, control }: WidgetProps) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const zone = useTimeZone();
  const length = field.kind.kind === 'period' ? (field.kind.length ?? 'month') : 'month';
  const [today] = useState(() => localOf(new Date().toISOString(), zone).slice(0, 10));
  const known = periodsAround(length, today);
  const chosen = textIn(value);
  const options = chosen && !known.includes(chosen) ? [chosen, ...known] : known;
  return (
    <Select
      {...control}
      value={chosen || undefined}
      status={statusOf(control)}
      placeholder={field.placeholder ? text(field.placeholder) : words.form.choose}
      options={options.map((period) => ({ value: period, label: formats.period(period) }))}
      allowClear
      onChange={(next: string | undefined) => change(next)}
      onBlur={leave}
    />
  );
}
