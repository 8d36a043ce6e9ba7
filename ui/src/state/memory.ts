/** Reads what the window remembers about itself. Nothing that core knows is kept here. */
export function recall<T>(key: string, otherwise: T): T {
  try {
    const kept = localStorage.getItem(`countersign.${key}`);
    return kept === null ? otherwise : (JSON.parse(kept) as T);
  } catch {
    return otherwise;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`countersign.${key}`, JSON.stringify(value));
  } catch {
    // Without storage the window starts as it does the first time.
  }
}
