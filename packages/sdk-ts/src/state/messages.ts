//! Messages wherever they are held: in timelines, as roots of threads, as what others quote.

import type {
  ChannelId,
  ConversationId,
  Message,
  MessageId,
  ThreadSummary,
  User,
} from "../shapes.ts";
import { learnUsers, mergeMessage, put, withLastSeq } from "./merge.ts";
import { applyNote } from "./notes.ts";
import type { Note, State, Timeline, WorkspaceState } from "./state.ts";
import { admit, belongs, changeRow, note, rowAt, withNewest } from "./timeline.ts";
import { inWorkspace } from "./workspaces.ts";

/** Takes a message in wherever its channel is known. `seq` says how fresh its author's name is. */
export function placeMessage(state: State, message: Message, seq: number): State {
  const channel = state.workspaces[message.workspace_id]?.channels[message.channel_id];
  if (channel === undefined) return state;
  const grown = withLastSeq(channel, message.seq ?? 0);
  const next = inWorkspace(state, message.workspace_id, (held) =>
    learnUsers(withChannel(held, grown), [
      { user: message.author, seq },
      ...named(message).map((user) => ({ user, seq })),
    ]),
  );
  const inChannel = admitTo(next, channel.id, message, grown.last_seq);
  const inThread = admitTo(inChannel, message.thread_root_id, message, message.thread_seq ?? 0);
  // A thread that is open, or about to be, needs its root whatever its pages have seen of it.
  const isRoot = inThread.timelines[message.id] !== undefined;
  return noteThread(hold(inThread, message, isRoot), message);
}

function named(message: Message): readonly User[] {
  return message.mentions?.people ?? [];
}

function withChannel(
  workspace: WorkspaceState,
  channel: WorkspaceState["channels"][string],
): WorkspaceState {
  const channels = put(workspace.channels, channel.id, channel);
  return channels === workspace.channels ? workspace : { ...workspace, channels };
}

function admitTo(
  state: State,
  id: ConversationId | undefined,
  message: Message,
  newest: number,
): State {
  const timeline = id === undefined ? undefined : state.timelines[id];
  if (id === undefined || timeline === undefined || !belongs(timeline, message)) return state;
  const admitted = withNewest(admit(timeline, message), newest);
  return wantQuotes(withTimeline(state, id, admitted), [message]);
}

/** The state with this timeline in place of the one before. */
export function withTimeline(state: State, id: ConversationId, changed: Timeline): State {
  const timelines = put(state.timelines, id, changed);
  return timelines === state.timelines ? state : { ...state, timelines };
}

/** A root that carries its thread moves the thread's timeline on. */
function noteThread(state: State, { thread }: Message): State {
  if (thread === undefined) return state;
  const timeline = state.timelines[thread.root_id];
  if (timeline === undefined) return state;
  return withTimeline(state, thread.root_id, withNewest(timeline, thread.last_seq));
}

/** Tells every place that may hold a message of a change of it. */
export function noteChange(state: State, channelId: ChannelId | undefined, change: Note): State {
  let { timelines } = state;
  for (const [id, timeline] of Object.entries(state.timelines)) {
    if (channelId !== undefined && timeline.channelId !== channelId) continue;
    timelines = put(timelines, id, note(timeline, change));
  }
  const held = state.messages[change.messageId];
  const messages = held
    ? put(state.messages, change.messageId, applyNote(held, change))
    : state.messages;
  return timelines === state.timelines && messages === state.messages
    ? state
    : { ...state, timelines, messages };
}

/** Takes the newest word about a thread in: at its root, and at the end of its timeline. */
export function placeThread(state: State, thread: ThreadSummary): State {
  const change = { kind: "thread", messageId: thread.root_id, thread } as const;
  const next = noteChange(state, thread.channel_id, change);
  const timeline = next.timelines[thread.root_id];
  if (timeline === undefined) return next;
  return withTimeline(next, thread.root_id, withNewest(timeline, thread.last_seq));
}

/** Changes one message wherever it is held, without any news of the log. */
export function changeMessage(
  state: State,
  { id, channel_id }: Message,
  change: (message: Message) => Message,
): State {
  let { timelines } = state;
  for (const [conversationId, timeline] of Object.entries(state.timelines)) {
    if (timeline.channelId !== channel_id) continue;
    timelines = put(timelines, conversationId, changeRow(timeline, id, change));
  }
  const held = state.messages[id];
  const messages = held ? put(state.messages, id, change(held)) : state.messages;
  return { ...state, timelines, messages };
}

/**
 * Holds a message by itself, so that events keep it current. Without `anew` only where it is held,
 * or wanted, already.
 */
export function hold(state: State, message: Message, anew: boolean): State {
  const held = state.messages[message.id];
  const wanted = state.wantedMessages.includes(message.id);
  if (held === undefined && !wanted && !anew) return state;
  const messages = put(state.messages, message.id, mergeMessage(held ?? undefined, message));
  const next = messages === state.messages ? state : { ...state, messages };
  return wanted ? unwant(next, message.id) : next;
}

/** Notes that a message is none that one may see. */
export function hide(state: State, id: MessageId): State {
  return unwant({ ...state, messages: put(state.messages, id, null) }, id);
}

function unwant(state: State, id: MessageId): State {
  return { ...state, wantedMessages: state.wantedMessages.filter((other) => other !== id) };
}

/** Sees to it that what these messages quote is held. */
export function wantQuotes(state: State, messages: readonly Message[]): State {
  let next = state;
  for (const { quote_of: id, channel_id } of messages) {
    if (id === undefined || next.messages[id] !== undefined || next.wantedMessages.includes(id))
      continue;
    const known = findRow(next, id, channel_id);
    next =
      known === undefined
        ? { ...next, wantedMessages: [...next.wantedMessages, id] }
        : hold(next, known, true);
  }
  return next;
}

/** What one could not see before may be among what one sees now. */
export function wantHidden(state: State): State {
  const hidden = Object.keys(state.messages).filter((id) => state.messages[id] === null);
  if (hidden.length === 0) return state;
  // The others are asked for when something that quotes them is shown.
  const quoted = new Set(
    Object.values(state.timelines).flatMap(({ open, rows }) =>
      open ? rows.flatMap(({ quote_of }) => quote_of ?? []) : [],
    ),
  );
  const wanted = hidden.filter((id) => quoted.has(id) && !state.wantedMessages.includes(id));
  const messages = Object.fromEntries(
    Object.entries(state.messages).filter(([, message]) => message !== null),
  );
  return { ...state, messages, wantedMessages: [...state.wantedMessages, ...wanted] };
}

/** The row of a message in whatever timeline of a channel has it. */
export function findRow(state: State, id: MessageId, channelId?: ChannelId): Message | undefined {
  for (const timeline of Object.values(state.timelines)) {
    if (channelId !== undefined && timeline.channelId !== channelId) continue;
    const row = timeline.rows.findLast((held) => held.id === id);
    if (row !== undefined) return row;
  }
  return undefined;
}

/** The freshest form of a message that is known. */
export function freshest(state: State, message: Message): Message {
  const { channel_id, seq, thread_root_id, thread_seq } = message;
  const inChannel = state.timelines[channel_id];
  const inThread = thread_root_id === undefined ? undefined : state.timelines[thread_root_id];
  const known = [
    state.messages[message.id],
    inChannel && seq !== undefined ? rowAt(inChannel, seq) : undefined,
    inThread && thread_seq !== undefined ? rowAt(inThread, thread_seq) : undefined,
  ];
  return known.reduce<Message>(
    (newest, held) => (held?.id === message.id ? mergeMessage(held, newest) : newest),
    message,
  );
}
