import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import type { ControlProps } from '../../ui/Field.tsx';
import { useWords } from '../../words/index.ts';
import { statusOf } from './props.ts';

interface Props {
  control: ControlProps;
  /** `2026-11-21`, or `2026-11-21T09:30` with a time; local. */
  value: string;
  time: boolean;
  change: (value: string | undefined) => void;
  leave: () => void;
}

/** The calendar of desks. */
export default function Calendar({ control, value, time, change, leave }: Props) {
  const words = useWords();
  const day = value ? dayjs(value) : null;
  return (
    <DatePicker
      {...control}
      className="full"
      value={day?.isValid() ? day : null}
      status={statusOf(control)}
      // As it is read it can be typed, and what was chosen counts without another click.
      format={time ? 'YYYY-MM-DD HH:mm' : 'YYYY-MM-DD'}
      needConfirm={false}
      showTime={time ? { format: 'HH:mm' } : false}
      placeholder={time ? words.form.timePlaceholder : words.form.datePlaceholder}
      onChange={(next) => change(next ? next.format(time ? 'YYYY-MM-DDTHH:mm' : 'YYYY-MM-DD') : undefined)}
      onBlur={leave}
    />
  );
}
