//! Workspaces arriving, being refreshed and going away, with all that hangs on them.

import { isBehind, position } from "../cursor.ts";
import type { ChannelId, Snapshot, UserId, WorkspaceId } from "../shapes.ts";
import { learnUsers, mergeChannel, mergeEntity, omit, put } from "./merge.ts";
import { mergeReads, placePresence } from "./personal.ts";
import type { Pending, State, WorkspaceState } from "./state.ts";
import { outdate } from "./timeline.ts";

/** A loss whose place in the log is not known: no answer can be newer, only events can. */
export const LOST_FOR_NOW = Number.MAX_SAFE_INTEGER;

/** The state with a change of one workspace; without the workspace nothing changes. */
export function inWorkspace(
  state: State,
  id: WorkspaceId,
  change: (workspace: WorkspaceState) => WorkspaceState,
): State {
  const held = state.workspaces[id];
  if (held === undefined) return state;
  const workspaces = put(state.workspaces, id, change(held));
  return workspaces === state.workspaces ? state : { ...state, workspaces };
}

/** Makes a snapshot the base of a workspace. One from before what is applied changes nothing. */
export function loadSnapshot(state: State, snapshot: Snapshot): State {
  const id = snapshot.workspace.id;
  const held = state.workspaces[id];
  if (snapshot.me.user.id !== state.account?.id) return state;
  if (held !== undefined && isBehind(snapshot.as_of, held.cursor)) return state;
  const base = baseOf(snapshot, sameLog(held, snapshot) ? held : undefined);
  let next: State = { ...state, workspaces: put(state.workspaces, id, base) };
  next = mergeReads(placePresence(next, base, snapshot.presence), snapshot.personal);
  for (const channelId of Object.keys(held?.channels ?? {})) {
    if (base.channels[channelId] === undefined) {
      next = eraseChannel(next, id, channelId, position(snapshot.as_of).seq);
    }
  }
  return held === undefined || held.cursor === snapshot.as_of ? next : outdateTimelines(next, base);
}

function sameLog(held: WorkspaceState | undefined, snapshot: Snapshot): boolean {
  return held !== undefined && position(held.cursor).epoch === position(snapshot.as_of).epoch;
}

/** `held` is what an answer may have told already in the same log. */
function baseOf(snapshot: Snapshot, held: WorkspaceState | undefined): WorkspaceState {
  const members = Object.fromEntries(
    snapshot.members.map((member) => [
      member.user.id,
      mergeEntity(held?.members[member.user.id], member),
    ]),
  );
  const base: WorkspaceState = {
    workspace: mergeEntity(held?.workspace, snapshot.workspace),
    me: mergeEntity(held?.me, snapshot.me),
    members: put(
      members,
      snapshot.me.user.id,
      mergeEntity(members[snapshot.me.user.id], snapshot.me),
    ),
    membersComplete: snapshot.members_complete,
    users: held?.users ?? {},
    channels: Object.fromEntries(
      snapshot.channels.map((channel) => [
        channel.id,
        mergeChannel(held?.channels[channel.id], channel),
      ]),
    ),
    joined: Object.fromEntries(
      snapshot.joined_channel_ids.map((channelId) => [channelId, true as const]),
    ),
    cursor: snapshot.as_of,
    caughtUp: false,
    missing: [],
    broken: false,
    lostChannels: snapshot.channels.reduce(
      (lost, { id }) => omit(lost, id),
      held?.lostChannels ?? {},
    ),
    lostMembers: held?.lostMembers ?? {},
    userSeqs: held?.userSeqs ?? {},
  };
  return learnUsers(
    base,
    snapshot.members.map(({ user }) => ({ user, seq: position(snapshot.as_of).seq })),
  );
}

function outdateTimelines(state: State, workspace: WorkspaceState): State {
  const timelines = { ...state.timelines };
  for (const channelId of Object.keys(workspace.channels)) {
    const timeline = timelines[channelId];
    if (timeline !== undefined) timelines[channelId] = outdate(timeline);
  }
  // An acknowledged message lies before the snapshot: its event will not come any more.
  const outbox = state.outbox.filter(
    ({ workspaceId, status }) => workspaceId !== workspace.workspace.id || status !== "sent",
  );
  return { ...state, timelines, outbox };
}

/** Takes from a snapshot only the channels that are missing; events bring everything else. */
export function fillMissing(state: State, snapshot: Snapshot): State {
  const filled = inWorkspace(state, snapshot.workspace.id, (held) => {
    if (!sameLog(held, snapshot) || isBehind(snapshot.as_of, held.cursor)) return held;
    let { channels, joined } = held;
    for (const channel of snapshot.channels) {
      if (!held.missing.includes(channel.id)) continue;
      channels = put(channels, channel.id, mergeChannel(channels[channel.id], channel));
      if (snapshot.joined_channel_ids.includes(channel.id)) joined = put(joined, channel.id, true);
    }
    return { ...held, channels, joined, missing: [] };
  });
  return filled === state ? state : mergeReads(filled, snapshot.personal);
}

/** Erases a channel. What was typed for it and not yet acknowledged stays, as failed. */
export function eraseChannel(
  state: State,
  id: WorkspaceId,
  channelId: ChannelId,
  seq: number,
): State {
  const next = inWorkspace(state, id, (held) => ({
    ...held,
    channels: omit(held.channels, channelId),
    joined: omit(held.joined, channelId),
    missing: held.missing.filter((missing) => missing !== channelId),
    lostChannels: put(held.lostChannels, channelId, seq),
  }));
  return {
    ...next,
    timelines: omit(next.timelines, channelId),
    typing: omit(next.typing, channelId),
    outbox: strand(next.outbox, (pending) => pending.channelId === channelId),
  };
}

/** Erases a workspace with everything in it. */
export function eraseWorkspace(state: State, id: WorkspaceId): State {
  const held = state.workspaces[id];
  if (held === undefined) return state;
  const channelIds = new Set<ChannelId>(Object.keys(held.channels));
  const without = <T>(table: Readonly<Record<ChannelId, T>>) =>
    Object.fromEntries(Object.entries(table).filter(([channelId]) => !channelIds.has(channelId)));
  return {
    ...state,
    workspaces: omit(state.workspaces, id),
    timelines: without(state.timelines),
    typing: without(state.typing),
    reads: without(state.reads),
    presence: presenceWithout(state, id),
    outbox: strand(state.outbox, (pending) => pending.workspaceId === id),
  };
}

/** Presence is kept for people with whom one still shares a workspace. */
function presenceWithout(state: State, id: WorkspaceId): State["presence"] {
  const others = Object.entries(state.workspaces).filter(([other]) => other !== id);
  const shared = (userId: UserId) =>
    others.some(([, { members }]) => members[userId] !== undefined);
  return Object.fromEntries(Object.entries(state.presence).filter(([userId]) => shared(userId)));
}

function strand(
  outbox: readonly Pending[],
  lost: (pending: Pending) => boolean,
): readonly Pending[] {
  if (!outbox.some(lost)) return outbox;
  return outbox.flatMap((pending) => {
    if (!lost(pending)) return [pending];
    if (pending.status === "sent") return [];
    return [{ ...pending, status: "failed" as const, failure: { code: "access_lost" as const } }];
  });
}
