import { useQueryClient } from '@tanstack/react-query';
import { daysChanged, removeCalendar } from '../../api/calendar.ts';
import type { Calendar } from '../../api/calendar-types.ts';
import { hasCode } from '../../api/problem.ts';
import { useWrite } from '../../api/use-write.ts';
import { Refused } from '../../ui/Refused.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { toast } from '../../ui/toast.tsx';
import { useCalendarWords } from '../../words/calendar.ts';

/** Asks before a year's own days go, and says what holds then. */
export function RemoveSheet({ calendar, own, close }: { calendar: Calendar; own: number; close: () => void }) {
  const words = useCalendarWords();
  const client = useQueryClient();
  const { year, complete } = calendar;
  const shipped = calendar.years.find((one) => one.year === year)?.shipped ?? false;
  // A year that nobody called complete has no deadlines to lose.
  const then = shipped ? words.removeShipped(year) : complete ? words.removeUnknown(year) : null;
  const write = useWrite((which: number, intent) => removeCalendar(which, intent), {
    success: () => {
      toast.good(words.removed);
      daysChanged(client);
      close();
    },
    // Somebody else was faster: the page shows what is there now.
    error: (error) => {
      if (hasCode(error, 'not_found')) daysChanged(client);
    },
  });
  return (
    <Sheet
      title={words.removeAsk(year)}
      open
      close={close}
      confirm={{ label: words.removeYes, run: () => write.once(year), busy: write.isPending, danger: true }}
    >
      <div className="stack">
        <p>{words.removeCount(own)}</p>
        {then ? <p>{then}</p> : null}
        <p className="sheet-hint">{words.recount}</p>
        <Refused error={write.error} />
      </div>
    </Sheet>
  );
}
