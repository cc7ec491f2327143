import { CloudSyncOutlined, CheckOutlined, WarningOutlined } from '@ant-design/icons';
import { useBlocker } from '@tanstack/react-router';
import { Button } from 'antd';
import type { DraftKeeper } from '../api/use-draft.ts';
import { useWords } from '../words/index.ts';
import { useFormats } from '../words/use-formats.ts';
import { Sheet } from './Sheet.tsx';

/** Tells how the draft stands, and asks when it was changed elsewhere. */
export function DraftStatus({ draft }: { draft: DraftKeeper }) {
  const words = useWords();
  const formats = useFormats();
  const { state } = draft;
  if (state.kind === 'clean') return null;
  if (state.kind === 'stale') {
    return (
      <div className="notice warning" role="alert">
        <WarningOutlined />
        <div>
          <strong>{words.draft.stale}</strong>
          <p>{words.draft.staleHint}</p>
          <div className="row">
            <Button size="small" onClick={draft.takeTheirs}>
              {words.draft.takeTheirs}
            </Button>
            <Button size="small" onClick={draft.keepMine}>
              {words.draft.keepMine}
            </Button>
          </div>
        </div>
      </div>
    );
  }
  return (
    <span className={state.kind === 'failed' ? 'draft-status failed' : 'draft-status'} aria-live="polite">
      {state.kind === 'saved' ? (
        <>
          <CheckOutlined /> {words.draft.saved(formats.clock(state.at))}
        </>
      ) : state.kind === 'failed' ? (
        <>
          <WarningOutlined /> {words.draft.failed}
        </>
      ) : (
        <>
          <CloudSyncOutlined /> {words.draft.saving}
        </>
      )}
    </span>
  );
}

/** Asks before leaving while something typed could not be kept. */
export function LeaveGuard({ draft }: { draft: DraftKeeper }) {
  const stuck = draft.state.kind === 'failed' || draft.state.kind === 'stale';
  return <LeaveQuestion stuck={stuck} isUnsaved={draft.isUnsaved} />;
}

/** Asks before what is typed is lost; `stuck` says that leaving does not save it either. */
export function LeaveQuestion({ stuck, isUnsaved }: { stuck: boolean; isUnsaved: () => boolean }) {
  const words = useWords();
  const blocker = useBlocker({
    shouldBlockFn: () => stuck && isUnsaved(),
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  });
  return (
    <Sheet
      title={words.draft.leave}
      open={blocker.status === 'blocked'}
      close={() => blocker.reset?.()}
      confirm={{ label: words.draft.leaveYes, run: () => blocker.proceed?.(), danger: true }}
    >
      <p>{words.draft.leaveHint}</p>
    </Sheet>
  );
}
