/** How every button looks, for those that are drawn thousands of times and cannot each be a component. */
export const BUTTON =
  'inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-s border px-2.5 text-s font-medium whitespace-nowrap transition-colors duration-100 disabled:border-line disabled:bg-transparent disabled:text-ink3';

export type Look = 'primary' | 'plain' | 'quiet' | 'bad';

export const LOOKS: Record<Look, string> = {
  primary: 'bg-accent border-accent text-accent-ink hover:bg-accent-hover hover:border-accent-hover',
  plain: 'bg-surface border-line-strong text-ink hover:bg-hover',
  quiet: 'bg-transparent border-transparent text-ink2 hover:bg-hover hover:text-ink',
  bad: 'bg-surface border-line-strong text-bad hover:bg-bad-soft',
};
