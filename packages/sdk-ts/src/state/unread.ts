//! What is unread, in one conversation and in all.

import type { ChannelId, ConversationId, Message, MessageId, WorkspaceId } from "../shapes.ts";
import { calls } from "./personal.ts";
import { type CountRows, counts, MANY, placeRead } from "./reading.ts";
import { channelIdOf, channelOf, preferencesOf, workspaceOf } from "./selectors.ts";
import type { Counts, State, WorkspaceState } from "./state.ts";
import { rowsBetween } from "./timeline.ts";
import { wishedFollow } from "./wishes.ts";

const NOTHING: Counts = { unread: 0, mentions: 0 };

/** How far one has read: the `seq` of a channel, the `thread_seq` of a thread. */
export function readSeqOf(state: State, id: ConversationId): number {
  const reading = state.reads[id] ?? state.follows[id];
  return reading === undefined ? 0 : placeRead(reading);
}

/** What is unread in a channel that one is in, or in a thread that one follows. */
export function unreadIn(state: State, id: ConversationId): Counts {
  const workspace = workspaceOf(state, id);
  return workspace === undefined
    ? unreadInThread(state, id)
    : unreadInChannel(state, workspace, id);
}

function unreadInChannel(
  state: State,
  { channels, joined }: WorkspaceState,
  id: ChannelId,
): Counts {
  const [channel, reading] = [channels[id], state.reads[id]];
  if (channel === undefined || reading === undefined || joined[id] !== true) return NOTHING;
  return counts(reading, channel.last_seq, countRows(state, id));
}

function unreadInThread(state: State, id: MessageId): Counts {
  const reading = state.follows[id];
  if (reading === undefined || wishedFollow(state, id) !== true) return NOTHING;
  return counts(reading, lastPlaceOf(state, id) ?? Infinity, countRows(state, id));
}

/** The newest place of a conversation, if it is known. No rows are looked through for it. */
export function lastPlaceOf(state: State, id: ConversationId): number | undefined {
  const timeline = state.timelines[id];
  return (
    channelOf(state, id)?.last_seq ??
    (timeline?.loaded ? timeline.last : state.messages[id]?.thread?.last_seq)
  );
}

/** Counts in the rows that are here. */
function countRows(state: State, id: ConversationId): CountRows {
  return (from, to) => {
    const timeline = state.timelines[id];
    const me = state.account?.id;
    const rows = timeline && Number.isFinite(to) ? rowsBetween(timeline, from, to) : null;
    if (rows === null || me === undefined) return null;
    const unread = rows.filter(
      ({ author, deleted_at }) => author.id !== me && deleted_at === undefined,
    );
    return { unread: unread.length, mentions: unread.filter((row) => calls(row, me)).length };
  };
}

/** Whether a channel is shown as unread: a muted one only where one was called. */
export function isUnread(state: State, channelId: ChannelId): boolean {
  return shows(state, channelId, unreadIn(state, channelId));
}

function shows(state: State, channelId: ChannelId, { unread, mentions }: Counts): boolean {
  return mentions > 0 || (unread > 0 && !preferencesOf(state, channelId).muted);
}

/** The followed threads of a workspace in which something is unread. */
export function unreadThreads(state: State, workspaceId: WorkspaceId): MessageId[] {
  const workspace = state.workspaces[workspaceId];
  if (workspace === undefined) return [];
  return threadsOf(state, workspace).filter((id) => unreadInThread(state, id).unread > 0);
}

function threadsOf(state: State, { channels }: WorkspaceState): MessageId[] {
  return Object.entries(state.follows)
    .filter(([, { base }]) => channels[base.channel_id] !== undefined)
    .map(([id]) => id);
}

/** What is unread in a whole workspace. */
export interface WorkspaceCounts {
  readonly unread: boolean;
  /** In channels and followed threads; 100 stands for more than 99. */
  readonly mentions: number;
  /** Followed threads with something unread. */
  readonly threads: number;
}

/** What the counts are made of. */
const partsOf = (state: State): readonly unknown[] => [
  state.account,
  state.workspaces,
  state.reads,
  state.follows,
  state.timelines,
  state.messages,
  state.preferences,
  state.wishes,
];
/** Counted once, whoever asks, as long as nothing of it changes. */
let counted: { of: readonly unknown[]; by: Map<WorkspaceId, WorkspaceCounts> } | undefined;

export function workspaceCounts(state: State, workspaceId: WorkspaceId): WorkspaceCounts {
  const of = partsOf(state);
  if (counted === undefined || counted.of.some((part, index) => part !== of[index]))
    counted = { of, by: new Map() };
  const held = counted.by.get(workspaceId) ?? countWorkspace(state, workspaceId);
  counted.by.set(workspaceId, held);
  return held;
}

function countWorkspace(state: State, workspaceId: WorkspaceId): WorkspaceCounts {
  const workspace = state.workspaces[workspaceId];
  if (workspace === undefined) return { unread: false, mentions: 0, threads: 0 };
  const threads = unreadThreads(state, workspaceId);
  let unread = threads.length > 0;
  let mentions = threads.reduce((sum, id) => sum + unreadInThread(state, id).mentions, 0);
  for (const id of Object.keys(workspace.joined)) {
    if (workspace.channels[id]?.archived_at !== undefined) continue;
    const inChannel = unreadInChannel(state, workspace, id);
    mentions += inChannel.mentions;
    unread ||= shows(state, id, inChannel);
  }
  return { unread, mentions: Math.min(MANY, mentions), threads: threads.length };
}

export function unreadWorkspace(state: State, workspaceId: WorkspaceId): boolean {
  return workspaceCounts(state, workspaceId).unread;
}

/** What is unread in all workspaces together. */
export function accountCounts(state: State): Omit<WorkspaceCounts, "threads"> {
  const all = Object.keys(state.workspaces).map((id) => workspaceCounts(state, id));
  return {
    unread: all.some(({ unread }) => unread),
    mentions: Math.min(
      MANY,
      all.reduce((sum, { mentions }) => sum + mentions, 0),
    ),
  };
}

/** Whether one follows a thread, and how far one has read it; absent while that is not known. */
export function followOf(
  state: State,
  rootId: MessageId,
): (Counts & { readonly following: boolean; readonly readSeq: number }) | undefined {
  const following = wishedFollow(state, rootId) ?? followedByDefault(state, rootId);
  if (following === undefined) return undefined;
  return { following, readSeq: readSeqOf(state, rootId), ...unreadIn(state, rootId) };
}

/** Where all followed threads are known, any other is not followed. */
function followedByDefault(state: State, rootId: MessageId): false | undefined {
  const channelId = channelIdOf(state, rootId);
  const workspace = channelId === undefined ? undefined : workspaceOf(state, channelId);
  return workspace?.followsComplete === true ? false : undefined;
}

/** Whether a message names oneself or calls everybody. */
export function callsMe(state: State, message: Message): boolean {
  const me = state.account?.id;
  const says = message.author.id !== me && message.deleted_at === undefined;
  return me !== undefined && says && names(message, me);
}

function names(message: Message, me: string): boolean {
  return calls(message, me) || (message.mentions?.people.some(({ id }) => id === me) ?? false);
}
