import type { EntryView, FindingView, GuardedView, ReferenceView, ServerView, UndoneView } from '@/backend';

/** What stands above the window. One at a time. */
export type Dialog =
  | { kind: 'approve'; server: ServerView; entries: EntryView[] }
  | { kind: 'review'; server: ServerView; entry: string }
  | { kind: 'deny'; server: ServerView; entry: EntryView }
  | { kind: 'stanza'; server: ServerView; entry: EntryView }
  | { kind: 'quiet'; finding: FindingView }
  | { kind: 'rule'; rule: string }
  | { kind: 'set-value'; entry: GuardedView; reference: ReferenceView }
  | { kind: 'bind'; entry: GuardedView }
  | { kind: 'history'; entry: string; file: string }
  | { kind: 'make-vault' }
  | { kind: 'unlock-vault' }
  | { kind: 'undo-asks'; move: number; asks: UndoneView['asks'] }
  | { kind: 'leave' }
  | { kind: 'places' }
  | { kind: 'palette' }
  | { kind: 'keys' };

export type ViewName = 'servers' | 'credentials' | 'clients' | 'findings' | 'settings';
