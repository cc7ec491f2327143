import { WarningOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { FlowStart, Json, JsonObject, RouteNode } from '../../api/types.ts';
import { previewRoute } from '../../api/writes.ts';
import { hasNobody, RouteList } from '../../ui/RouteList.tsx';
import { useWords } from '../../words/index.ts';

const PAUSE_MS = 700;

/** Who would get the request and why, with a warning where nobody would be found. */
export function RoutePreview({
  start,
  form,
  period,
  learn,
}: {
  start: FlowStart;
  form: JsonObject;
  period: string | undefined;
  /** Takes what was looked up on the way; nothing where the server could not work it out. */
  learn: (found: Record<string, Json> | undefined) => void;
}) {
  const words = useWords();
  const typed = JSON.stringify({ form, period });
  const settled = usePause(typed, PAUSE_MS);
  const [untouched] = useState(typed);
  const preview = useQuery({
    queryKey: ['preview', start.flow, settled],
    queryFn: ({ signal }) =>
      previewRoute({ flow: start.flow, ...(JSON.parse(settled) as { form: JsonObject; period?: string }) }, signal),
    enabled: settled !== untouched,
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
  const found = preview.isPlaceholderData ? undefined : preview.data?.looked_up;
  useEffect(() => learn(found), [found, learn]);
  const route = (preview.data?.route ?? start.route).map(asAhead);
  return (
    <section className="card">
      <h2>{words.start.route}</h2>
      {route.some(hasNobody) ? (
        <div className="notice warning route-warning" role="status">
          <WarningOutlined />
          <div>
            <strong>{words.start.routeWarning}</strong>
            <p>{words.start.routeWarningHint}</p>
          </div>
        </div>
      ) : null}
      <RouteList route={route} />
      <p className="soft small route-hint" aria-live="polite">
        {preview.isFetching ? words.start.routeUpdating : words.start.routeHint}
      </p>
    </section>
  );
}

/** The start is not done before the request is submitted, though the forecast begins after it. */
function asAhead(node: RouteNode): RouteNode {
  if (node.type !== 'step' || node.kind !== 'start') return node;
  const people = node.people.map(({ person, reason }) => ({ person, reason, state: 'expected' as const }));
  return { type: 'step', step: node.step, title: node.title, kind: 'start', state: 'open', people };
}

/** A value as it was when nothing changed for a while. */
function usePause(value: string, milliseconds: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
