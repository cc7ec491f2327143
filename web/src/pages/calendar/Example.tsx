import { DownloadOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import type { Calendar } from '../../api/calendar-types.ts';
import { download } from '../../ui/download.ts';
import { useCalendarWords } from '../../words/calendar.ts';
import { template } from './sheet.ts';

const MOST_ROWS = 10;

/** A sheet to start from: the company's own days of the year, so that an import loses none of them, or an example. */
export function Example({ calendar, use }: { calendar: Calendar; use?: (text: string) => void }) {
  const words = useCalendarWords().importing;
  const { year, days } = calendar;
  const text = template(year, days);
  const rows = text.split('\n').length;
  const own = days.filter((day) => day.own).length;
  const label = own > 0 ? words.current(year, own) : words.template(year);
  return (
    <details className="example">
      <summary>{own > 0 ? label : words.example}</summary>
      <Input.TextArea className="csv-text" readOnly rows={Math.min(rows, MOST_ROWS)} value={text} aria-label={label} />
      {own > 0 ? null : <p className="soft small">{words.exampleHint}</p>}
      <div className="row">
        <Button icon={<DownloadOutlined />} onClick={() => download(`calendar-${year}.csv`, text)}>
          {label}
        </Button>
        {use ? <Button onClick={() => use(text)}>{words.use}</Button> : null}
      </div>
    </details>
  );
}
