//! The SDK's messages and waiting sends as the timeline's entries.
import {
  authorOf,
  type Message,
  type Pending,
  pendingIn,
  type State,
  workspaceOf,
} from "@clickclack/sdk";
import type { Entry } from "../parts/rows.ts";
import { say } from "../strings.ts";

const made = new WeakMap<Message, Entry>();

/** A message as an entry. The same message gives the same entry, so that unchanged rows stay as they are. */
function sent(state: State, message: Message, me: string): Entry {
  const author = authorOf(state, message);
  const known = made.get(message);
  if (known !== undefined && known.author.name === author.name && known.mine === (author.id === me))
    return known;
  const entry: Entry = {
    key: `${message.author.id}:${message.nonce}`,
    id: message.id,
    nonce: message.nonce,
    seq: message.seq,
    author,
    body: message.body,
    version: message.version,
    createdAt: message.created_at,
    ...(message.edited_at === undefined ? {} : { editedAt: message.edited_at }),
    deleted: message.deleted_at !== undefined,
    delivery: "sent",
    mine: message.author.id === me,
  };
  made.set(message, entry);
  return entry;
}

function waiting(pending: Pending, author: Entry["author"]): Entry {
  return {
    key: `${author.id}:${pending.nonce}`,
    nonce: pending.nonce,
    author,
    body: pending.body,
    version: 0,
    createdAt: new Date(pending.queuedAt).toISOString(),
    deleted: false,
    delivery: pending.status === "failed" ? "failed" : "sending",
    ...(pending.failure === undefined ? {} : { failure: failed(pending.failure) }),
    mine: true,
  };
}

function failed({ code, detail }: NonNullable<Pending["failure"]>): string {
  const words =
    code === "access_lost" ? say.failure.accessLost : (say.failure.codes[code] ?? detail);
  return say.message.notSent(words);
}

/** Everything that a conversation shows, oldest first. */
export function entriesOf(state: State, channelId: string): Entry[] {
  const timeline = state.timelines[channelId];
  const account = state.account;
  if (timeline === undefined || account === null) return [];
  const messages = timeline.rows.map((message) => sent(state, message, account.id));
  if (timeline.hasNewer) return messages;
  const author = workspaceOf(state, channelId)?.me.user ?? account;
  const pending = pendingIn(state, channelId);
  if (pending.length === 0) return messages;
  const arrived = new Set(messages.map((entry) => entry.key));
  const rest = pending
    .map((send) => waiting(send, author))
    .filter((entry) => !arrived.has(entry.key));
  return [...messages, ...rest];
}
