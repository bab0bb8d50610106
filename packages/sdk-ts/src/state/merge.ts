//! Putting what came into what is held: the newer version wins, and equal changes nothing.

import type { Channel, Message, User } from "../shapes.ts";
import type { WorkspaceState } from "./state.ts";

/** Anything whose changes are counted by the workspace's log. */
export interface Versioned {
  readonly version: number;
}

/** The newer of two; what is held stays, with its identity, when both are the same age. */
export function mergeEntity<T extends Versioned>(held: T | undefined, incoming: T): T {
  return held === undefined || incoming.version > held.version ? incoming : held;
}

/** Text, reactions and thread of a message are counted apart: of each the newer wins. */
export function mergeMessage(held: Message | undefined, incoming: Message): Message {
  const newer = mergeEntity(held, incoming);
  // A deleted message has no reactions any more, whatever was told of them before.
  const reactions =
    newer.deleted_at === undefined ? newest(held?.reactions, incoming.reactions) : undefined;
  const thread = newest(held?.thread, incoming.thread);
  if (newer.reactions === reactions && newer.thread === thread) return newer;
  const { reactions: _, thread: __, ...rest } = newer;
  return { ...rest, ...(reactions && { reactions }), ...(thread && { thread }) };
}

function newest<T extends Versioned>(held: T | undefined, incoming: T | undefined): T | undefined {
  return incoming === undefined ? held : mergeEntity(held, incoming);
}

/** As mergeEntity; `last_seq` moves with messages and so only ever grows. */
export function mergeChannel(held: Channel | undefined, incoming: Channel): Channel {
  const newer = mergeEntity(held, incoming);
  return withLastSeq(newer, Math.max(held?.last_seq ?? 0, incoming.last_seq));
}

/** The channel knowing of a message with this `seq`. */
export function withLastSeq(channel: Channel, seq: number): Channel {
  return seq > channel.last_seq ? { ...channel, last_seq: seq } : channel;
}

type Table<T> = Readonly<Record<string, T>>;

/** The record with this value; itself when it has it already. */
export function put<T>(record: Table<T>, key: string, value: T): Table<T> {
  return record[key] === value ? record : { ...record, [key]: value };
}

/** The record without this key; itself when it has no such key. */
export function omit<T>(record: Table<T>, key: string): Table<T> {
  if (!(key in record)) return record;
  const { [key]: _, ...rest } = record;
  return rest;
}

/** Notes what was said about a user at `seq`, unless something newer is known. */
export function learnUsers(
  workspace: WorkspaceState,
  seen: readonly { readonly user: User; readonly seq: number }[],
): WorkspaceState {
  let { users, userSeqs } = workspace;
  for (const { user, seq } of seen) {
    const held = users[user.id];
    if (held !== undefined && (seq < (userSeqs[user.id] ?? 0) || sameUser(held, user))) continue;
    users = put(users, user.id, user);
    userSeqs = put(userSeqs, user.id, seq);
  }
  return users === workspace.users ? workspace : { ...workspace, users, userSeqs };
}

function sameUser(a: User, b: User): boolean {
  return a.name === b.name && a.deactivated === b.deactivated && a.kind === b.kind;
}
