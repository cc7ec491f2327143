/** A refusal, thrown from where it is noticed. */
export class Refused extends Error {
  constructor(readonly response: Response) {
    super('refused');
  }
}

export function ok(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store', ...headers } });
}

export function noContent(): Response {
  return new Response(null, { status: 204 });
}

export function problem(status: number, code: string, detail: string, more: object = {}): Response {
  const body = { type: `https://zhupi.example.com/problems/${code}`, title: detail, status, code, ...more };
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/problem+json' } });
}

/** One page of a list; the cursor is the index it goes on at. */
export function paged<Item>(items: Item[], query: URLSearchParams): { items: Item[]; next: string | null } {
  const from = Number(query.get('after') ?? 0);
  const to = from + Number(query.get('limit') ?? 20);
  return { items: items.slice(from, to), next: to < items.length ? String(to) : null };
}
