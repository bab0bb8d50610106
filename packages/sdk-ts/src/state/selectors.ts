//! Questions to the state.

import type {
  Channel,
  ChannelId,
  Message,
  Presence,
  User,
  UserId,
  WorkspaceId,
} from "../shapes.ts";
import type { Pending, State, WorkspaceState } from "./state.ts";
import { rowAt } from "./timeline.ts";

/** The workspace that a channel is in. */
export function workspaceOf(state: State, channelId: ChannelId): WorkspaceState | undefined {
  return Object.values(state.workspaces).find(({ channels }) => channels[channelId] !== undefined);
}

export function channelOf(state: State, channelId: ChannelId): Channel | undefined {
  return workspaceOf(state, channelId)?.channels[channelId];
}

/** The channels one may see, by name, archived ones last. */
export function visibleChannels(state: State, workspaceId: WorkspaceId): Channel[] {
  const channels = Object.values(state.workspaces[workspaceId]?.channels ?? {});
  return channels.toSorted(
    (a, b) =>
      Number(a.archived_at !== undefined) - Number(b.archived_at !== undefined) ||
      a.name.localeCompare(b.name) ||
      (a.id < b.id ? -1 : 1),
  );
}

/** The channels one is in, by name, without archived ones. */
export function joinedChannels(state: State, workspaceId: WorkspaceId): Channel[] {
  const joined = state.workspaces[workspaceId]?.joined ?? {};
  return visibleChannels(state, workspaceId).filter(
    ({ id, archived_at }) => archived_at === undefined && joined[id],
  );
}

/** Whether a channel that one is in holds something not read. */
export function isUnread(state: State, channelId: ChannelId): boolean {
  const workspace = workspaceOf(state, channelId);
  const channel = workspace?.channels[channelId];
  if (channel === undefined || workspace?.joined[channelId] === undefined) return false;
  return channel.last_seq > (state.reads[channelId]?.read_seq ?? 0);
}

export function unreadWorkspace(state: State, workspaceId: WorkspaceId): boolean {
  return joinedChannels(state, workspaceId).some(({ id }) => isUnread(state, id));
}

/** One's own messages on their way to a channel, to be shown below its newest rows. */
export function pendingIn(state: State, channelId: ChannelId): Pending[] {
  return state.outbox.filter((pending) => pending.channelId === channelId);
}

export function userOf(state: State, workspaceId: WorkspaceId, userId: UserId): User | undefined {
  return state.workspaces[workspaceId]?.users[userId];
}

/** Who wrote a message, by the name the person has now. */
export function authorOf(state: State, message: Message): User {
  return userOf(state, message.workspace_id, message.author.id) ?? message.author;
}

export function presenceOf(state: State, userId: UserId): Presence {
  return state.presence[userId] ?? "offline";
}

/** Who types in a channel, who began first at the front. */
export function typingIn(state: State, channelId: ChannelId): UserId[] {
  return Object.keys(state.typing[channelId] ?? {});
}

export function messageAt(state: State, channelId: ChannelId, seq: number): Message | undefined {
  const timeline = state.timelines[channelId];
  return timeline === undefined ? undefined : rowAt(timeline, seq);
}
