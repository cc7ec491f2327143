export interface Hint {
  what: 'tasks' | 'instance' | 'session';
  id?: string;
}

/** The stand-in for the server: the HTTP API over two made-up companies, in memory. */
export class MockApi {
  private readonly listeners = new Set<(hint: Hint) => void>();

  constructor(private readonly now: () => Date) {}

  onChange(listener: (hint: Hint) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  handle(_request: Request): Promise<Response> {
    return Promise.resolve(Response.json({ now: this.now() }, { status: 404 }));
  }
}
