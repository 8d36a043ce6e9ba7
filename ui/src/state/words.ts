import type { Action, PinState, SealView, StatusView, TrustView } from '@/backend';
import type { ListGroup } from './rows';

/** The words for what core names by code. */
export const SEAL: Record<SealView, string> = {
  open: 'Not reviewed',
  one: 'Approved',
  two: 'Countersigned',
  broken: 'Changed',
  crossed: 'Denied',
  dotted: 'Not checked',
};

export const STATUS: Record<StatusView, string> = {
  denied: 'Denied',
  changed: 'Changed',
  expired: 'Expired',
  floating: 'Floating',
  unknown: 'Not checked',
  unreviewed: 'Not reviewed',
  approved: 'Approved',
};

export const GROUP: Record<ListGroup, string> = {
  'needs-you': 'Needs you',
  unexplained: 'Running, and in no config',
  'not-reviewed': 'Not reviewed',
  approved: 'Approved',
  'not-in-effect': 'Not in effect',
};

export const ACTION: Record<Action, string> = {
  review: 'Review',
  'review-change': 'Review change',
  'open-file': 'Open file',
};

export const PIN: Record<PinState, string> = {
  content: 'Content is fixed',
  'version-only': 'Version is fixed',
  floating: 'Floats',
  remote: 'Remote',
};

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** How sure the catalog is that a client reads a place. */
export const CONFIDENCE: Record<string, string> = {
  verified: 'place verified',
  documented: 'place documented',
  catalog: 'reported by others',
  unverified: 'place not verified',
  'user-defined': 'set by you',
};

export const SEVERITY: Record<string, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'For information',
};

/** The verdict in a word: what the seal says, or more exactly why it is broken. */
export function verdict(trust: TrustView): string {
  return trust.status === 'approved' ? SEAL[trust.seal] : STATUS[trust.status];
}
