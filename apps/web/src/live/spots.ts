//! Where one looked in each conversation before one left it, for as long as the page lives.
import type { Sizes, Spot } from "../parts/track.ts";

const kept = new Map<string, Spot>();
const MOST = 200;
/** Of long conversations they are large. */
const measured = new Map<string, Sizes>();
const MOST_MEASURED = 20;

function put<T>(table: Map<string, T>, key: string, value: T, most: number): void {
  table.delete(key);
  table.set(key, value);
  const [oldest] = table.keys();
  if (table.size > most && oldest !== undefined) table.delete(oldest);
}

/** The spots of this page. */
export const spots = {
  of: (conversation: string): Spot | undefined => kept.get(conversation),
  /** How tall its rows were: what is known need not be measured before it is shown. */
  sizesOf: (conversation: string): Sizes | undefined => measured.get(conversation),
  keep(conversation: string, spot: Spot, sizes: Sizes | undefined): void {
    put(kept, conversation, spot, MOST);
    if (sizes !== undefined) put(measured, conversation, sizes, MOST_MEASURED);
  },
};
