import type { App } from './app.svelte';
import type { ViewName } from './dialogs';

/** What the list does when the keyboard asks. */
export interface ListKeys {
  move(by: number): void;
  focusList(): void;
}

const VIEWS: ViewName[] = ['servers', 'clients', 'findings', 'settings'];

/** Answers a key that no field or dialog has taken. */
export function pressed(event: KeyboardEvent, app: App, list: ListKeys): void {
  const isMod = event.metaKey || event.ctrlKey;
  if (isMod && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    app.dialog = app.dialog?.kind === 'palette' ? null : { kind: 'palette' };
    return;
  }
  if (app.dialog !== null || event.defaultPrevented || event.altKey) return;
  const view = isMod ? VIEWS[Number(event.key) - 1] : undefined;
  if (view) {
    event.preventDefault();
    app.go(view);
    return;
  }
  if (isMod) return;
  if (event.key === 'Escape') {
    escape(app, list);
    return;
  }
  if (isField(event.target)) return;
  const act = plain(event, app, list);
  if (act) {
    event.preventDefault();
    act();
  }
}

function plain(event: KeyboardEvent, app: App, list: ListKeys): (() => void) | null {
  const isList = app.view === 'servers';
  switch (event.key) {
    case '/':
      return () => {
        app.view = 'servers';
        // The field is there once the view is.
        queueMicrotask(() => document.getElementById('search')?.focus());
      };
    case '?':
      return () => (app.dialog = { kind: 'keys' });
    case 'r':
      return () => void app.inventory.rescan();
    case 'j':
      return isList ? () => list.move(1) : null;
    case 'k':
      return isList ? () => list.move(-1) : null;
    // Arrows scroll wherever else the focus is.
    case 'ArrowDown':
      return isList && isRow(event.target) ? () => list.move(1) : null;
    case 'ArrowUp':
      return isList && isRow(event.target) ? () => list.move(-1) : null;
    default:
      return null;
  }
}

function escape(app: App, list: ListKeys): void {
  if (app.view !== 'servers') return;
  const isSearch = document.activeElement?.id === 'search';
  if (isSearch && app.list.narrowing.query !== '') {
    app.list.narrow({ query: '' });
  } else if (isSearch) {
    list.focusList();
  } else if (app.detail.id !== null) {
    app.detail.close();
    queueMicrotask(() => list.focusList());
  }
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isText = target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type);
  return isText || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function isRow(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target === document.body || target.closest('[data-key]') !== null;
}
