import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { Suspense, useId, useMemo, useRef, useState } from 'react';
import { keys } from '../../api/keys.ts';
import { ABOUT_FORM, ABOUT_RECORD, hasCode, Problem } from '../../api/problem.ts';
import type { About, DraftBody, FlowStart } from '../../api/types.ts';
import { useDraft } from '../../api/use-draft.ts';
import { useWrite } from '../../api/use-write.ts';
import { startInstance, type StartRequest } from '../../api/writes.ts';
import { ErrorSummary, Objection, showErrors } from '../../forms/ErrorSummary.tsx';
import { FormFields } from '../../forms/FormFields.tsx';
import { useFormState } from '../../forms/state.ts';
import { DraftStatus, LeaveGuard, LeaveQuestion } from '../../ui/DraftStatus.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useProblemText } from '../../ui/States.tsx';
import { toast } from '../../ui/toast.tsx';
import { useText, useWords } from '../../words/index.ts';
import { PeriodChoice } from './PeriodChoice.tsx';
import { RecordHead } from './record-parts.ts';
import { RoutePreview } from './RoutePreview.tsx';
import '../../styles/start.css';
import '../../styles/request.css';
import '../../styles/action-bar.css';

interface Props {
  start: FlowStart;
  /** The record that it is about; then nothing is kept as a draft. */
  about: About | undefined;
  /** Begins anew. */
  again: () => void;
}

/** The form of a new request, kept as a draft while it is filled, and the way it would go. */
export function StartForm({ start, about, again }: Props) {
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
    changed: form.changed && !about,
    version: start.draft?.version,
    load: ({ body: newer }) => {
      form.replace(newer.form ?? start.form.data);
      if (newer.period) setPeriod(newer.period);
    },
  });

  const unkept = useUnkept(body);
  const write = useWrite((request: StartRequest, intent) => startInstance(request, intent), {
    success: ({ id, number }) => {
      draft.stop();
      unkept.stop();
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
    write.once({ flow: start.flow, form: form.settled, period, about });
  };
  const discard = () => {
    setAsking(false);
    void draft.discard().then(again, () => toast.bad(words.problems.unknown));
  };
  const objection = hasCode(write.error, ...ABOUT_FORM) ? problem(write.error) : undefined;
  const failed = write.error && !hasCode(write.error, 'form_invalid', ...ABOUT_FORM) ? write.error : null;

  const wayBack = hasCode(failed, ...ABOUT_RECORD) ? (
    <Link to="/start/$flow" params={{ flow: start.flow }} search={{}} className="to-choice">
      {words.start.chooseRecord}
    </Link>
  ) : null;

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
          {start.about ? (
            <Suspense fallback={null}>
              <RecordHead flow={start.flow} about={about} choice={start.about} />
            </Suspense>
          ) : null}
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
          <RoutePreview start={start} form={form.settled} period={period} learn={form.learn} />
        </aside>
      </div>
      <div className="action-bar" role="region" aria-label={words.act.bar}>
        <div aria-live="assertive">{failed ? <p className="notice bad">{problem(failed)}{wayBack}</p> : null}</div>
        <div className="start-line">
          <span className="start-status">
            <DraftStatus draft={draft} />
          </span>
          <div className="action-buttons">
            {about ? null : (
              <Button type="text" onClick={() => setAsking(true)}>
                {words.start.discard}
              </Button>
            )}
            <Button type="primary" className="forward" loading={write.isPending} onClick={submit}>
              {words.start.submit}
            </Button>
          </div>
        </div>
      </div>
      {about ? <LeaveQuestion stuck isUnsaved={unkept.isUnsaved} /> : <LeaveGuard draft={draft} />}
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

/** What is typed and kept nowhere: whether it differs from what was there, until it is sent. */
function useUnkept(body: DraftBody): { isUnsaved: () => boolean; stop: () => void } {
  const typed = JSON.stringify(body);
  const known = useRef<string | null>(typed);
  return {
    isUnsaved: () => known.current !== null && known.current !== typed,
    stop: () => {
      known.current = null;
    },
  };
}
