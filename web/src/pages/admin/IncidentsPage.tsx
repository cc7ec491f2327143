import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { AdminIncident } from '../../api/admin-types.ts';
import { adminIncidentsQuery, adminMessagesQuery, sessionQuery } from '../../api/queries.ts';
import { retryIncident } from '../../api/writes.ts';
import { More } from '../../ui/More.tsx';
import { Refused } from '../../ui/Refused.tsx';
import { Await, Empty, Failed } from '../../ui/States.tsx';
import { useRetry } from '../../ui/use-retry.ts';
import { useText, useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import { InstanceActionSheet } from '../request/InstanceActionSheet.tsx';
import { ParkedCard } from './ParkedCard.tsx';
import '../../styles/lists.css';

/** Everything that stopped and waits for somebody to look at it; who looks may not be one who may read the request. */
export function IncidentsPage() {
  const words = useWords();
  const incidents = useInfiniteQuery(adminIncidentsQuery);
  const messages = useInfiniteQuery(adminMessagesQuery);
  const stopped = incidents.data?.pages.flatMap((page) => page.items) ?? [];
  const parked = messages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page narrow">
      <div className="page-head">
        <h1>{words.admin.incidents}</h1>
      </div>
      <Await query={incidents}>
        {() =>
          stopped.length === 0 && parked.length === 0 ? (
            <Empty title={words.incident.empty} hint={words.incident.emptyHint} done />
          ) : (
            <div className="stack">
              {stopped.map((incident) => (
                <IncidentCard key={`${incident.instance} ${incident.incident}`} incident={incident} />
              ))}
            </div>
          )
        }
      </Await>
      <More query={incidents} />
      {parked.length > 0 ? (
        <section className="stack apart" aria-labelledby="parked">
          <div>
            <h2 id="parked">{words.parked.title}</h2>
            <p className="soft small">{words.parked.hint}</p>
          </div>
          {parked.map((message) => (
            <ParkedCard key={message.id} message={message} />
          ))}
        </section>
      ) : null}
      {messages.isError ? <Failed error={messages.error} retry={() => void messages.refetch()} /> : null}
      <More query={messages} />
    </div>
  );
}

function IncidentCard({ incident }: { incident: AdminIncident }) {
  const words = useWords();
  const text = useText();
  const formats = useFormats();
  const mayVoid = useQuery({ ...sessionQuery, enabled: false }).data?.can.includes('cancel') ?? false;
  const [voiding, setVoiding] = useState(false);
  const write = useRetry(
    (intent) => retryIncident(incident.instance, incident.incident, intent),
    words.incident.retried,
  );
  return (
    <section className="card">
      <div className="card-head">
        <h2>
          {text(incident.flow_title)} <span className="number">{incident.number}</span>
        </h2>
        <div className="card-actions">
          {mayVoid ? (
            <Button danger onClick={() => setVoiding(true)}>
              {words.request.cancel}
            </Button>
          ) : null}
          <Button loading={write.isPending} onClick={() => write.once(null)}>
            {words.incident.retry}
          </Button>
        </div>
      </div>
      <p>{text(incident.text)}</p>
      <p className="soft small">
        {words.incident.at(text(incident.step_title))} · {formats.ago(incident.opened_at)}
      </p>
      <Refused error={write.error} />
      <InstanceActionSheet
        instance={incident.instance}
        action={voiding ? 'cancel' : null}
        close={() => setVoiding(false)}
      />
    </section>
  );
}
