/** The view models that core sends, and what the app is asked for. */
export type * from '../bindings/core';
import type {
  AnswerView,
  CredentialsView,
  EntryView,
  HistoryView,
  MovedView,
  PlaceView,
  Report,
  ReviewView,
  RuleView,
  SettingsView,
  UndoneView,
} from '../bindings/core';

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

/** A decision about what a server tells the model, as it was shown. */
export interface Judged {
  entry: string;
  digest: string;
  isApproval: boolean;
  /** Names of tools that are not part of the approval. */
  leftOut: string[];
  note: string;
}

/** What is moved of what was shown; all of it where nothing is named. */
export interface MoveRequest {
  /** The mark of the plan that was shown. */
  mark: string;
  entries: string[] | null;
  /** JSON pointers to the places. */
  pointers: string[] | null;
  consents: boolean;
  joins: boolean;
}

/** Which values are written back: those of the time of the move, or those that the vault has now. */
export type Values = 'as-moved' | 'present';

/** With what an encrypted file is made. */
export type VaultKey = { passphrase: string } | { keyFile: string };

export interface Listeners {
  report(report: Report): void;
  settings(settings: SettingsView): void;
  progress(progress: { folders: number }): void;
  /** A scan could not be made. */
  problem(problem: Failure): void;
  /** Files of a move that are written so far. */
  moveProgress(progress: { done: number; total: number }): void;
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
  /** What is known of what a server tells the model; fails with `never-seen` where nothing is. */
  review(entry: string): Promise<ReviewView>;
  /** Asks a server, in a sandbox where it is a program; fails with `needs-network` where its launcher has to download it. */
  ask(entry: string, network: boolean): Promise<AnswerView>;
  judge(judged: Judged): Promise<void>;
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
  /** With `consents`, files that no client itself is known to read count as editable. */
  credentials(consents: boolean): Promise<CredentialsView>;
  moveCredentials(request: MoveRequest): Promise<MovedView>;
  undoMove(id: number, values: Values | null): Promise<UndoneView>;
  takeBack(entries: string[]): Promise<UndoneView>;
  leave(): Promise<UndoneView>;
  /** Gives a reference, by its item's id, another value. */
  setValue(reference: string, value: string): Promise<void>;
  bindEntry(entry: string): Promise<void>;
  /** Searches what git keeps of an entry's file; one search at a time. */
  history(entry: string): Promise<HistoryView>;
  /** Ends a search that is under way, which then tells what it found so far. */
  cancelHistory(): Promise<void>;
  makeVault(key: VaultKey): Promise<void>;
  unlockVault(passphrase: string): Promise<void>;
  lockVault(): Promise<void>;
  repairPrograms(): Promise<void>;
  /** Opens an issuer's page for replacing a credential. */
  openPage(page: string): Promise<void>;
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
