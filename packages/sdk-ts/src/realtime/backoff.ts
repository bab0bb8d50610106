//! How long to wait before the next try: exponential, with full jitter.

export const FIRST_DELAY_MS = 250;
export const LONGEST_DELAY_MS = 30_000;
/** Who stayed connected this long begins with the first delay again. */
export const STABLE_AFTER_MS = 10_000;

/** The delay before try number `attempt` (from 0), anywhere up to the doubled bound. */
export function backoff(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt));
}
