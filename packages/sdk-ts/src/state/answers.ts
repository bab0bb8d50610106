//! Answers to calls, each of which may come late: never may one undo what is newer, or bring
//! back what was lost since.

import { position } from "../cursor.ts";
import type { Channel, Member, MemberPage, Message, WorkspaceId } from "../shapes.ts";
import { placeMessage } from "./events.ts";
import type { AnswerInput, TimelineInput } from "./input.ts";
import { learnUsers, mergeChannel, mergeEntity, omit, put } from "./merge.ts";
import { settle } from "./outbox.ts";
import { mergeRead } from "./personal.ts";
import type { State, WorkspaceState } from "./state.ts";
import * as timeline from "./timeline.ts";
import { inWorkspace } from "./workspace.ts";

export function applyAnswer(state: State, input: AnswerInput): State {
  switch (input.type) {
    case "members.loaded":
      return placeMembers(state, input.workspaceId, input.page);
    case "workspace.answered":
      return inWorkspace(state, input.workspace.id, (held) => ({
        ...held,
        workspace: mergeEntity(held.workspace, input.workspace),
      }));
    case "channel.answered":
      return inWorkspace(state, input.channel.workspace_id, (held) =>
        answerChannel(held, input.channel),
      );
    case "member.answered":
      return inWorkspace(state, input.member.workspace_id, (held) =>
        placeMember(held, input.member, input.member.version),
      );
    case "message.answered":
      return answerMessage(state, input.message);
    case "read.answered":
      return mergeRead(state, input.read);
  }
}

/** A version is a place in the log: an answer from before the loss has a lower one. */
function answerChannel(workspace: WorkspaceState, channel: Channel): WorkspaceState {
  if (channel.version <= (workspace.lostChannels[channel.id] ?? -1)) return workspace;
  const merged = mergeChannel(workspace.channels[channel.id], channel);
  return { ...workspace, channels: put(workspace.channels, channel.id, merged) };
}

/** Takes a member in as of `seq`, unless the person was removed later. */
function placeMember(workspace: WorkspaceState, member: Member, seq: number): WorkspaceState {
  const id = member.user.id;
  if (seq <= (workspace.lostMembers[id] ?? -1)) return workspace;
  const merged = mergeEntity(workspace.members[id], member);
  const placed = {
    ...workspace,
    me: id === workspace.me.user.id ? mergeEntity(workspace.me, member) : workspace.me,
    members: put(workspace.members, id, merged),
  };
  return learnUsers(placed, [{ user: member.user, seq }]);
}

function placeMembers(state: State, id: WorkspaceId, page: MemberPage): State {
  return inWorkspace(state, id, (held) => {
    const [here, there] = [position(held.cursor), position(page.as_of)];
    if (here.epoch !== there.epoch) return held;
    return page.items.reduce(
      (workspace, member) => placeMember(workspace, member, there.seq),
      held,
    );
  });
}

/** An edit, a deletion or a sent message: the answer alone may change rows, but not lead the log. */
export function answerMessage(state: State, message: Message): State {
  const held = state.timelines[message.channel_id];
  if (held === undefined) return state;
  const admitted = timeline.admit(held, message);
  if (admitted === held) return state;
  // Only a message that got its row may move the channel on; others wait for their event.
  const shown = timeline.rowAt(admitted, message.seq) !== undefined;
  const next = { ...state, timelines: put(state.timelines, message.channel_id, admitted) };
  return shown ? placeMessage(next, message, message.version) : next;
}

export function applyTimeline(state: State, input: TimelineInput): State {
  const { channelId } = input;
  const workspace = Object.values(state.workspaces).find(({ channels }) => channels[channelId]);
  const channel = workspace?.channels[channelId];
  if (workspace === undefined || channel === undefined) return state;
  const held = state.timelines[channelId];
  if (input.type === "page.requested") {
    const load = { place: input.place, since: workspace.cursor };
    return withTimeline(state, channelId, timeline.request(held, input.loadId, load));
  }
  if (held === undefined) return state;
  switch (input.type) {
    case "page.loaded":
      return receivePage(state, workspace, channel, input);
    case "page.failed":
      return withTimeline(state, channelId, timeline.fail(held, input.loadId, input.reason));
    case "timeline.closed":
      return { ...state, timelines: omit(state.timelines, channelId) };
  }
}

function receivePage(
  state: State,
  workspace: WorkspaceState,
  channel: Channel,
  { loadId, page }: Extract<TimelineInput, { type: "page.loaded" }>,
): State {
  const held = state.timelines[channel.id];
  const load = held?.loads[loadId];
  if (held === undefined || load === undefined) return state;
  const [asked, answered] = [position(load.since), position(page.as_of)];
  if (asked.epoch !== answered.epoch || answered.seq < asked.seq) {
    return withTimeline(state, channel.id, timeline.fail(held, loadId, "resync_required"));
  }
  const newest = page.messages.at(-1)?.seq ?? 0;
  const grown = mergeChannel(channel, { ...channel, last_seq: newest });
  const received = timeline.withNewest(timeline.receive(held, loadId, page), grown.last_seq);
  const placed = inWorkspace(
    withTimeline(state, channel.id, received),
    workspace.workspace.id,
    (now) =>
      learnUsers(
        { ...now, channels: put(now.channels, channel.id, grown) },
        page.messages.map(({ author }) => ({ user: author, seq: answered.seq })),
      ),
  );
  return settle(placed, page.messages);
}

function withTimeline(state: State, channelId: string, changed: State["timelines"][string]): State {
  const timelines = put(state.timelines, channelId, changed);
  return timelines === state.timelines ? state : { ...state, timelines };
}
