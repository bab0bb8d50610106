//! What the timeline draws: messages and waiting sends as rows, grouped, with day lines and the New line.
import { dayKey } from "./when.ts";

/** Messages of one author within this time stand under one name. */
export const GROUP_MS = 5 * 60_000;

/** How far a row is on its way to the server. */
export type Delivery = "sent" | "sending" | "failed";

/** A message, or a send that waits, as the screen needs it. */
export interface Entry {
  /** Stays the same when a waiting send becomes a message. */
  key: string;
  /** Absent while it waits. */
  id?: string;
  nonce: string;
  seq?: number;
  author: { id: string; name: string; kind: "human" | "bot" };
  body: string;
  version: number;
  createdAt: string;
  editedAt?: string;
  deleted: boolean;
  delivery: Delivery;
  /** Why it failed, as a sentence. */
  failure?: string;
  mine: boolean;
}

/** An entry with its place among the others. */
export interface Row extends Entry {
  /** The first of a day: its time names the day. */
  startsDay: boolean;
  /** Shows no name, since it follows the same author closely. */
  continues: boolean;
  /** The first that one has not read. */
  firstNew: boolean;
  /** The very first of the conversation. */
  first: boolean;
  /** Its place in the conversation, from 1; waiting sends stand after what is known. */
  position: number;
}

/** Lays entries, oldest first, out as rows. `unreadAfter` is how far one had read when one came. */
export function rows(
  entries: readonly Entry[],
  unreadAfter: number | undefined,
  complete: boolean,
): Row[] {
  let before: Entry | undefined;
  let newShown = false;
  let position = 0;
  return entries.map((entry) => {
    const startsDay = before === undefined || dayKey(before.createdAt) !== dayKey(entry.createdAt);
    const firstNew =
      !newShown &&
      unreadAfter !== undefined &&
      !entry.mine &&
      !entry.deleted &&
      (entry.seq ?? 0) > unreadAfter;
    newShown ||= firstNew;
    position = entry.seq ?? position + 1;
    const row: Row = {
      ...entry,
      startsDay,
      firstNew,
      position,
      first: complete && before === undefined,
      continues: !startsDay && !firstNew && before !== undefined && follows(before, entry),
    };
    before = entry;
    return row;
  });
}

function follows(before: Entry, entry: Entry): boolean {
  const gap = Date.parse(entry.createdAt) - Date.parse(before.createdAt);
  return before.author.id === entry.author.id && !before.deleted && gap < GROUP_MS;
}

/** Whether rows were put in front of what was there: the list then keeps its place from its end. */
export function grewInFront(before: readonly Row[], after: readonly Row[]): boolean {
  const first = before[0];
  const now = after[0];
  if (first === undefined || now === undefined || first.key === now.key) return false;
  return after.some((row) => row.key === first.key);
}
