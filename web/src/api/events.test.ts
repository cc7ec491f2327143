// @vitest-environment happy-dom
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { follow, listenForChanges, readHint } from './events.ts';
import { keys } from './keys.ts';

class FakeStream extends EventTarget {
  readyState = 0;
  closed = false;
  close() {
    this.closed = true;
    this.readyState = 2;
  }
  say(type: string, data?: string) {
    this.dispatchEvent(data === undefined ? new Event(type) : new MessageEvent(type, { data }));
  }
}

function setting() {
  const client = new QueryClient();
  const asked: string[] = [];
  vi.spyOn(client, 'invalidateQueries').mockImplementation((filters) => {
    asked.push(JSON.stringify(filters?.queryKey));
    return Promise.resolve();
  });
  const streams: FakeStream[] = [];
  const stop = listenForChanges(client, () => {
    const stream = new FakeStream();
    streams.push(stream);
    return stream as unknown as EventSource;
  });
  return { asked, streams, stop };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', { OPEN: 1 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('hints of the server', () => {
  it('make what they name stale', () => {
    const { asked, streams, stop } = setting();
    streams[0]?.say('changed', '{"what":"tasks"}');
    streams[0]?.say('changed', '{"what":"instance","id":"i1"}');
    expect(asked).toEqual(['["tasks"]', '["instances","one","i1"]', '["instances","list"]']);
    stop();
  });

  it('that nobody can read change nothing', () => {
    expect(readHint('{')).toBeNull();
    expect(readHint('{"id":"x"}')).toBeNull();
    const client = new QueryClient();
    const spy = vi.spyOn(client, 'invalidateQueries');
    follow(client, null);
    expect(spy).not.toHaveBeenCalled();
  });

  it('are listened to again after a break, each time after twice the wait, and everything is looked at once', () => {
    const { asked, streams, stop } = setting();
    streams[0]?.say('error');
    expect(streams[0]?.closed).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(streams).toHaveLength(2);
    streams[1]?.say('error');
    vi.advanceTimersByTime(1_999);
    expect(streams).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(streams).toHaveLength(3);
    streams[2]?.say('open');
    expect(asked).toEqual(['["tasks"]', '["instances"]']);
    stop();
  });

  it('are replaced by polling while the stream is down, and only then', () => {
    const { asked, streams, stop } = setting();
    vi.advanceTimersByTime(30_000);
    expect(asked).toHaveLength(2);
    const stream = streams[0];
    if (stream) stream.readyState = 1;
    vi.advanceTimersByTime(30_000);
    expect(asked).toHaveLength(2);
    stop();
    vi.advanceTimersByTime(90_000);
    expect(asked).toHaveLength(2);
  });
});

describe('the names of answers', () => {
  it('let one word make all lists and requests stale', () => {
    expect(keys.taskList({ state: 'open' })[0]).toBe(keys.tasks[0]);
    expect(keys.instance('x')[0]).toBe(keys.instances[0]);
  });
});
