import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useCanGoBack, useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { tasksQuery } from '../../api/queries.ts';
import { useWords } from '../../words/index.ts';
import { RequestView } from './RequestView.tsx';

/** A request on a page of its own. After a decision it goes on with the next open task. */
export function RequestPage() {
  const words = useWords();
  const { id } = useParams({ from: '/shell/requests/$id' });
  const { task } = useSearch({ from: '/shell/requests/$id' });
  const router = useRouter();
  const canGoBack = useCanGoBack();
  const navigate = useNavigate();
  const client = useQueryClient();
  const goOn = async () => {
    if (task === undefined) return;
    const open = await client.fetchInfiniteQuery({ ...tasksQuery({ state: 'open' }), staleTime: 0 });
    const next = open.pages.flatMap((page) => page.items).find((other) => other.instance !== id || other.task !== task);
    if (next)
      await navigate({
        to: '/requests/$id',
        params: { id: next.instance },
        search: { task: next.task },
        replace: true,
      });
    else await navigate({ to: '/inbox', search: {}, replace: true });
    window.scrollTo(0, 0);
  };
  return (
    <div className="page wide request-page">
      <Button
        className="back"
        type="text"
        icon={<ArrowLeftOutlined />}
        onClick={() => (canGoBack ? router.history.back() : void navigate({ to: '/inbox', search: {} }))}
      >
        {words.common.back}
      </Button>
      <RequestView key={id} id={id} task={task} onActed={() => void goOn()} />
    </div>
  );
}
