import { LockOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { FormResult, Instance, PolicyOutput, PolicyResult } from '../../api/types.ts';
import { FormView } from '../../forms/FormView.tsx';
import { FigureText } from '../../ui/FigureText.tsx';
import { Loading } from '../../ui/States.tsx';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import '../../styles/explanation.css';

const ExplanationView = lazy(async () => ({ default: (await import('./ExplanationView.tsx')).ExplanationView }));

/** What later forms say and what policies computed, in the order it came about. */
export function Results({ instance }: { instance: Instance }) {
  return instance.results.map((result) =>
    result.kind === 'form' ? (
      <FormResultCard key={`${result.name} ${result.at}`} result={result} />
    ) : (
      <PolicyResultCard key={`${result.name} ${result.visit}`} instance={instance.id} result={result} />
    ),
  );
}

function FormResultCard({ result }: { result: FormResult }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  return (
    <section className="card">
      <div className="card-head">
        <h2>{text(result.title)}</h2>
        <span className="soft small">{words.request.filledBy(result.by.name, formats.time(result.at))}</span>
      </div>
      <FormView form={result.form} />
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
  return (
    <div className="notice warning">
      <div>
        <strong>{words.policy.assumedNote}</strong>
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
