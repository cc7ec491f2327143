import { LockOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { FormResult, Instance, PolicyOutput, PolicyResult, Result } from '../../api/types.ts';
import { FormView } from '../../forms/FormView.tsx';
import { FigureText } from '../../ui/FigureText.tsx';
import { Loading } from '../../ui/States.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { TallyCard } from './TallyCard.tsx';
import '../../styles/explanation.css';

const ExplanationView = lazy(async () => ({ default: (await import('./ExplanationView.tsx')).ExplanationView }));

/** What later forms say, what committees came to and what policies computed, in the order it came about. */
export function Results({ instance }: { instance: Instance }) {
  return together(instance.results).map((result) => {
    if (Array.isArray(result)) return <SheetsCard key={`${result[0].name} ${result[0].title.zh}`} sheets={result} />;
    const key = `${result.name} ${result.title.zh}`;
    if (result.kind === 'vote') return <TallyCard key={key} result={result} />;
    return <PolicyResultCard key={`${key} ${result.visit}`} instance={instance.id} result={result} />;
  });
}

type Sheets = [FormResult, ...FormResult[]];

/** Puts the sheets together that several people filled at one step. */
export function together(results: Result[]): (Sheets | Exclude<Result, FormResult>)[] {
  const cards: (Sheets | Exclude<Result, FormResult>)[] = [];
  for (const result of results) {
    const last = cards.at(-1);
    if (result.kind !== 'form') cards.push(result);
    else if (Array.isArray(last) && last[0].name === result.name && last[0].title.zh === result.title.zh) last.push(result);
    else cards.push([result]);
  }
  return cards;
}

function SheetsCard({ sheets }: { sheets: Sheets }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const [first] = sheets;
  const filled = (sheet: FormResult) => words.request.filledBy(sheet.by.name, formats.time(sheet.at));
  return (
    <section className="card">
      <div className="card-head">
        <h2>{text(first.title)}</h2>
        <span className="soft small">{sheets.length === 1 ? filled(first) : words.request.sheets(sheets.length)}</span>
      </div>
      {sheets.length === 1 ? (
        <FormView form={first.form} />
      ) : (
        sheets.map((sheet) => (
          <section key={sheet.by.id} className="one-sheet">
            <h3>{filled(sheet)}</h3>
            <FormView form={sheet.form} />
          </section>
        ))
      )}
    </section>
  );
}

const STATE_LOOKS: Record<PolicyResult['state'], string> = {
  accepted: 'good',
  refused: 'bad',
  incomplete: 'warning',
  fault: 'bad',
};

function PolicyResultCard({ instance, result }: { instance: string; result: PolicyResult }) {
  const words = useWords();
  const text = useText();
  const [open, setOpen] = useState(false);
  const { state } = result;
  return (
    <section className="card">
      <div className="card-head">
        <h2>{text(result.title)}</h2>
        {state === 'accepted' ? null : (
          <span className={`pill ${STATE_LOOKS[state]}`}>{words.policy.state[state]}</span>
        )}
      </div>
      {state === 'incomplete' ? <p className="notice warning">{words.policy.incomplete}</p> : null}
      {result.output.length > 0 ? <Outputs outputs={result.output} assumed={result.assumed.length > 0} /> : null}
      <AssumedNotice result={result} />
      <Button className="explain-button" type="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? words.policy.hide : words.policy.explain}
      </Button>
      {open ? (
        <Suspense fallback={<Loading />}>
          <ExplanationView instance={instance} visit={result.visit} />
        </Suspense>
      ) : null}
    </section>
  );
}

function AssumedNotice({ result }: { result: PolicyResult }) {
  const words = useWords();
  const text = useText();
  if (result.assumed.length === 0) return null;
  const isPay = result.output.some((output) => output.kind === 'money');
  return (
    <div className="notice warning">
      <div>
        <strong>{isPay ? words.policy.assumedPay : words.policy.assumedNote}</strong>
        <ul>
          {result.assumed.map((assumed) => (
            <li key={assumed.param}>
              {assumed.note ? text(assumed.note) : assumed.param}
              {assumed.clause ? <span className="soft small"> {words.policy.clause(assumed.clause)}</span> : null}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** The figures of a result, side by side. */
export function Outputs({ outputs, assumed }: { outputs: PolicyOutput[]; assumed: boolean }) {
  const words = useWords();
  const text = useText();
  return (
    <dl className="outputs">
      {outputs.map((output) => (
        <div key={output.name}>
          <dt>{text(output.title)}</dt>
          <dd className="number">
            {output.masked ? (
              <span className="blank">
                <LockOutlined /> {words.policy.masked}
              </span>
            ) : (
              <span className="figure">
                <FigureText figure={output} />
              </span>
            )}
            {assumed && !output.masked ? <span className="pill warning">{words.policy.assumed}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
