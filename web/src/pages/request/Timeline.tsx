import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { olderTimelineQuery } from '../../api/queries.ts';
import type { Instance } from '../../api/types.ts';
import type { Field } from '../../forms/model.ts';
import { readForm } from '../../forms/read.ts';
import { Refused } from '../../ui/Refused.tsx';
import { useWords } from '../../words/index.ts';
import { MomentItem } from './MomentItem.tsx';
import { moments } from './story.ts';
import '../../styles/timeline.css';

/** What happened, newest first; what came long before is fetched when somebody asks for it. */
export function Timeline({ instance }: { instance: Instance }) {
  const words = useWords();
  const [asked, setAsked] = useState(false);
  const { id, timeline, timeline_next: next, form } = instance;
  const older = useInfiniteQuery({ ...olderTimelineQuery(id, next ?? ''), enabled: asked && next !== undefined });
  const fields = useMemo(
    () => new Map<string, Field>(readForm(form.schema).root.fields.map((field) => [`/${field.name}`, field])),
    [form.schema],
  );
  const story = useMemo(() => {
    const pages = [...(older.data?.pages ?? [])].reverse();
    return moments([...pages.flatMap((page) => page.items), ...timeline]).reverse();
  }, [older.data, timeline]);
  const more = older.data ? older.hasNextPage : next !== undefined;
  return (
    <section className="card">
      <h2>{words.request.timeline}</h2>
      {story.length === 0 ? <p className="soft">{words.request.noTimeline}</p> : null}
      <ol className="timeline">
        {story.map((moment) => (
          <MomentItem key={moment.lead.number} moment={moment} fields={fields} />
        ))}
      </ol>
      <Refused error={older.error} />
      {more ? (
        <Button
          block
          type="text"
          loading={older.isFetching}
          onClick={() => {
            if (!asked) setAsked(true);
            else if (older.data) void older.fetchNextPage();
            else void older.refetch();
          }}
        >
          {words.request.earlier}
        </Button>
      ) : null}
    </section>
  );
}
