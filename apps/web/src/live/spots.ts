//! Where one looked in each conversation before one left it, for as long as the page lives.
import type { Spot } from "../parts/track.ts";

const kept = new Map<string, Spot>();
const MOST = 200;

/** The spots of this page. */
export const spots = {
  of: (conversation: string): Spot | undefined => kept.get(conversation),
  keep(conversation: string, spot: Spot): void {
    kept.delete(conversation);
    kept.set(conversation, spot);
    const [oldest] = kept.keys();
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
  },
};
