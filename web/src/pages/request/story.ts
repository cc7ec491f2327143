import type { FieldChange, TimelineEntry } from '../../api/types.ts';

/** One thing that happened, with what it changed and what followed from it at the same instant. */
export interface Moment {
  lead: TimelineEntry;
  changes: FieldChange[];
  then: TimelineEntry[];
}

/** What follows by itself from what somebody did, or from a term that ran out. */
const FOLLOWS = [
  'task_opened',
  'task_cancelled',
  'unqueued',
  'machine_done',
  'recounted',
  'moved',
  'lanes_opened',
  'signatures_cleared',
  'due_moved',
  'warned',
  'skipped',
  'reminded',
  'ended',
];

/** What nobody did, though the record names who set it off. */
const HAPPENED = [...FOLLOWS, 'decided', 'overdue', 'escalated', 'incident_opened'];

/** Tells whether it was done by the person whom the record names. */
export function wasDone(entry: TimelineEntry): boolean {
  return entry.actor.person !== undefined && !HAPPENED.includes(entry.kind);
}

/** Puts together what happened at once: the deed first, its consequences behind it. Oldest first, as the entries come. */
export function moments(entries: TimelineEntry[]): Moment[] {
  const story: Moment[] = [];
  for (const entry of entries) {
    const last = story.at(-1);
    if (last && isSaid(last, entry)) last.lead = { ...last.lead, ...(entry.reason ? { reason: entry.reason } : {}) };
    else if (last && followsFrom(last, entry)) last.then.push(entry);
    else if (last && savedWith(last, entry)) {
      last.lead = entry;
      last.changes.push(...(entry.changes ?? []));
    } else story.push({ lead: entry, changes: [...(entry.changes ?? [])], then: [] });
  }
  return story;
}

function followsFrom({ lead }: Moment, entry: TimelineEntry): boolean {
  const sameCause = entry.actor.kind === 'system' || entry.actor.kind === lead.actor.kind;
  return FOLLOWS.includes(entry.kind) && lead.at === entry.at && sameCause;
}

/** That somebody was escalated to is said already; only why it was them is new. */
function isSaid({ lead }: Moment, entry: TimelineEntry): boolean {
  return lead.kind === 'escalated' && entry.kind === 'task_opened' && lead.at === entry.at;
}

/** A changed form is saved together with the decision that its writer takes. */
function savedWith({ lead, then }: Moment, entry: TimelineEntry): boolean {
  return (
    lead.kind === 'form_changed' &&
    then.length === 0 &&
    lead.at === entry.at &&
    wasDone(entry) &&
    lead.actor.person?.id === entry.actor.person?.id
  );
}

/** Says the same thing of several steps once: the texts in their order, each with the entries that say it. */
export function alike(entries: TimelineEntry[]): TimelineEntry[][] {
  const said = new Map<string, TimelineEntry[]>();
  for (const entry of entries) said.set(entry.text.zh, [...(said.get(entry.text.zh) ?? []), entry]);
  return [...said.values()];
}
