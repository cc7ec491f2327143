import type { ReactNode } from 'react';
import type { Instance } from '../../api/types.ts';
import { ArchiveBlock } from './ArchiveBlock.tsx';
import { FlowSection } from './FlowSection.tsx';
import { Incidents } from './Incidents.tsx';
import { RequestHead } from './RequestHead.tsx';
import { Results } from './Results.tsx';
import { Timeline } from './Timeline.tsx';

interface Props {
  instance: Instance;
  /** Above everything: why it is here, what changed. */
  lead?: ReactNode;
  /** The form, to read or to fill. */
  children: ReactNode;
  /** What stays at the bottom of the window. */
  bar?: ReactNode;
}

/** The order of things on a request's page, in one column or two. */
export function RequestLayout({ instance, lead, children, bar }: Props) {
  return (
    <article className="request">
      <RequestHead instance={instance} />
      <div className="request-columns">
        <div className="stack">
          {lead}
          <Incidents instance={instance} />
          {children}
          <Results instance={instance} />
          <ArchiveBlock instance={instance} />
        </div>
        <aside className="stack">
          <FlowSection route={instance.route} />
          <Timeline instance={instance} />
        </aside>
      </div>
      {bar}
    </article>
  );
}
