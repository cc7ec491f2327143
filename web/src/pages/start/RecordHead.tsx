import { WarningOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { About, FlowStart } from '../../api/types.ts';
import { useAboutWords } from '../../words/about.ts';
import { useText } from '../../words/index.ts';
import { RecordFacts } from './RecordFacts.tsx';

interface Props {
  flow: string;
  /** The record that was chosen; none where the request is about none. */
  about: About | undefined;
  choice: NonNullable<FlowStart['about']>;
}

/** What a new request is about, over its form. */
export function RecordHead({ flow, about, choice: { records } }: Props) {
  const words = useAboutWords();
  const text = useText();
  const record = about && records.find(({ fact, id }) => fact === about.fact && id === about.id);
  if (!about) {
    return (
      <div className="notice record-note">
        <div>
          {records.length > 0 ? words.aboutNone : words.noneNow}
          {records.length > 0 ? <ToChoice flow={flow}>{words.choose}</ToChoice> : null}
        </div>
      </div>
    );
  }
  if (!record) {
    return (
      <div className="notice warning record-note">
        <WarningOutlined />
        <div>
          <strong>{words.notOffered}</strong>
          <p>
            {words.notOfferedHint}
            <ToChoice flow={flow}>{words.another}</ToChoice>
          </p>
        </div>
      </div>
    );
  }
  return (
    <section className="card record-chosen" aria-label={words.about}>
      <div className="card-head">
        <h2>
          <span className="soft small">{words.about}</span>
          {text(record.title)}
        </h2>
        <ToChoice flow={flow}>{words.another}</ToChoice>
      </div>
      <RecordFacts record={record} />
      <p className="soft small record-hint">{words.filled}</p>
    </section>
  );
}

function ToChoice({ flow, children }: { flow: string; children: ReactNode }) {
  return (
    <Link to="/start/$flow" params={{ flow }} search={{}} className="to-choice">
      {children}
    </Link>
  );
}
