/** The view models that core sends, and what the app is asked for. */
export type * from '../bindings/core';
import type { EntryView, PlaceView, Report, RuleView, SettingsView } from '../bindings/core';

export type ListKind = 'file' | 'folder' | 'url';

/** Why something could not be done. */
export interface Failure {
  /** Stable code, the only part on which anything is decided. */
  code: string;
  message: string;
  /** The next step. */
  hint: string | null;
}

/** An entry as the user was shown it. */
export interface Seen {
  id: string;
  mark: string;
}

export interface Listeners {
  report(report: Report): void;
  settings(settings: SettingsView): void;
  progress(progress: { folders: number }): void;
  /** A scan could not be made. */
  problem(problem: Failure): void;
}

/** What the window asks of the app. What changes something returns nothing: the new state arrives as an event. */
export interface Backend {
  /** Starts listening; resolves once nothing can be missed. */
  subscribe(listeners: Listeners): Promise<() => void>;
  report(): Promise<Report>;
  entries(server: string): Promise<EntryView[]>;
  /** Looks again; resolves when that is done. */
  rescan(): Promise<void>;
  /** Ends a walk for projects that is under way. */
  cancel(): Promise<void>;
  places(): Promise<PlaceView[]>;
  explain(rule: string): Promise<RuleView>;
  /** Approves entries as they were shown; `mark` comes from what was shown. */
  approve(entries: Seen[], note: string, until: string | null): Promise<void>;
  deny(entry: string, note: string): Promise<void>;
  forget(server: string): Promise<void>;
  suppress(
    rule: string,
    entry: string | null,
    config: string | null,
    reason: string,
    until: string,
  ): Promise<void>;
  unsuppress(rule: string, entry: string | null, config: string | null): Promise<void>;
  stanza(entry: string): Promise<string>;
  settings(): Promise<SettingsView>;
  addList(kind: ListKind, at: string): Promise<void>;
  /** Removes the list at a place, if it is still the one that is shown so. */
  removeList(index: number, shown: string): Promise<void>;
  /** Adds the list again that was removed last of those shown so. */
  restoreList(shown: string): Promise<void>;
  refreshLists(): Promise<void>;
  addFolder(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  chooseFolder(): Promise<string | null>;
  chooseFile(): Promise<string | null>;
  openFile(config: string, line: number | null): Promise<void>;
  autostart(): Promise<boolean>;
  setAutostart(on: boolean): Promise<void>;
}

/** Reads whatever was thrown as a failure. */
export function failure(thrown: unknown): Failure {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
    const { code, message, hint } = thrown as Partial<Failure>;
    return { code: String(code ?? 'unknown'), message: String(message), hint: hint ?? null };
  }
  return { code: 'unknown', message: String(thrown), hint: null };
}
