import { describe, expect, it } from 'vitest';
import { slots } from './window';

describe('slots', () => {
  it('are kept by rows that stay, and taken over by rows that come', () => {
    const first = slots(new Map(), ['a', 'b', 'c']);
    expect([...first]).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
    const moved = slots(first, ['b', 'c', 'd']);
    expect(moved.get('b')).toBe(1);
    expect(moved.get('c')).toBe(2);
    expect(moved.get('d')).toBe(0);
    const jumped = slots(moved, ['c', 'x', 'y', 'z']);
    expect(jumped.get('c')).toBe(2);
    expect([...jumped.values()].sort()).toEqual([0, 1, 2, 3]);
  });

  it('are never shared, whatever comes and goes', () => {
    let held = new Map<string, number>();
    for (let step = 0; step < 200; step += 1) {
      const keys = Array.from({ length: (step * 7) % 13 }, (_, at) => `row-${(step * 5 + at) % 40}`);
      held = slots(held, keys);
      expect(new Set(held.values()).size).toBe(keys.length);
    }
  });
});
