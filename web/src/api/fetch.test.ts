// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { setLanguage } from '../words/language.ts';
import { newIntent, onSessionEnd, read, write } from './fetch.ts';
import { hasCode, Problem, Unreachable } from './problem.ts';

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ title: '不行', detail: '因为', status, code }), { status, headers });

function answer(...responses: (Response | Error)[]) {
  const calls: { url: string; init: RequestInit }[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    calls.push({ url, init });
    const next = responses.shift();
    if (next instanceof Error) throw next;
    return next ?? new Response('{}');
  });
  return calls;
}

const headersOf = (call: { init: RequestInit } | undefined) => call?.init.headers as Record<string, string>;

afterEach(() => vi.unstubAllGlobals());

describe('a request', () => {
  it('asks in the reader’s language, never from a cache, and carries only filters that are set', async () => {
    setLanguage('en');
    const calls = answer(Response.json({ items: [] }));
    await read('/tasks', { query: { state: 'open', flow: undefined, q: '' } });
    expect(calls[0]?.url).toBe('/api/v1/tasks?state=open');
    expect(calls[0]?.init.cache).toBe('no-store');
    expect(headersOf(calls[0])['Accept-Language']).toBe('en');
    expect(headersOf(calls[0])['Idempotency-Key']).toBeUndefined();
    setLanguage('zh');
  });

  it('that writes carries the key of its intent', async () => {
    const calls = answer(new Response(null, { status: 204 }), Response.json({}));
    await write('DELETE', '/session', { intent: 'one' });
    await write('POST', '/x', { body: { a: 1 } });
    expect(headersOf(calls[0])['Idempotency-Key']).toBe('one');
    expect(headersOf(calls[1])['Idempotency-Key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(calls[1]?.init.body).toBe('{"a":1}');
  });

  it('that is refused throws the problem with its code, text and errors', async () => {
    answer(problem(422, 'form_invalid'));
    const error = await read('/x').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect(hasCode(error, 'form_invalid')).toBe(true);
    expect((error as Problem).message).toBe('因为');
  });

  it('takes how long to wait from the header', async () => {
    answer(problem(429, 'too_many_attempts', { 'Retry-After': '20' }));
    const error = await write('POST', '/session').catch((thrown: unknown) => thrown);
    expect((error as Problem).body.retry_after).toBe(20);
  });

  it('answered by something that is no problem document still fails with a code', async () => {
    answer(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    const error = await read('/x').catch((thrown: unknown) => thrown);
    expect(hasCode(error, 'http_502')).toBe(true);
  });

  it('that is lost on the way is told apart from one that is refused', async () => {
    answer(new TypeError('Failed to fetch'));
    await expect(read('/x')).rejects.toBeInstanceOf(Unreachable);
  });
});

describe('the end of a session', () => {
  it('is noticed at any request, but not at a failed log-in', async () => {
    const ended = vi.fn();
    onSessionEnd(ended);
    answer(problem(401, 'login_failed'), problem(401, 'not_logged_in'));
    await write('POST', '/session').catch(() => {});
    expect(ended).not.toHaveBeenCalled();
    await read('/tasks').catch(() => {});
    expect(ended).toHaveBeenCalledOnce();
    onSessionEnd(() => {});
  });
});

describe('a key', () => {
  it('is a fresh UUID, also where the browser has no `randomUUID`', () => {
    vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes.map((_, index) => index) });
    expect(newIntent()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
