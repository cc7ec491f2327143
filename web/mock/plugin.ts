import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { MockApi } from './api.ts';

/**
 * Serves the stand-in API and the strict content security policy of the real server.
 *
 * Only the development and preview servers load this file; nothing of it is in the built app.
 */
export function mockApi(): Plugin {
  const api = new MockApi(() => new Date());
  const answer = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (!request.url?.startsWith('/api/v1')) return next();
    void respond(api, request, response);
  };
  return {
    name: 'zhupi-mock-api',
    configureServer: (server) => void server.middlewares.use(answer),
    configurePreviewServer(server) {
      server.middlewares.use((_request, response, next) => {
        response.setHeader('Content-Security-Policy', POLICY);
        next();
      });
      server.middlewares.use(answer);
    },
  };
}

const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

async function respond(api: MockApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url?.startsWith('/api/v1/events')) {
    stream(api, response);
    return;
  }
  const answer = await api.handle(await toRequest(request));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}

function stream(api: MockApi, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': hello\n\n');
  const stop = api.onChange((hint) => response.write(`event: changed\ndata: ${JSON.stringify(hint)}\n\n`));
  response.on('close', stop);
}

async function toRequest(request: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  const method = request.method ?? 'GET';
  const body = Buffer.concat(chunks);
  return new Request(`http://mock${request.url ?? ''}`, {
    method,
    headers,
    ...(method === 'GET' || body.length === 0 ? {} : { body: new Uint8Array(body) }),
  });
}
