//! Says that one is typing: at most every three seconds while it goes on, and once when it ends.

import type { ChannelId, TypingState } from "../shapes.ts";
import type { Clock } from "./platform.ts";

export const TYPING_REPEATS_MS = 3_000;

export interface Typing {
  /** Call with true on every key press and with false when the text is sent or cleared. */
  set(channelId: ChannelId, active: boolean): void;
}

export function createTyping(
  clock: Clock,
  say: (channelId: ChannelId, state: TypingState) => void,
): Typing {
  const said = new Map<ChannelId, number>();
  return {
    set(channelId, active) {
      const before = said.get(channelId);
      if (!active) {
        if (said.delete(channelId)) say(channelId, "stopped");
      } else if (before === undefined || clock() - before >= TYPING_REPEATS_MS) {
        said.set(channelId, clock());
        say(channelId, "started");
      }
    },
  };
}
