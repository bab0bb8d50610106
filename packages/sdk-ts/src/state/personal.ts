//! What is one's own or passes: positions of reading, presence, typing.

import type { ChannelId, PersonalState, ReadState, UserId } from "../shapes.ts";
import { TYPING_EXPIRES_MS } from "./input.ts";
import { omit, put } from "./merge.ts";
import type { State, WorkspaceState } from "./state.ts";

/** Moves a position on. It never moves back, whatever comes late. */
export function mergeRead(state: State, read: ReadState): State {
  const held = state.reads[read.channel_id];
  if (held !== undefined && held.read_seq >= read.read_seq && held.version >= read.version)
    return state;
  const merged = {
    channel_id: read.channel_id,
    read_seq: Math.max(held?.read_seq ?? 0, read.read_seq),
    version: Math.max(held?.version ?? 0, read.version),
  };
  return { ...state, reads: put(state.reads, read.channel_id, merged) };
}

export function mergeReads(state: State, personal: PersonalState): State {
  return personal.reads.reduce(mergeRead, state);
}

/** Reads on from here, before or without the server's word. */
export function readUpTo(state: State, channelId: ChannelId, seq: number): State {
  return mergeRead(state, { channel_id: channelId, read_seq: seq, version: 0 });
}

type PresenceList = readonly {
  readonly user_id: UserId;
  readonly presence: "online" | "away" | "offline";
}[];

/** The whole presence of a workspace's people: who is not listed is offline. */
export function placePresence(state: State, workspace: WorkspaceState, list: PresenceList): State {
  const listed = new Set(list.map(({ user_id }) => user_id));
  let presence = state.presence;
  for (const userId of Object.keys(workspace.members)) {
    if (!listed.has(userId)) presence = omit(presence, userId);
  }
  const placed = presence === state.presence ? state : { ...state, presence };
  return list.reduce(
    (next, { user_id, presence: shown }) => setPresence(next, user_id, shown),
    placed,
  );
}

export function setPresence(
  state: State,
  userId: UserId,
  shown: "online" | "away" | "offline",
): State {
  const presence =
    shown === "offline" ? omit(state.presence, userId) : put(state.presence, userId, shown);
  return presence === state.presence ? state : { ...state, presence };
}

export function startTyping(state: State, channelId: ChannelId, userId: UserId, at: number): State {
  if (userId === state.account?.id) return state;
  return {
    ...state,
    typing: put(state.typing, channelId, put(state.typing[channelId] ?? {}, userId, at)),
  };
}

export function stopTyping(state: State, channelId: ChannelId, userId: UserId): State {
  const people = state.typing[channelId];
  if (people === undefined || !(userId in people)) return state;
  const left = omit(people, userId);
  const typing =
    Object.keys(left).length === 0
      ? omit(state.typing, channelId)
      : put(state.typing, channelId, left);
  return { ...state, typing };
}

/** Drops who has not typed for a while. */
export function expireTyping(state: State, now: number): State {
  let next = state;
  for (const [channelId, people] of Object.entries(state.typing)) {
    for (const [userId, since] of Object.entries(people)) {
      if (now - since >= TYPING_EXPIRES_MS) next = stopTyping(next, channelId, userId);
    }
  }
  return next;
}
