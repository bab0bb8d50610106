//! Says that one is typing: at most every three seconds while it goes on, and once when it ends.

import type { ChannelId, ConversationId, MessageId, TypingState } from "../shapes.ts";
import type { Clock } from "./platform.ts";

export const TYPING_REPEATS_MS = 3_000;

export interface Typing {
  /** Call with true on every key press and with false when the text is sent or cleared. */
  set(channelId: ChannelId, active: boolean, rootId?: MessageId): void;
}

export function createTyping(
  clock: Clock,
  say: (channelId: ChannelId, state: TypingState, rootId?: MessageId) => void,
): Typing {
  const said = new Map<ConversationId, number>();
  return {
    set(channelId, active, rootId) {
      const id = rootId ?? channelId;
      const before = said.get(id);
      if (!active) {
        if (said.delete(id)) say(channelId, "stopped", rootId);
      } else if (before === undefined || clock() - before >= TYPING_REPEATS_MS) {
        said.set(id, clock());
        say(channelId, "started", rootId);
      }
    },
  };
}
