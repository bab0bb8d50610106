//! Changes that come without the message that they change.

import type { Message, Reaction, ReactionSet } from "../shapes.ts";
import { mergeEntity } from "./merge.ts";
import type { Note } from "./state.ts";

/** The message with the change, or itself when it knows of it already. */
export function applyNote(message: Message, change: Note): Message {
  if (change.kind === "thread") {
    const thread = mergeEntity(message.thread, change.thread);
    return thread === message.thread ? message : { ...message, thread };
  }
  if (message.deleted_at !== undefined || change.at <= (message.reactions?.version ?? 0))
    return message;
  const items = message.reactions?.items ?? [];
  const changed = react(items, change.emoji, change.userId, change.on);
  return { ...message, reactions: { items: changed, version: change.at } };
}

/** The message with a newer word about all its reactions. */
export function withReactions(message: Message, set: ReactionSet): Message {
  if (message.deleted_at !== undefined) return message;
  const reactions = mergeEntity(message.reactions, set);
  return reactions === message.reactions ? message : { ...message, reactions };
}

/** The reactions after somebody reacted, or took it back. Emoji stand in the order of coming. */
export function react(items: Reaction[], emoji: string, userId: string, on: boolean): Reaction[] {
  const held = items.find((item) => item.emoji === emoji);
  if (on && held === undefined) return [...items, { emoji, user_ids: [userId] }];
  if (held === undefined || held.user_ids.includes(userId) === on) return items;
  const user_ids = on
    ? [...held.user_ids, userId]
    : held.user_ids.filter((other) => other !== userId);
  return items
    .map((item) => (item === held ? { emoji, user_ids } : item))
    .filter((item) => item.user_ids.length > 0);
}
