import { SyncOutlined } from '@ant-design/icons';
import { useIsMutating, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { instanceQuery } from '../../api/queries.ts';
import type { Instance } from '../../api/types.ts';
import { FormView } from '../../forms/FormView.tsx';
import { Await } from '../../ui/States.tsx';
import { useWords } from '../../words/index.ts';
import { RequestLayout } from './RequestLayout.tsx';
import { TaskWork } from './TaskWork.tsx';
import '../../styles/request.css';
import '../../styles/action-bar.css';

interface Props {
  id: string;
  /** The task that was opened; without it, the reader's first one. */
  task?: number | undefined;
  onActed: () => void;
}

/** One request: what it says, what came of it, where it is, and what the reader has to do about it. */
export function RequestView({ id, task, onActed }: Props) {
  const query = useQuery(instanceQuery(id));
  return (
    <Await query={query} rows={10}>
      {(instance) => <Opened instance={instance} task={task} onActed={onActed} />}
    </Await>
  );
}

function Opened({ instance, task, onActed }: Omit<Props, 'id'> & { instance: Instance }) {
  const words = useWords();
  const mine = instance.my_tasks.find((candidate) => candidate.task === task) ?? instance.my_tasks[0];
  const [began] = useState(mine !== undefined);
  const [acted, setActed] = useState(false);
  // The request may come anew before the answer to one's own decision does.
  const deciding = useIsMutating() > 0;
  if (mine) {
    const act = () => {
      setActed(true);
      onActed();
    };
    return <TaskWork key={mine.task} instance={instance} task={mine} onActed={act} />;
  }
  return (
    <RequestLayout instance={instance} lead={began && !acted && !deciding ? <NoLongerMine /> : null}>
      <section className="card">
        <h2>{words.request.form}</h2>
        <FormView form={instance.form} />
      </section>
    </RequestLayout>
  );
}

/** Somebody else was quicker while the page was open. */
function NoLongerMine() {
  const words = useWords();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers answer with a promise, which is nothing to clean up with.
    void place.current?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  }, []);
  return (
    <div className="notice warning" role="status" ref={place}>
      <SyncOutlined />
      <div>
        <strong>{words.problems.gone}</strong>
        <p>{words.problems.goneHint}</p>
      </div>
    </div>
  );
}
