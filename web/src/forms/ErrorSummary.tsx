import { ExclamationCircleOutlined } from '@ant-design/icons';
import { useText, useWords } from '../words/index.ts';
import { goTo } from './context.ts';
import type { FormState } from './state.ts';

/** Brings what must be corrected into view once it is drawn: the field itself where it is one, else the list of them. */
export function showErrors(anchor: string): void {
  requestAnimationFrame(() => {
    const place = document.getElementById(anchor);
    const ways = place?.querySelectorAll<HTMLButtonElement>('.summary button') ?? [];
    if (ways.length === 1) return ways[0]?.click();
    place?.scrollIntoView({ block: 'start', behavior: 'smooth' });
    ways[0]?.focus({ preventScroll: true });
  });
}

/** What must be corrected, each a way to its field. Screen readers hear of it when it appears. */
export function ErrorSummary({ state, prefix }: { state: FormState; prefix: string }) {
  const words = useWords();
  const text = useText();
  const errors = state.summary;
  return (
    <div className="live" aria-live="assertive">
      {errors.length > 0 ? (
        <div className="notice bad summary">
          <ExclamationCircleOutlined />
          <div>
            <strong>{words.form.problems(errors.length)}</strong>
            <ul>
              {errors.map((error) => (
                <li key={`${error.pointer} ${typeof error.message === 'string' ? error.message : error.message.zh}`}>
                  <button type="button" className="plain" onClick={() => goTo(prefix, error.pointer)}>
                    {typeof error.message === 'string' ? error.message : text(error.message)}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        </div>
      ) : null}
    </div>
  );
}

/** What a rule has against the form as a whole: no single field is wrong. */
export function Objection({ text }: { text: string | undefined }) {
  const words = useWords();
  return (
    <div className="live" aria-live="assertive">
      {text === undefined ? null : (
        <div className="notice bad">
          <ExclamationCircleOutlined />
          <div>
            <strong>{words.form.objection}</strong>
            <p>{text}</p>
          </div>
        </div>
      )}
    </div>
  );
}
