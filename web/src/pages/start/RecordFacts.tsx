import { ClockCircleOutlined } from '@ant-design/icons';
import { useEffect, useState } from 'react';
import type { AboutRecord } from '../../api/types.ts';
import { FigureText } from '../../ui/FigureText.tsx';
import { useAboutWords } from '../../words/about.ts';
import { useText, useWords } from '../../words/index.ts';
import { useFormats, useTimeZone } from '../../words/use-formats.ts';
import { instantIn, remaining } from './remaining.ts';
import '../../styles/record.css';

const EVERY_MS = 20_000;

/** What a record is: its fields, since when it is there, and until when something can be started about it. */
export function RecordFacts({ record }: { record: AboutRecord }) {
  const words = useAboutWords();
  const text = useText();
  const formats = useFormats();
  const zone = useTimeZone();
  return (
    <>
      <dl className="record-fields">
        {record.fields.map((field) => (
          <div key={field.title.zh}>
            <dt>{text(field.title)}</dt>
            <dd className={field.kind === 'money' ? 'number' : undefined}>
              <FigureText figure={field} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="record-times">
        {record.until === undefined ? null : <Until until={instantIn(record.until, zone)} />}
        <span className="soft small">{words.recorded(formats.time(instantIn(record.recorded_at, zone)))}</span>
      </div>
    </>
  );
}

function Until({ until }: { until: string }) {
  const words = useAboutWords();
  const spans = useWords().time;
  const formats = useFormats();
  const now = useNow();
  const left = remaining(until, now);
  return (
    <span className="record-until">
      <span className="small">{words.until(formats.time(until))}</span>
      <span className={!left || left.tone === 'bad' ? 'pill bad' : left.tone === 'warning' ? 'pill warning' : 'pill'}>
        <ClockCircleOutlined aria-hidden />
        {left ? words.left(spans[left.unit](left.count)) : words.over}
      </span>
    </span>
  );
}

/** The time, again every while: who thinks it over sees the time run out. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
