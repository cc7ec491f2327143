import { ApartmentOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { RouteNode } from '../../api/types.ts';
import { RouteList } from '../../ui/RouteList.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { Loading } from '../../ui/States.tsx';
import { usePhone } from '../../ui/use-phone.ts';
import { useWords } from '../../words/index.ts';

const FlowDrawing = lazy(() => import('./FlowDrawing.tsx'));

/** The way of a request: a list, and on desks a drawing of it. */
export function FlowSection({ route }: { route: RouteNode[] }) {
  const words = useWords();
  const phone = usePhone();
  const [drawn, setDrawn] = useState(false);
  return (
    <section className="card">
      <div className="card-head">
        <h2>{words.request.flow}</h2>
        {phone ? null : (
          <Button size="small" icon={<ApartmentOutlined />} onClick={() => setDrawn(true)}>
            {words.request.flowDrawn}
          </Button>
        )}
      </div>
      <RouteList route={route} />
      <Sheet title={words.request.flowDrawn} open={drawn} close={() => setDrawn(false)} wide>
        <Suspense fallback={<Loading />}>
          <FlowDrawing route={route} />
        </Suspense>
      </Sheet>
    </section>
  );
}
