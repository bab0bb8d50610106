//! What a timeline draws: messages and waiting sends as rows, grouped, with day lines and the New line.
import type { Message, ShownReaction, ThreadSummary, User } from "@clickclack/sdk";
import { dayKey } from "./when.ts";

/** Messages of one author within this time stand under one name. */
export const GROUP_MS = 5 * 60_000;

/** How far a row is on its way to the server. */
export type Delivery = "sent" | "sending" | "failed";

/** The message that another one quotes, as far as one may see it. */
export type Quoted =
  | { readonly status: "known"; readonly message: Message; readonly author: User }
  | { readonly status: "loading" }
  | { readonly status: "hidden" };

/** A message, or a send that waits, as the screen needs it. */
export interface Entry {
  /** Stays the same when a waiting send becomes a message. */
  readonly key: string;
  /** Absent while it waits. */
  readonly id?: string;
  readonly nonce: string;
  readonly author: { readonly id: string; readonly name: string; readonly kind: "human" | "bot" };
  readonly body: string;
  /** The people whom the text names. */
  readonly people?: readonly User[];
  readonly version: number;
  readonly createdAt: string;
  readonly editedAt?: string;
  readonly deleted: boolean;
  readonly delivery: Delivery;
  /** Why it failed, as a sentence. */
  readonly failure?: string;
  readonly mine: boolean;
  /** It names the reader, or called everybody. */
  readonly calls: boolean;
  readonly reactions: readonly ShownReaction[];
  /** The thread that hangs on it. */
  readonly thread?: ThreadSummary;
  /** That thread has replies that one has not read. */
  readonly threadUnread: boolean;
  /** Of a reply that is shown in the channel too: what it replies to, as far as that is known. */
  readonly replyTo?: { readonly root: string; readonly message: Message | undefined };
  readonly quote?: Quoted;
  /** Who pinned it. */
  readonly pinnedBy?: string;
  readonly saved: boolean;
}

/** An entry with its place among the others. */
export interface Row extends Entry {
  /** Its place in the channel or thread, from 1; 0 is the message that a thread hangs on. */
  readonly place: number;
  /** The first of a day: its time names the day. */
  readonly startsDay: boolean;
  /** Shows no name, since it follows the same author closely. */
  readonly continues: boolean;
  /** The first that one has not read. */
  readonly firstNew: boolean;
}

/** Where an entry is put. */
export interface Setting {
  readonly place: number;
  /** The entry in front of it, if that is loaded. */
  readonly before: Entry | undefined;
  readonly firstNew: boolean;
}

const laid = new WeakMap<Entry, Row>();

/** Lays one entry out. What stands as it stood gives the same row, so that nothing is drawn again. */
export function layOut(entry: Entry, { place, before, firstNew }: Setting): Row {
  const startsDay =
    place === 1
      ? before === undefined || dayKey(before.createdAt) !== dayKey(entry.createdAt)
      : before !== undefined && dayKey(before.createdAt) !== dayKey(entry.createdAt);
  const continues =
    place > 1 && !startsDay && !firstNew && before !== undefined && follows(before, entry);
  const known = laid.get(entry);
  if (
    known?.place === place &&
    known.startsDay === startsDay &&
    known.continues === continues &&
    known.firstNew === firstNew
  ) {
    return known;
  }
  const row: Row = { ...entry, place, startsDay, continues, firstNew };
  laid.set(entry, row);
  return row;
}

/** Whether an entry may go without a name under the one before. What says more about itself has a head. */
function follows(before: Entry, entry: Entry): boolean {
  const gap = Date.parse(entry.createdAt) - Date.parse(before.createdAt);
  return (
    before.author.id === entry.author.id &&
    !before.deleted &&
    gap < GROUP_MS &&
    entry.replyTo === undefined
  );
}

/** What of a message says whether the New line may stand above it. */
interface Candidate {
  readonly author: { readonly id: string };
  readonly deleted_at?: string;
}

/**
 * Where the New line stands: above the first message of others after what was read. Nowhere while
 * what follows it directly is not loaded. `first` is the place of the first of `rows`.
 */
export function newPlace(
  rows: readonly Candidate[],
  first: number,
  readUpTo: number | undefined,
  me: string,
): number | undefined {
  if (readUpTo === undefined || first > readUpTo + 1) return undefined;
  for (let index = readUpTo + 1 - first; index < rows.length; index += 1) {
    const row = rows[index];
    if (row !== undefined && row.author.id !== me && row.deleted_at === undefined) {
      return first + index;
    }
  }
  return undefined;
}
