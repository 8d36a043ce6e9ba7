/** Rows that are drawn above and below what is seen. */
const AHEAD = 3;

/** What is taken for the height where the page has none, as in tests. */
const ROOM_OTHERWISE = 900;

/** Returns where each item starts, and after the last where they end. */
export function offsets<T>(items: T[], height: (item: T) => number): number[] {
  const starts = new Array<number>(items.length + 1);
  let at = 0;
  items.forEach((item, index) => {
    starts[index] = at;
    at += height(item);
  });
  starts[items.length] = at;
  return starts;
}

/** Returns the first item to draw, and the one after the last. */
export function around(
  starts: number[],
  count: number,
  top: number,
  room: number,
  ahead = AHEAD,
): [number, number] {
  const first = at(starts, count, top);
  const last = at(starts, count, top + (room || ROOM_OTHERWISE));
  return [Math.max(0, first - ahead), Math.min(count, last + 1 + ahead)];
}

/** Returns the index of the item that lies at `offset`. */
function at(starts: number[], count: number, offset: number): number {
  let low = 0;
  let high = Math.max(0, count - 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Gives each row a slot of the page. Rows that were there keep theirs, and new rows take those that were left,
 * in order: drawing other words into a row costs a fraction of making one.
 */
export function slots(before: ReadonlyMap<string, number>, keys: string[]): Map<string, number> {
  const wanted = new Set(keys);
  const kept = new Map([...before].filter(([key]) => wanted.has(key)));
  const taken = new Set(kept.values());
  const left = [...before.values()].filter((slot) => !taken.has(slot)).sort((a, b) => a - b);
  let next = Math.max(-1, ...before.values()) + 1;
  for (const key of keys) {
    if (!kept.has(key)) kept.set(key, left.shift() ?? next++);
  }
  return kept;
}
