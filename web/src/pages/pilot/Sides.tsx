import type { PilotSummary } from '../../api/pilot-types.ts';
import { useWords } from '../../words/index.ts';

/** Which two releases were compared. */
export function Sides({ pilot }: { pilot: Pick<PilotSummary, 'current' | 'candidate'> }) {
  const words = useWords();
  return (
    <span className="soft small">
      {words.pilot.current} <span className="hash">{pilot.current.slice(0, 10)}</span> → {words.pilot.candidateSide}{' '}
      <span className="hash">{pilot.candidate.slice(0, 10)}</span>
    </span>
  );
}
