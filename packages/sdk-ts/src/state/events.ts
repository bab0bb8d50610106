//! Events of a workspace's log: each is applied once, in order, together with its cursor.

import { position } from "../cursor.ts";
import type { Channel, Event, Member, Message, UserId, WorkspaceId } from "../shapes.ts";
import { learnUsers, mergeChannel, mergeEntity, omit, put } from "./merge.ts";
import { noteChange, placeMessage, placeThread, wantHidden } from "./messages.ts";
import { settle } from "./outbox.ts";
import { countMessage, startReading, wantFollow } from "./personal.ts";
import { setPresence, stopTyping } from "./presence.ts";
import type { State, WorkspaceState } from "./state.ts";
import { eraseChannel, eraseWorkspace, forgetOwn } from "./workspace.ts";
import { inWorkspace } from "./workspaces.ts";

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
  switch (event.type) {
    case "message.created":
      return messageCreated(state, event.payload.message, seq);
    case "message.updated":
    case "pin.added":
    case "pin.removed":
      return placeMessage(state, event.payload.message, seq);
    case "message.deleted": {
      const { message } = event.payload;
      return unsave(countMessage(placeMessage(state, message, seq), message, seq, -1), message);
    }
    case "thread.reply_created": {
      const { message, thread } = event.payload;
      const placed = placeThread(messageCreated(state, message, seq), thread);
      return wantFollow(placed, message);
    }
    case "thread.state_updated":
      return placeThread(state, event.payload.thread);
    case "reaction.added":
    case "reaction.removed":
      return reacted(state, event, seq);
    default:
      return changeAround(state, workspace, event, seq);
  }
}

type Reacted = Extract<Event, { type: "reaction.added" | "reaction.removed" }>;
type MessageEvent = Extract<
  Event,
  { type: `message.${string}` | `pin.${string}` | `thread.${string}` | `reaction.${string}` }
>;

function reacted(state: State, { type, channel_id, payload }: Reacted, at: number): State {
  const { message_id: messageId, emoji, user } = payload;
  const on = type === "reaction.added";
  const change = { kind: "reaction", at, messageId, emoji, userId: user.id, on } as const;
  return noteChange(state, channel_id, change);
}

/** Events about channels, members and the workspace. */
function changeAround(
  state: State,
  workspace: WorkspaceState,
  event: Exclude<Event, MessageEvent>,
  seq: number,
): State {
  const id = event.workspace_id;
  switch (event.type) {
    case "channel.created":
    case "channel.updated":
    case "channel.archived":
      return placeChannelIn(state, id, event.payload.channel);
    case "channel.member_added": {
      const { channel, user } = event.payload;
      return addToChannel(state, workspace, channel, user, event.cursor);
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

/** What is deleted leaves the list of what one saved. */
function unsave(state: State, { id }: Message): State {
  const saved = omit(state.saved, id);
  return saved === state.saved ? state : { ...state, saved };
}

function messageCreated(state: State, message: Message, seq: number): State {
  const { channel_id, thread_root_id, author } = message;
  const settled = placeMessage(settle(state, [message]), message, seq);
  const counted = countMessage(settled, message, seq, 1);
  return stopTyping(counted, thread_root_id ?? channel_id, author.id);
}

/** What comes into sight may be quoted where one could not see it. */
function placeChannelIn(state: State, id: WorkspaceId, channel: Channel): State {
  const known = state.workspaces[id]?.channels[channel.id] !== undefined;
  const placed = inWorkspace(state, id, (held) => ({
    ...placeChannel(held, channel),
    // What one keeps there was erased with the channel, and nobody tells it again.
    ownMissing: held.ownMissing || channel.id in held.lostChannels,
  }));
  return known ? placed : wantHidden(placed);
}

/** Who hears of a channel by an event may see it. */
function placeChannel(workspace: WorkspaceState, channel: Channel): WorkspaceState {
  const merged = mergeChannel(workspace.channels[channel.id], channel);
  return {
    ...workspace,
    channels: put(workspace.channels, channel.id, merged),
    lostChannels: omit(workspace.lostChannels, channel.id),
    missing: workspace.missing.filter((id) => id !== channel.id),
  };
}

function addToChannel(
  state: State,
  { workspace, me }: WorkspaceState,
  channel: Channel,
  user: Member["user"],
  cursor: Event["cursor"],
): State {
  const placed = inWorkspace(placeChannelIn(state, workspace.id, channel), workspace.id, (held) =>
    learnUsers(held, [{ user, seq: position(cursor).seq }]),
  );
  if (user.id !== me.user.id) return placed;
  const joined = inWorkspace(placed, workspace.id, (held) => ({
    ...held,
    joined: put(held.joined, channel.id, true),
  }));
  return startReading(joined, {
    channel_id: channel.id,
    read_seq: channel.last_seq,
    unread: 0,
    mentions: 0,
    version: 0,
    as_of: cursor,
  });
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
  const erased = eraseChannel(state, workspace.workspace.id, channelId, seq);
  if (channel?.kind !== "public" || workspace.caughtUp) return erased;
  // A guest of then may be a member by now, who sees it again without any event about it.
  return inWorkspace(erased, workspace.workspace.id, (held) => ({
    ...held,
    missing: [...held.missing, channelId],
  }));
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
      : inWorkspace(forgetOwn(state, workspace), id, (held) => ({ ...held, broken: true }));
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
