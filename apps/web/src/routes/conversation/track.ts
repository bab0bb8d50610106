//! A conversation as places with rows: what is loaded, what waits, and how long all of it is.
import { type Message, pendingIn, placeOf, rootOf, type State } from "@clickclack/sdk";
import { type Conversation, entryOf, waitingEntry } from "../../live/entries.ts";
import { type Entry, layOut } from "../../parts/rows.ts";
import type { Track } from "../../parts/track.ts";

/** Among so many of the newest rows a send is looked for. */
const NEWEST = 100;

/** Its id: the channel's, or that of the message that the thread hangs on. */
export const idOf = ({ channel, root }: Conversation): string => root ?? channel;

/** Lays a conversation out. `newAt` is the place of the New line. */
export function trackOf(
  state: State,
  conversation: Conversation,
  newest: number,
  newAt: number | undefined,
): Track {
  const id = idOf(conversation);
  const rows: readonly Message[] = state.timelines[id]?.rows ?? [];
  const [head, tail] = [rows[0], rows.at(-1)];
  const first = head === undefined ? 1 : placeOf(head, id);
  const last = tail === undefined ? 0 : placeOf(tail, id);
  const end = Math.max(newest, last);
  const from = conversation.root === undefined ? 1 : 0;
  const waiting = waitingIn(state, id, rows);

  function entryAt(place: number): Entry | undefined {
    if (place > end) return waiting[place - end - 1];
    const message =
      place === 0 && conversation.root !== undefined
        ? rootOf(state, conversation.root)
        : rows[place - first];
    return message === undefined ? undefined : entryOf(state, message, conversation);
  }
  return {
    from,
    first,
    last,
    newest: end,
    size: end - from + 1 + waiting.length,
    rowAt(place) {
      const entry = entryAt(place);
      if (entry === undefined) return undefined;
      const before = place > from ? entryAt(place - 1) : undefined;
      return layOut(entry, { place, before, firstNew: place === newAt });
    },
  };
}

/** What is on its way and not among the rows yet. */
function waitingIn(state: State, id: string, rows: readonly Message[]): Entry[] {
  const pending = pendingIn(state, id);
  if (pending.length === 0) return [];
  const arrived = new Set(rows.slice(-NEWEST).map((row) => `${row.author.id}:${row.nonce}`));
  return pending
    .map((send) => waitingEntry(state, send))
    .filter((entry): entry is Entry => entry !== undefined && !arrived.has(entry.key));
}

/** Where a message stands in a conversation; undefined when it is not part of it. */
export function placeIn(message: Message, { channel, root }: Conversation): number | undefined {
  if (message.channel_id !== channel) return undefined;
  if (root === undefined) return message.seq;
  if (message.id === root) return 0;
  return message.thread_root_id === root ? message.thread_seq : undefined;
}
