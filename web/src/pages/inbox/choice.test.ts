import { describe, expect, it } from 'vitest';
import type { TaskSummary } from '../../api/types.ts';
import { after, find, step } from './choice.ts';

const tasks = [1, 2, 3].map((task) => ({ instance: 'i', task }) as TaskSummary);
const [first, second, third] = tasks;

describe('the chosen task', () => {
  it('is found by its name in the address', () => {
    expect(find(tasks, 'i~2')).toBe(second);
    expect(find(tasks, 'gone~1')).toBeUndefined();
  });

  it('moves up and down and stops at the ends', () => {
    expect(step(tasks, first, 1)).toBe('i~2');
    expect(step(tasks, first, -1)).toBe('i~1');
    expect(step(tasks, third, 1)).toBe('i~3');
    expect(step(tasks, undefined, 1)).toBe('i~1');
    expect(step([], undefined, 1)).toBeUndefined();
  });

  it('becomes the next one after a decision, at the end the one before', () => {
    expect(first && after(tasks, first)).toBe('i~2');
    expect(third && after(tasks, third)).toBe('i~2');
    expect(first && after([first], first)).toBeUndefined();
  });
});
