/** Puts together what is the same, in the order of its first appearance. */
export function groupBy<T>(items: T[], sameness: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = sameness(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
