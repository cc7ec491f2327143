import { AlertOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { Incident, Instance } from '../../api/types.ts';
import { retryIncident } from '../../api/writes.ts';
import { useProblemText } from '../../ui/States.tsx';
import { useRetry } from '../../ui/use-retry.ts';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';

/** What a person must look at before the request can go on. */
export function Incidents({ instance }: { instance: Instance }) {
  return instance.incidents.map((incident) => (
    <IncidentNotice key={incident.incident} instance={instance.id} incident={incident} />
  ));
}

function IncidentNotice({ instance, incident }: { instance: string; incident: Incident }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const problem = useProblemText();
  const write = useRetry((intent) => retryIncident(instance, incident.incident, intent), words.incident.retried);
  return (
    <section className="notice bad" aria-label={words.incident.title}>
      <AlertOutlined />
      <div>
        <strong>{words.incident.title}</strong>
        <p>
          {text(incident.step_title)}
          {words.common.colon}
          {text(incident.text)}
        </p>
        <p className="small">{formats.time(incident.opened_at)}</p>
        {write.error ? <p role="alert">{problem(write.error)}</p> : null}
      </div>
      {incident.can_retry ? (
        <Button size="small" loading={write.isPending} onClick={() => write.once(null)}>
          {words.incident.retry}
        </Button>
      ) : null}
    </section>
  );
}
