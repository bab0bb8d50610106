//! The SDK's messages and waiting sends as the timeline's entries.
import {
  authorOf,
  callsMe,
  isSaved,
  type Message,
  type Pending,
  quotedMessage,
  reactionsOf,
  rootOf,
  type State,
  unreadIn,
  type User,
  userOf,
  workspaceOf,
} from "@clickclack/sdk";
import type { Entry, Quoted } from "../parts/rows.ts";
import { say } from "../strings.ts";

/** A channel's timeline, or that of a thread in it. */
export interface Conversation {
  readonly channel: string;
  /** The message that the thread hangs on. */
  readonly root?: string;
}

/** What an entry is made of beside its message: when all of it is the same, so is the entry. */
interface Made {
  readonly of: readonly unknown[];
  readonly entry: Entry;
}
const inChannel = new WeakMap<Message, Made>();
const inThread = new WeakMap<Message, Made>();

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((part, index) => part === b[index]);
}

/** A message as an entry. Unchanged ones stay the same object, so that their rows stay as they are. */
export function entryOf(state: State, message: Message, { root }: Conversation): Entry {
  const me = state.account?.id;
  const author = authorOf(state, message);
  const reactions = reactionsOf(state, message);
  const saved = isSaved(state, message.id);
  const quote = message.quote_of === undefined ? undefined : quotedMessage(state, message.quote_of);
  const quoted = quote?.status === "known" ? quote.message : quote?.status;
  const quotedAuthor = quote?.status === "known" ? authorOf(state, quote.message) : undefined;
  const thread = root === undefined ? message.thread : undefined;
  const threadUnread = thread !== undefined && unreadIn(state, message.id).unread > 0;
  const replies = root === undefined ? message.thread_root_id : undefined;
  const repliedTo = replies === undefined ? undefined : rootOf(state, replies);
  const pinner = message.pin && userOf(state, message.workspace_id, message.pin.user_id)?.name;
  const of = [me, author, reactions, saved, quoted, quotedAuthor, threadUnread, repliedTo, pinner];
  const made = root === undefined ? inChannel : inThread;
  const known = made.get(message);
  if (known !== undefined && same(known.of, of)) return known.entry;
  const entry: Entry = {
    key: `${message.author.id}:${message.nonce}`,
    id: message.id,
    nonce: message.nonce,
    author,
    body: message.body,
    version: message.version,
    createdAt: message.created_at,
    deleted: message.deleted_at !== undefined,
    delivery: "sent",
    mine: message.author.id === me,
    calls: callsMe(state, message),
    reactions,
    threadUnread,
    saved,
    ...(message.mentions === undefined ? {} : { people: message.mentions.people }),
    ...(message.edited_at === undefined ? {} : { editedAt: message.edited_at }),
    ...(thread === undefined ? {} : { thread }),
    ...(replies === undefined ? {} : { replyTo: { root: replies, message: repliedTo } }),
    ...(quote === undefined ? {} : { quote: seen(quote, quotedAuthor) }),
    ...(message.pin === undefined ? {} : { pinnedBy: pinner ?? say.emoji.somebody }),
  };
  made.set(message, { of, entry });
  return entry;
}

function seen(quote: ReturnType<typeof quotedMessage>, author: User | undefined): Quoted {
  if (quote.status !== "known") return quote;
  return { ...quote, author: author ?? quote.message.author };
}

/** A send that waits, as an entry. */
export function waitingEntry(state: State, pending: Pending): Entry | undefined {
  const author = workspaceOf(state, pending.channelId)?.me.user ?? state.account;
  if (author === null) return undefined;
  const quote = pending.quoteOf === undefined ? undefined : quotedMessage(state, pending.quoteOf);
  const quotedAuthor = quote?.status === "known" ? authorOf(state, quote.message) : undefined;
  return {
    key: `${author.id}:${pending.nonce}`,
    nonce: pending.nonce,
    author,
    body: pending.body,
    version: 0,
    createdAt: new Date(pending.queuedAt).toISOString(),
    deleted: false,
    delivery: pending.status === "failed" ? "failed" : "sending",
    mine: true,
    calls: false,
    reactions: [],
    threadUnread: false,
    saved: false,
    ...(pending.failure === undefined ? {} : { failure: failed(pending.failure) }),
    ...(quote === undefined ? {} : { quote: seen(quote, quotedAuthor) }),
  };
}

function failed({ code, detail }: NonNullable<Pending["failure"]>): string {
  const words =
    code === "access_lost" ? say.failure.accessLost : (say.failure.codes[code] ?? detail);
  return say.message.notSent(words);
}
