//! Times as people read them, in the reader's language and time zone.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const dayAndYear = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const short = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const DAY_MS = 86_400_000;

/** Hour and minute: 09:46. */
export const timeOfDay = (at: string): string => clock.format(new Date(at));

/** The same without "AM" and "PM", for narrow places. */
export function timeAlone(at: string): string {
  const parts = clock.formatToParts(new Date(at)).filter(({ type }) => type !== "dayPeriod");
  return parts
    .map(({ value }) => value)
    .join("")
    .trim();
}

/** Date and time in full, for tooltips and screen readers. */
export const fullTime = (at: string): string => whole.format(new Date(at));

/** Date and time, short, for lists. */
export const shortTime = (at: string): string => short.format(new Date(at));

/** As short as it says when: the hour today, the day this year, all of it before. */
export function briefTime(at: string, now: Date): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) return clock.format(date);
  return (date.getFullYear() === now.getFullYear() ? dayAndTime : short).format(date);
}

const days = new Map<string, string>();
const MOST_DAYS = 5_000;

/** A calendar day as a key, local: two times have the same key when they fall on the same day. */
export function dayKey(at: string): string {
  const known = days.get(at);
  if (known !== undefined) return known;
  const date = new Date(at);
  const key = `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
  if (days.size >= MOST_DAYS) days.clear();
  days.set(at, key);
  return key;
}

/** "today", "yesterday", "Tuesday, 3 March", with the year when it is another one. */
export function dayName(at: string, now: Date): string {
  const date = new Date(at);
  const midnight = (of: Date) => new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime();
  const days = Math.round((midnight(date) - midnight(now)) / DAY_MS);
  if (days === 0 || days === -1) {
    const word = relative.format(days, "day");
    return word.charAt(0).toLocaleUpperCase() + word.slice(1);
  }
  return (date.getFullYear() === now.getFullYear() ? day : dayAndYear).format(date);
}

const passed = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const STEPS = [
  ["day", DAY_MS],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** How long ago: "4 min. ago", "yesterday"; "now" within the first minute, the date after four weeks. */
export function ago(at: string, now: Date): string {
  const gone = Math.max(0, now.getTime() - Date.parse(at));
  if (gone >= 28 * DAY_MS) return dayName(at, now);
  for (const [unit, size] of STEPS) {
    if (gone >= size) return passed.format(-Math.floor(gone / size), unit);
  }
  return passed.format(0, "second");
}
