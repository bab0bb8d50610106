//! Events of a workspace's log: each is applied once, in order, together with its cursor.

import { position } from "../cursor.ts";
import type { Channel, Event, Member, Message, UserId, WorkspaceId } from "../shapes.ts";
import { learnUsers, mergeChannel, mergeEntity, omit, put, withLastSeq } from "./merge.ts";
import { settle } from "./outbox.ts";
import { readUpTo, setPresence, stopTyping } from "./personal.ts";
import type { State, WorkspaceState } from "./state.ts";
import { admit, withNewest } from "./timeline.ts";
import { eraseChannel, eraseWorkspace, inWorkspace } from "./workspace.ts";

/** Applies an event and moves the cursor to it. What is applied already changes nothing. */
export function applyEvent(state: State, event: Event): State {
  const held = state.workspaces[event.workspace_id];
  if (held === undefined) return state;
  const [here, there] = [position(held.cursor), position(event.cursor)];
  if (here.epoch !== there.epoch) {
    return inWorkspace(state, event.workspace_id, (workspace) => ({ ...workspace, broken: true }));
  }
  if (there.seq <= here.seq) return state;
  return inWorkspace(change(state, held, event, there.seq), event.workspace_id, (workspace) => ({
    ...workspace,
    cursor: event.cursor,
  }));
}

function change(state: State, workspace: WorkspaceState, event: Event, seq: number): State {
  const id = event.workspace_id;
  switch (event.type) {
    case "message.created":
      return messageCreated(state, event.payload.message, seq);
    case "message.updated":
    case "message.deleted":
      return placeMessage(state, event.payload.message, seq);
    case "channel.created":
    case "channel.updated":
    case "channel.archived":
      return inWorkspace(state, id, (held) => placeChannel(held, event.payload.channel));
    case "channel.member_added": {
      const { channel, user } = event.payload;
      return inWorkspace(state, id, (held) => addToChannel(held, channel, user, seq));
    }
    case "channel.member_removed":
      return removeFromChannel(
        state,
        workspace,
        event.payload.channel_id,
        event.payload.user_id,
        seq,
      );
    case "member.joined":
    case "member.updated":
      return inWorkspace(state, id, (held) => placeMember(held, event.payload.member, seq));
    case "member.removed":
      return removeMember(state, workspace, event.payload.user_id, seq);
    case "workspace.updated":
      return inWorkspace(state, id, (held) => ({
        ...held,
        workspace: mergeEntity(held.workspace, event.payload.workspace),
      }));
    default:
      // A newer server tells of things that this client has no place for.
      event satisfies never;
      return state;
  }
}

function messageCreated(state: State, message: Message, seq: number): State {
  const { channel_id, author } = message;
  const settled = placeMessage(settle(state, [message]), message, seq);
  const read =
    author.id === state.account?.id ? readUpTo(settled, channel_id, message.seq) : settled;
  return stopTyping(read, channel_id, author.id);
}

/** Takes a message in wherever its channel is known. `seq` says how fresh its author's name is. */
export function placeMessage(state: State, message: Message, seq: number): State {
  const channel = state.workspaces[message.workspace_id]?.channels[message.channel_id];
  if (channel === undefined) return state;
  const grown = withLastSeq(channel, message.seq);
  const next = inWorkspace(state, message.workspace_id, (held) =>
    learnUsers(withChannel(held, grown), [{ user: message.author, seq }]),
  );
  const timeline = next.timelines[channel.id];
  if (timeline === undefined) return next;
  const admitted = withNewest(admit(timeline, message), grown.last_seq);
  return { ...next, timelines: put(next.timelines, channel.id, admitted) };
}

function withChannel(workspace: WorkspaceState, channel: Channel): WorkspaceState {
  const channels = put(workspace.channels, channel.id, channel);
  return channels === workspace.channels ? workspace : { ...workspace, channels };
}

/** Who hears of a channel by an event may see it. */
function placeChannel(workspace: WorkspaceState, channel: Channel): WorkspaceState {
  return {
    ...withChannel(workspace, mergeChannel(workspace.channels[channel.id], channel)),
    lostChannels: omit(workspace.lostChannels, channel.id),
    missing: workspace.missing.filter((id) => id !== channel.id),
  };
}

function addToChannel(
  workspace: WorkspaceState,
  channel: Channel,
  user: Member["user"],
  seq: number,
): WorkspaceState {
  const placed = learnUsers(placeChannel(workspace, channel), [{ user, seq }]);
  if (user.id !== workspace.me.user.id) return placed;
  return { ...placed, joined: put(placed.joined, channel.id, true) };
}

function removeFromChannel(
  state: State,
  workspace: WorkspaceState,
  channelId: string,
  userId: UserId,
  seq: number,
): State {
  if (userId !== workspace.me.user.id) return stopTyping(state, channelId, userId);
  const channel = workspace.channels[channelId];
  if (channel?.kind === "public" && workspace.me.role !== "guest") {
    return inWorkspace(state, workspace.workspace.id, (held) => ({
      ...held,
      joined: omit(held.joined, channelId),
    }));
  }
  return eraseChannel(state, workspace.workspace.id, channelId, seq);
}

function placeMember(workspace: WorkspaceState, member: Member, seq: number): WorkspaceState {
  const id = member.user.id;
  const merged = mergeEntity(workspace.members[id], member);
  const placed = {
    ...workspace,
    me: id === workspace.me.user.id ? mergeEntity(workspace.me, member) : workspace.me,
    members: put(workspace.members, id, merged),
    lostMembers: omit(workspace.lostMembers, id),
  };
  return learnUsers(placed, [{ user: member.user, seq }]);
}

function removeMember(state: State, workspace: WorkspaceState, userId: UserId, seq: number): State {
  const id: WorkspaceId = workspace.workspace.id;
  if (userId === workspace.me.user.id) {
    // Whoever may subscribe is a member now: a removal in the replay is over, but what it took
    // along is not told event by event.
    return workspace.caughtUp
      ? eraseWorkspace(state, id)
      : inWorkspace(state, id, (held) => ({ ...held, broken: true }));
  }
  // Who came back since is told of by an answer that ran ahead of the events.
  if ((workspace.members[userId]?.version ?? 0) > seq) return state;
  const removed = inWorkspace(state, id, (held) => ({
    ...held,
    members: omit(held.members, userId),
    lostMembers: put(held.lostMembers, userId, seq),
  }));
  const shared = Object.values(removed.workspaces).some(({ members }) => members[userId]);
  return shared ? removed : setPresence(removed, userId, "offline");
}
