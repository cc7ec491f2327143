import type { InstanceStatus } from '../api/types.ts';

const LOOKS: Record<InstanceStatus, string> = {
  running: 'running',
  archived: 'good',
  completed: 'good',
  rejected: 'bad',
  withdrawn: '',
  cancelled: '',
};

/** Where a request stands. */
export function StatusPill({ status, text }: { status: InstanceStatus; text: string }) {
  return <span className={`pill ${LOOKS[status] ?? ''}`}>{text}</span>;
}
