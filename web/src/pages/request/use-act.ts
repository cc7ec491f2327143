import { useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { ABOUT_FORM, hasCode, Problem } from '../../api/problem.ts';
import type { Acted, Instance, ProblemError, TaskDetail } from '../../api/types.ts';
import { useWrite } from '../../api/use-write.ts';
import { act, type Decision } from '../../api/writes.ts';
import { showErrors } from '../../forms/ErrorSummary.tsx';
import { useProblemText } from '../../ui/States.tsx';
import { toast } from '../../ui/toast.tsx';
import { useText, useWords } from '../../words/index.ts';

export interface ActProps {
  instance: Instance;
  task: TaskDetail;
  /** What of the forms is wrong, field by field. */
  refuse: (errors: ProblemError[]) => void;
  /** What is wrong with them as a whole. */
  object: (text: string | undefined) => void;
  /** The id of the place that lists what must be corrected. */
  errorAt: string;
  onActed: () => void;
}

/** Sends a decision on a task, and says what became of it where the reader looks for it; `close` ends what asked for it. */
export function useAct({ instance, task, refuse, object, errorAt, onActed }: ActProps, close: () => void) {
  const words = useWords();
  const text = useText();
  const problem = useProblemText();
  const client = useQueryClient();
  const refetch = () => {
    void client.invalidateQueries({ queryKey: keys.tasks });
    void client.invalidateQueries({ queryKey: keys.instances });
  };
  const write = useWrite(
    (decision: Decision, intent) => {
      object(undefined);
      return act(instance.id, task.task, decision, intent);
    },
    {
      success: (acted: Acted, decision) => {
        close();
        const next = acted.next[0];
        const where =
          next && next.people.length > 0
            ? words.act.nextIs(next.people.map((person) => person.name).join(words.common.join), text(next.step_title))
            : text(acted.status_text);
        toast.good(`${words.act.done[decision.action]} · ${where}`);
        onActed();
        refetch();
      },
      error: (error) => {
        if (hasCode(error, 'form_invalid') && error instanceof Problem) {
          close();
          refuse(error.errors);
          showErrors(errorAt);
        }
        if (hasCode(error, ...ABOUT_FORM)) {
          close();
          object(problem(error));
          showErrors(errorAt);
        }
        if (hasCode(error, 'task_closed', 'task_changed', 'not_yours', 'role_revoked')) {
          close();
          // The bar may be gone with the next answer, so the reason is said where it stays.
          toast.bad(hasCode(error, 'task_closed') ? `${words.problems.closed} · ${problem(error)}` : problem(error));
          refetch();
        }
      },
    },
  );
  // What is said at the form is not said again at the bar.
  const error = write.error && !hasCode(write.error, 'form_invalid', ...ABOUT_FORM) ? write.error : null;
  return { write, error };
}
