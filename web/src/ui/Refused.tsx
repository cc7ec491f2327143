import { useProblemText } from './States.tsx';

/** Why a wish was not done, where it was made; nothing while nothing is wrong. */
export function Refused({ error }: { error: unknown }) {
  const problem = useProblemText();
  return error ? (
    <p className="notice bad" role="alert">
      {problem(error)}
    </p>
  ) : null;
}
