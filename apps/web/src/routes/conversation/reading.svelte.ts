//! Where the New line stands while one reads, and whether what is seen counts as read.
import { untrack } from "svelte";

/** How far one has read, and what has come. */
export interface Reading {
  /** Undefined while it is not known. */
  readonly readTo: number | undefined;
  readonly unread: number;
  readonly newest: number;
  /** The window is in front of the person. */
  readonly watched: boolean;
}

/** Follows the reading of one conversation for as long as the caller lives. */
export function reading(now: () => Reading) {
  let lineAfter = $state<number>();
  let paused = $state(false);
  let before: number | undefined;

  function follow({ readTo, unread, newest, watched }: Reading): void {
    if (readTo !== undefined) {
      if (before === undefined) {
        if (unread > 0) lineAfter = readTo;
      } else if (readTo < before) {
        // Marked unread, here or elsewhere: that is not undone by looking at it.
        lineAfter = readTo;
        paused = true;
      } else if (paused && readTo >= newest) {
        lineAfter = undefined;
        paused = false;
      }
      before = readTo;
    }
    // What comes while nobody looks is new when somebody does.
    if (!watched && unread === 0 && readTo !== undefined) lineAfter = newest;
  }
  $effect.pre(() => {
    const at = now();
    untrack(() => follow(at));
  });
  return {
    /** The New line stands after this place; undefined where it does not stand. */
    get lineAfter(): number | undefined {
      return lineAfter;
    },
    /** Marked unread: seeing it does not count until one acts. */
    get paused(): boolean {
      return paused;
    },
    /** One has acted: what is seen is read again. */
    resume(): void {
      paused = false;
    },
  };
}
