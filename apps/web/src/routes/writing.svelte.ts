//! The places to write: fetched when the first timeline stands, there at once from then on.
import { type Channel, type Timeline } from "@clickclack/sdk";
import { enter } from "../live/enter.svelte.ts";
import { labelOf } from "../live/keyboard.ts";
import { lazy } from "../live/lazy.svelte.ts";
import type { Suggester, Writing } from "../parts/composer/writing.ts";
import type * as Pieces from "./writing-pieces.ts";

let pieces = $state.raw<typeof Pieces>();
let asked = false;

/** The parts themselves, nothing as long as they are on their way. */
export const writers = {
  get here(): typeof Pieces | undefined {
    return pieces;
  },
  /** Fetches them, once there is something to read, or nothing to wait for. */
  after(timeline: Timeline | undefined): void {
    if (asked || timeline === undefined || !(timeline.loaded || timeline.failed !== null)) return;
    asked = true;
    void lazy(() => import("./writing-pieces.ts")).then((all) => (pieces = all));
  },
};

/** What the places to write of a channel or a thread have around them. */
export function writingOf(channel: () => Channel, conversation: string): Writing {
  let suggester: Suggester | undefined;
  return {
    get suggester() {
      suggester ??= pieces?.suggesterOf(channel, conversation);
      return suggester ?? { now: () => [], later: () => undefined, emoji: () => undefined };
    },
    get enterSends() {
      return enter.sends;
    },
    get Editor() {
      return pieces?.MessageEditor;
    },
    keys: (keys) => (keys === "" ? "" : labelOf(keys)),
  };
}
