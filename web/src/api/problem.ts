import type { ProblemBody, ProblemError } from './types.ts';

/** An answer that is not a success, in the reader's language. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(readonly body: ProblemBody) {
    super(body.detail ?? body.title);
  }

  get status(): number {
    return this.body.status;
  }

  get code(): string {
    return this.body.code;
  }

  get errors(): ProblemError[] {
    return this.body.errors ?? [];
  }
}

/** The request did not reach the server, or its answer did not reach us: whether it was done is unknown. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Refusals that are about what the forms say as a whole, and are told there. */
export const ABOUT_FORM = ['check_refused', 'balance_short'];

/** Refusals of the record that a request is to be about: another has to be chosen. */
export const ABOUT_RECORD = ['about_required', 'about_gone', 'about_taken'];

/** Tells whether an error is the server's answer with this code. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Problem && codes.includes(error.code);
}

/** Reads the body of a failed answer; a body that is no problem document still becomes one. */
export async function readProblem(response: Response): Promise<Problem> {
  const fallback: ProblemBody = {
    title: response.statusText,
    status: response.status,
    code: `http_${response.status}`,
  };
  const retryAfter = Number(response.headers.get('Retry-After'));
  try {
    const body: unknown = await response.json();
    if (!isProblemBody(body)) return new Problem(fallback);
    return new Problem(retryAfter > 0 ? { retry_after: retryAfter, ...body } : body);
  } catch {
    return new Problem(fallback);
  }
}

function isProblemBody(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'title' in body && 'code' in body && 'status' in body;
}
