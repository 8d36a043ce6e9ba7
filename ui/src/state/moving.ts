import type { SpotView, UndoneView, Values } from '@/backend';
import { failure } from '@/backend';
import { plural } from '@/text/numbers';
import { marked } from '@/text/reveal';
import type { App } from './app.svelte';

/** Moves credentials, says so, and offers to take it back. */
export async function move(app: App, part: { entries?: string[]; pointers?: string[] } = {}): Promise<void> {
  try {
    const moved = await app.credentials.move(part);
    if (!moved) return;
    app.say({
      text: `Moved ${plural(moved.credentials, 'credential')} out of ${plural(moved.files, 'file')}`,
      hint: null,
      isProblem: false,
      undo: () => void undo(app, moved.id),
    });
  } catch (thrown) {
    app.fail(failure(thrown));
  }
}

/** Takes a move back; asks first where a value has changed since. */
export async function undo(app: App, id: number, values: Values | null = null): Promise<void> {
  await taken(app, async () => {
    const undone = await app.credentials.undo(id, values);
    if (undone.asks.length > 0) app.dialog = { kind: 'undo-asks', move: id, asks: undone.asks };
    return undone;
  });
}

export async function takeBack(app: App, entry: string): Promise<void> {
  await taken(app, () => app.credentials.takeBack([entry]));
}

async function taken(app: App, act: () => Promise<UndoneView>): Promise<void> {
  try {
    const undone = await act();
    if (undone.asks.length > 0) return;
    const left = undone.files.filter((file) => file.outcome === 'left').length;
    const back = undone.files.length - left;
    const isExact = left === 0 && undone.files.every((file) => file.outcome === 'exact');
    app.say({
      text:
        left > 0
          ? `${plural(left, 'file')} could not be taken back`
          : isExact
            ? `${plural(back, 'file')} ${back === 1 ? 'is' : 'are'} as before, byte for byte`
            : `Took the credentials of ${plural(back, 'file')} back`,
      hint: left > 0 ? 'What was left, and why, stands at the head of Credentials.' : null,
      isProblem: left > 0,
      undo: null,
    });
  } catch (thrown) {
    app.fail(failure(thrown));
  }
}

/** What a place is called: its name, or its kind where it has none. */
export function placeName({ kind, name }: { kind: string; name: string }): string {
  return name === '' ? (KINDS[kind] ?? kind) : name;
}

const KINDS: Record<string, string> = {
  variable: 'a variable',
  header: 'a header',
  argument: 'an argument',
  address: 'the address',
  member: 'a setting',
};

/** "GitHub personal access token, 40 characters, ends in 1234". */
export function spotWords(spot: SpotView): string {
  const tail = spot.tail === null ? '' : `, ends in ${marked(spot.tail)}`;
  return `${spot.label}, ${plural(spot.characters, 'character')}${tail}`;
}
