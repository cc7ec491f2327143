/** The local time of an instant in a time zone, `2026-11-21T09:30`; empty for what is no instant. */
export function localOf(instant: string, timeZone: string): string {
  const at = new Date(instant);
  if (instant === '' || Number.isNaN(at.getTime())) return '';
  return clock(at, timeZone);
}

/** The instant of a local time in a time zone. A time that the clocks skip becomes the one as much later. */
export function instantOf(local: string, timeZone: string): string {
  const asUtc = new Date(`${local}:00Z`).getTime();
  // The zone's distance from UTC at the time itself: first by a guess, then at what the guess gives.
  const first = asUtc - offset(asUtc, timeZone);
  return new Date(asUtc - offset(first, timeZone)).toISOString();
}

function offset(instant: number, timeZone: string): number {
  return new Date(`${clock(new Date(instant), timeZone)}:00Z`).getTime() - Math.floor(instant / 60_000) * 60_000;
}

function clock(at: Date, timeZone: string): string {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at);
  return text.replace(' ', 'T');
}
