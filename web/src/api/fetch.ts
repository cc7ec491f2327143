import { currentLanguage } from '../words/language.ts';
import { readProblem, Unreachable } from './problem.ts';

const BASE = '/api/v1';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type QueryValue = string | number | boolean | undefined;

export interface Request {
  query?: Record<string, QueryValue>;
  body?: unknown;
  /** Says which wish of the person this write belongs to; a retry of the same wish carries the same one. */
  intent?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answer<Body> {
  body: Body;
  etag: string | null;
}

let whenSessionEnds: () => void = () => {};

/** Says what happens when the server no longer knows who we are. */
export function onSessionEnd(listener: () => void): void {
  whenSessionEnds = listener;
}

/** A fresh key for one wish of a person; keep it for retries of the same wish. */
export function newIntent(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  // Without TLS, browsers give no `randomUUID`.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}

/** Reads. */
export async function read<Body>(path: string, request: Request = {}): Promise<Body> {
  return (await send<Body>('GET', path, request)).body;
}

/** Writes, with an idempotency key. */
export async function write<Body = void>(method: Method, path: string, request: Request = {}): Promise<Body> {
  return (await send<Body>(method, path, request)).body;
}

/** Sends one request; a failed answer is thrown as `Problem`, a lost one as `Unreachable`. */
export async function send<Body>(method: Method, path: string, request: Request = {}): Promise<Answer<Body>> {
  const response = await reach(BASE + path + queryText(request.query), {
    method,
    cache: 'no-store',
    credentials: 'same-origin',
    headers: headersOf(method, request),
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(request.signal ? { signal: request.signal } : {}),
  });
  if (!response.ok) {
    const problem = await readProblem(response);
    if (problem.status === 401 && problem.code !== 'login_failed') whenSessionEnds();
    throw problem;
  }
  const body = response.status === 204 ? undefined : await response.json();
  return { body: body as Body, etag: response.headers.get('ETag') };
}

/** The headers every request of ours carries. */
export function commonHeaders(): Record<string, string> {
  return { 'Accept-Language': currentLanguage() === 'zh' ? 'zh-CN' : 'en', Accept: 'application/json' };
}

function headersOf(method: Method, request: Request): Record<string, string> {
  return {
    ...commonHeaders(),
    ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(method === 'GET' ? {} : { 'Idempotency-Key': request.intent ?? newIntent() }),
    ...request.headers,
  };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable(error instanceof Error ? error.message : 'unreachable');
  }
}

function queryText(query: Record<string, QueryValue> = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}
