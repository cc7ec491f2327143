import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { useId, useMemo, useState } from 'react';
import { keys } from '../../api/keys.ts';
import { ABOUT_FORM, hasCode, Problem } from '../../api/problem.ts';
import { startQuery } from '../../api/queries.ts';
import type { DraftBody, FlowStart } from '../../api/types.ts';
import { useDraft } from '../../api/use-draft.ts';
import { useWrite } from '../../api/use-write.ts';
import { startInstance, type StartRequest } from '../../api/writes.ts';
import { ErrorSummary, Objection, showErrors } from '../../forms/ErrorSummary.tsx';
import { FormFields } from '../../forms/FormFields.tsx';
import { useFormState } from '../../forms/state.ts';
import { DraftStatus, LeaveGuard } from '../../ui/DraftStatus.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { Await, useProblemText } from '../../ui/States.tsx';
import { toast } from '../../ui/toast.tsx';
import { useText, useWords } from '../../words/index.ts';
import { PeriodChoice } from './PeriodChoice.tsx';
import { RoutePreview } from './RoutePreview.tsx';
import '../../styles/start.css';
import '../../styles/request.css';
import '../../styles/action-bar.css';

/** A new request: its form, kept as a draft while it is filled, and the way it would go. */
export function StartPage() {
  const { flow } = useParams({ from: '/shell/start/$flow' });
  const [attempt, setAttempt] = useState(0);
  const query = useQuery(startQuery(flow));
  const again = () => {
    void query.refetch().then(() => setAttempt(attempt + 1));
  };
  return (
    <div className="page wide request-page">
      <Await query={query} rows={8}>
        {(start) => <StartForm key={`${flow} ${attempt}`} start={start} again={again} />}
      </Await>
    </div>
  );
}

function StartForm({ start, again }: { start: FlowStart; again: () => void }) {
  const words = useWords();
  const text = useText();
  const problem = useProblemText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const prefix = useId();
  const first = start.draft?.body;
  const form = useFormState(start.form, first?.form);
  const [period, setPeriod] = useState(first?.period ?? start.period?.suggested[0]);
  const [asking, setAsking] = useState(false);

  const body = useMemo<DraftBody>(() => ({ form: form.data, ...(period ? { period } : {}) }), [form.data, period]);
  const draft = useDraft({
    key: `start:${start.flow}`,
    body,
    changed: form.changed,
    version: start.draft?.version,
    load: ({ body: newer }) => {
      form.replace(newer.form ?? start.form.data);
      if (newer.period) setPeriod(newer.period);
    },
  });

  const write = useWrite((request: StartRequest, intent) => startInstance(request, intent), {
    success: ({ id, number }) => {
      draft.stop();
      toast.good(words.start.submitted(number));
      void client.invalidateQueries({ queryKey: keys.instances });
      void client.invalidateQueries({ queryKey: keys.tasks });
      void navigate({ to: '/requests/$id', params: { id }, search: {}, replace: true });
    },
    error: (error) => {
      if (hasCode(error, ...ABOUT_FORM)) showErrors(`${prefix}-errors`);
      if (hasCode(error, 'form_invalid') && error instanceof Problem) {
        form.refuse(error.errors.map((found) => ({ ...found, pointer: found.pointer.replace(/^\/form(?=\/)/, '') })));
        showErrors(`${prefix}-errors`);
      }
    },
  });
  const submit = () => {
    if (!form.validate()) return showErrors(`${prefix}-errors`);
    write.once({ flow: start.flow, form: form.settled, period });
  };
  const discard = () => {
    setAsking(false);
    void draft.discard().then(again, () => toast.bad(words.problems.unknown));
  };
  const objection = hasCode(write.error, ...ABOUT_FORM) ? problem(write.error) : undefined;
  const failed = write.error && !hasCode(write.error, 'form_invalid', ...ABOUT_FORM) ? write.error : null;

  return (
    <article className="request">
      <Button className="back" type="text" icon={<ArrowLeftOutlined />} onClick={() => void navigate({ to: '/start' })}>
        {words.start.title}
      </Button>
      <header className="request-head">
        <div className="request-title">
          <h1>{text(start.title)}</h1>
          {first ? <span className="pill">{words.draft.restored}</span> : null}
        </div>
      </header>
      <div className="request-columns">
        <div className="stack">
          <div id={`${prefix}-errors`} className="errors-anchor">
            <ErrorSummary state={form} prefix={prefix} />
            <Objection text={objection} />
          </div>
          <section className="card">
            {start.period && period !== undefined ? (
              <PeriodChoice
                kind={start.period.kind}
                suggested={start.period.suggested}
                value={period}
                change={setPeriod}
              />
            ) : null}
            <FormFields state={form} prefix={prefix} />
          </section>
        </div>
        <aside className="stack">
          <RoutePreview start={start} form={form.settled} period={period} />
        </aside>
      </div>
      <div className="action-bar" role="region" aria-label={words.act.bar}>
        <div aria-live="assertive">{failed ? <p className="notice bad">{problem(failed)}</p> : null}</div>
        <div className="start-line">
          <span className="start-status">
            <DraftStatus draft={draft} />
          </span>
          <div className="action-buttons">
            <Button type="text" onClick={() => setAsking(true)}>
              {words.start.discard}
            </Button>
            <Button type="primary" className="forward" loading={write.isPending} onClick={submit}>
              {words.start.submit}
            </Button>
          </div>
        </div>
      </div>
      <LeaveGuard draft={draft} />
      <Sheet
        title={words.start.discardAsk}
        open={asking}
        close={() => setAsking(false)}
        confirm={{ label: words.start.discard, run: discard, danger: true }}
      >
        <p>{words.start.discardHint}</p>
      </Sheet>
    </article>
  );
}
