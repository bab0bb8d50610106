//! Workspaces arriving, being refreshed and going away, with all that hangs on them.

import { isBehind, position } from "../cursor.ts";
import type { ChannelId, Message, Snapshot, UserId, WorkspaceId } from "../shapes.ts";
import { learnUsers, mergeChannel, mergeEntity, omit, put } from "./merge.ts";
import { wantHidden } from "./messages.ts";
import { placePersonal } from "./personal.ts";
import { placePresence } from "./presence.ts";
import type { Pending, State, Timeline, WorkspaceState } from "./state.ts";
import { outdate } from "./timeline.ts";
import { inWorkspace } from "./workspaces.ts";

/** A loss whose place in the log is not known: no answer can be newer, only events can. */
export const LOST_FOR_NOW = Number.MAX_SAFE_INTEGER;

/** Makes a snapshot the base of a workspace. One from before what is applied changes nothing. */
export function loadSnapshot(state: State, snapshot: Snapshot): State {
  const id = snapshot.workspace.id;
  const held = state.workspaces[id];
  if (snapshot.me.user.id !== state.account?.id) return state;
  if (held !== undefined && isBehind(snapshot.as_of, held.cursor)) return state;
  const continues = sameLog(held, snapshot);
  const base = baseOf(snapshot, continues ? held : undefined);
  // Versions of another epoch say nothing about what is newer.
  let next = held === undefined || continues ? state : forget(state, held);
  next = { ...next, workspaces: put(next.workspaces, id, base) };
  next = placePersonal(placePresence(next, base, snapshot.presence), id, snapshot.personal);
  for (const channelId of Object.keys(held?.channels ?? {})) {
    if (base.channels[channelId] === undefined) {
      next = eraseChannel(next, id, channelId, position(snapshot.as_of).seq);
    }
  }
  const continued = held?.cursor === snapshot.as_of;
  return wantHidden(continued ? next : outdateTimelines(next, base));
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
    sidebar: held?.sidebar ?? { sections: [], version: 0 },
    followsComplete: false,
    ownVersion: 0,
    cursor: snapshot.as_of,
    caughtUp: false,
    missing: [],
    ownMissing: false,
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

/** What is on the screen is refreshed; what is not is fetched again when one returns to it. */
function outdateTimelines(state: State, workspace: WorkspaceState): State {
  const timelines: Record<string, Timeline> = {};
  for (const [id, timeline] of Object.entries(state.timelines)) {
    if (workspace.channels[timeline.channelId] === undefined) timelines[id] = timeline;
    else if (timeline.open) timelines[id] = outdate(timeline);
  }
  // An acknowledged message lies before the snapshot: its event will not come any more.
  const outbox = state.outbox.filter(
    ({ workspaceId, status }) => workspaceId !== workspace.workspace.id || status !== "sent",
  );
  // Nothing tells what became of messages held by themselves: what is shown is asked for anew.
  const outdated = (message: Message | null, id: string) =>
    message !== null &&
    workspace.channels[message.channel_id] !== undefined &&
    timelines[id]?.open !== true;
  const messages = without(state.messages, outdated);
  return { ...state, timelines, outbox, messages };
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
  if (filled === state) return state;
  return wantHidden(placePersonal(filled, snapshot.workspace.id, snapshot.personal));
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
  const left = eraseHeld(next, (other) => other === channelId);
  return { ...left, outbox: strand(left.outbox, (pending) => pending.channelId === channelId) };
}

/** Erases a workspace with everything in it. */
export function eraseWorkspace(state: State, id: WorkspaceId): State {
  const held = state.workspaces[id];
  if (held === undefined) return state;
  const left = eraseHeld(state, (channelId) => held.channels[channelId] !== undefined);
  return {
    ...left,
    // Nobody is left who could quote them.
    messages: without(
      state.messages,
      (message) => held.channels[message?.channel_id ?? ""] !== undefined,
    ),
    workspaces: omit(left.workspaces, id),
    presence: presenceWithout(left, id),
    outbox: strand(left.outbox, (pending) => pending.workspaceId === id),
  };
}

/** Erases what hangs on channels: what others quote of them becomes what one may not see. */
function eraseHeld(state: State, gone: (channelId: ChannelId) => boolean): State {
  const lost = (id: string) => gone(id) || gone(state.timelines[id]?.channelId ?? "");
  return {
    ...state,
    timelines: without(state.timelines, ({ channelId }) => gone(channelId)),
    typing: without(state.typing, (_, id) => lost(id)),
    reads: without(state.reads, (_, id) => gone(id)),
    follows: without(state.follows, ({ base }) => gone(base.channel_id)),
    saved: without(state.saved, ({ channel_id }) => gone(channel_id)),
    drafts: without(state.drafts, ({ channelId }) => gone(channelId)),
    preferences: without(state.preferences, (_, id) => gone(id)),
    messages: Object.fromEntries(
      Object.entries(state.messages).map(([id, message]) => [
        id,
        message !== null && gone(message.channel_id) ? null : message,
      ]),
    ),
  };
}

/** As erased and seen anew, but for timelines, which are refreshed where they stand. */
function forget(state: State, held: WorkspaceState): State {
  const gone = (channelId: ChannelId) => held.channels[channelId] !== undefined;
  return { ...forgetOwn(state, held), messages: eraseHeld(state, gone).messages };
}

/**
 * Forgets what one keeps in a workspace: its versions belong to another epoch, or to a membership
 * that has ended. Unsent texts stay, whatever became of the rest.
 */
export function forgetOwn(state: State, { workspace, channels }: WorkspaceState): State {
  const gone = (channelId: ChannelId) => channels[channelId] !== undefined;
  const { reads, follows, saved, preferences } = eraseHeld(state, gone);
  const drafts = Object.fromEntries(
    Object.entries(state.drafts).map(([id, draft]) => [
      id,
      gone(draft.channelId) ? { ...draft, version: -1 } : draft,
    ]),
  );
  return inWorkspace(
    { ...state, reads, follows, saved, preferences, drafts },
    workspace.id,
    (held) => ({
      ...held,
      sidebar: { ...held.sidebar, version: -1 },
    }),
  );
}

function without<T>(
  table: Readonly<Record<string, T>>,
  lost: (entry: T, id: string) => boolean,
): Readonly<Record<string, T>> {
  const entries = Object.entries(table);
  const left = entries.filter(([id, entry]) => !lost(entry, id));
  return left.length === entries.length ? table : Object.fromEntries(left);
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
