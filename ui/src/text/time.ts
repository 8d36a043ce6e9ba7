const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const EXACT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 hours ago", both in seconds since 1970. */
export function relative(at_s: number, now_s: number): string {
  const passed = now_s - at_s;
  for (const [unit, seconds] of UNITS) {
    if (Math.abs(passed) >= seconds) return RELATIVE.format(-Math.round(passed / seconds), unit);
  }
  return 'just now';
}

/** "25 Nov 2026, 09:12". */
export function exact(at_s: number): string {
  return EXACT.format(at_s * 1000);
}

/** "25 Nov 2026". */
export function day(at_s: number): string {
  return DATE.format(at_s * 1000);
}

/** "09:12" today, "24 Nov, 09:12" before. */
export function since(at_s: number, now_s: number): string {
  const isToday = new Date(at_s * 1000).toDateString() === new Date(now_s * 1000).toDateString();
  const clock = CLOCK.format(at_s * 1000);
  return isToday ? clock : `${DAY.format(at_s * 1000)}, ${clock}`;
}

/** The day that lies `days` after now, as `YYYY-MM-DD`. */
export function dayAfter(days: number, now_ms: number): string {
  const day = new Date(now_ms + days * 86_400_000);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
