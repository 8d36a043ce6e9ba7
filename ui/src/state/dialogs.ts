import type { EntryView, FindingView, ServerView } from '@/backend';

/** What stands above the window. One at a time. */
export type Dialog =
  | { kind: 'approve'; server: ServerView; entries: EntryView[] }
  | { kind: 'deny'; server: ServerView; entry: EntryView }
  | { kind: 'stanza'; server: ServerView; entry: EntryView }
  | { kind: 'quiet'; finding: FindingView }
  | { kind: 'rule'; rule: string }
  | { kind: 'places' }
  | { kind: 'palette' }
  | { kind: 'keys' };

export type ViewName = 'servers' | 'clients' | 'findings' | 'settings';
