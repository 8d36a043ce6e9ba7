import { failure, type Backend } from '@/backend';
import type { AnswerView, ChangeView, Failure, ReviewView, SegmentView } from './types';
import { plural } from '@/text/numbers';

/** Words of unchanged text that stay beside a change. */
const AROUND = 12;

export type Piece = { kind: 'same' | 'removed' | 'added'; text: string } | { kind: 'fold'; count: number };

/** Asks what is known of what a server tells the model. */
export async function look(
  backend: Backend,
  entry: string,
): Promise<{ review: ReviewView | null; problem: Failure | null }> {
  try {
    return { review: await backend.review(entry), problem: null };
  } catch (thrown) {
    return { review: null, problem: failure(thrown) };
  }
}

/** Asks a server what it tells the model. */
export async function asked(
  backend: Backend,
  entry: string,
  network: boolean,
): Promise<{ answer: AnswerView | null; problem: Failure | null }> {
  try {
    return { answer: await backend.ask(entry, network), problem: null };
  } catch (thrown) {
    return { answer: null, problem: failure(thrown) };
  }
}

/** Folds long unchanged runs between changes. */
export function folded(words: SegmentView[], isOpen: boolean): Piece[] {
  return words.flatMap((segment, index): Piece[] => {
    const { tag, text } = segment;
    if (tag === 'removed' || tag === 'added') return [{ kind: tag, text }];
    const parts = text.split(/(?<=\s)(?=\S)/);
    const head = index === 0 ? 0 : AROUND;
    const tail = index === words.length - 1 ? 0 : AROUND;
    const left = parts.length - head - tail;
    if (isOpen || left <= AROUND) return [{ kind: 'same', text }];
    const pieces: Piece[] = [
      { kind: 'same', text: parts.slice(0, head).join('') },
      { kind: 'fold', count: left },
      { kind: 'same', text: parts.slice(parts.length - tail).join('') },
    ];
    return pieces.filter((piece) => piece.kind === 'fold' || piece.text !== '');
  });
}

/** The colours of a grade; its word stands beside it. */
export function gradeTone(grade: string): 'bad' | 'changed' | 'plain' {
  if (grade === 'hidden content' || grade === 'capability') return 'bad';
  return grade === 'cosmetic' ? 'plain' : 'changed';
}

/** Says what happened to an item, in a word or two. */
export function happened(change: ChangeView): string {
  if (change.renamed_from !== null) return 'renamed';
  return change.what;
}

/** Says in one sentence how what a server tells stands. */
export function standing(review: ReviewView): string {
  switch (review.state) {
    case 'approved':
      return review.drift?.grade
        ? 'It is what you approved, but for white space or spelling.'
        : 'It is what you approved.';
    case 'changed':
      return `It is not what you approved: ${plural(review.drift?.changes.length ?? 0, 'change')}.`;
    case 'rejected':
      return 'You rejected it.';
    default:
      return 'Nobody has decided on it.';
  }
}

/** Says how what is shown was obtained. */
export function obtained(how: string): string {
  switch (how) {
    case 'probe':
      return 'asked in a sandbox';
    case 'guard':
      return 'seen when a client used it';
    default:
      return 'from an exported surface';
  }
}
