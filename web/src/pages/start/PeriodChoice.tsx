import { Select } from 'antd';
import { useState } from 'react';
import type { PeriodKind } from '../../api/types.ts';
import { Field } from '../../ui/Field.tsx';
import { useWords } from '../../words/index.ts';
import { periodsAround } from '../../words/periods.ts';
import { useFormats } from '../../words/use-formats.ts';

interface Props {
  kind: PeriodKind;
  suggested: string[];
  value: string;
  change: (period: string) => void;
}

/** The period a request is about, the likely ones first. */
export function PeriodChoice({ kind, suggested, value, change }: Props) {
  const words = useWords();
  const formats = useFormats();
  const [today] = useState(() => new Date().toISOString().slice(0, 10));
  const others = periodsAround(kind, today).filter((period) => !suggested.includes(period));
  return (
    <div className="period-choice">
      <Field label={words.start.period[kind]} required>
        {(control) => (
          <Select
            {...control}
            value={value}
            options={[...suggested, ...others].map((period) => ({ value: period, label: formats.period(period) }))}
            onChange={change}
          />
        )}
      </Field>
    </div>
  );
}
