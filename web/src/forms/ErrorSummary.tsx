import { ExclamationCircleOutlined } from '@ant-design/icons';
import { useText, useWords } from '../words/index.ts';
import { goTo } from './context.ts';
import type { FormState } from './state.ts';

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
