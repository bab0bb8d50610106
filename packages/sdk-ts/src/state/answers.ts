//! Answers to calls, each of which may come late: never may one undo what is newer, or bring
//! back what was lost since.

import { position } from "../cursor.ts";
import type { Channel, Member, MemberPage, Message, WorkspaceId } from "../shapes.ts";
import { draftTold } from "./drafts.ts";
import { hearPreferences, hearSaved } from "./frames.ts";
import type { AnswerInput } from "./input.ts";
import { learnUsers, mergeChannel, mergeEntity, put } from "./merge.ts";
import { changeMessage, hide, hold, placeMessage, placeThread } from "./messages.ts";
import { withReactions } from "./notes.ts";
import { hearFollow, hearRead, placePersonal, unwantFollow } from "./personal.ts";
import type { State, WorkspaceState } from "./state.ts";
import { admit, rowAt } from "./timeline.ts";
import { inWorkspace } from "./workspaces.ts";

export function applyAnswer(state: State, input: AnswerInput): State {
  switch (input.type) {
    case "members.loaded":
      return placeMembers(state, input.workspaceId, input.page);
    case "user.answered":
      return inWorkspace(state, input.workspaceId, (held) =>
        learnUsers(held, [{ user: input.user, seq: 0 }]),
      );
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
    default:
      return applyOwnAnswer(state, input);
  }
}

type AroundAnswer = Extract<
  AnswerInput,
  {
    type:
      | `members.${string}`
      | `member.${string}`
      | `user.${string}`
      | `workspace.${string}`
      | `channel.${string}`;
  }
>;

/** Answers about messages and about what one keeps. */
function applyOwnAnswer(state: State, input: Exclude<AnswerInput, AroundAnswer>): State {
  switch (input.type) {
    case "message.answered":
      return answerMessage(state, input.message);
    case "messages.held":
      return input.messages.reduce(holdVisible, state);
    case "message.hidden":
      return hide(state, input.messageId);
    case "reactions.answered":
      return changeMessage(state, input.message, (held) => withReactions(held, input.reactions));
    case "thread.answered":
      return placeThread(state, input.thread);
    case "read.answered":
      return hearRead(state, input.read, input.asked);
    case "follow.answered":
      // A page or a frame may be older than the question: only an answer ends it.
      if (input.asked !== undefined) return hearFollow(state, input.follow, input.asked);
      return unwantFollow(hearFollow(state, input.follow), input.follow.root_id);
    case "personal.loaded":
      return placePersonal(state, input.workspaceId, input.personal);
    case "follow.unknown":
      return unwantFollow(state, input.rootId);
    case "saved.answered":
      return hearSaved(state, input.saved);
    case "draft.answered":
      return draftTold(state, input.draft, input.body);
    case "preferences.answered": {
      const { channel_id } = input.preferences;
      return hearPreferences(state, { workspace_id: channel_id, channel: input.preferences });
    }
    case "sidebar.answered":
      return hearPreferences(state, { workspace_id: input.workspaceId, sidebar: input.sidebar });
  }
}

/** Late answers bring nothing of what was lost since. */
function holdVisible(state: State, message: Message): State {
  const known = state.workspaces[message.workspace_id]?.channels[message.channel_id] !== undefined;
  return known ? hold(state, message, true) : hide(state, message.id);
}

/** A version is a place in the log: an answer from before the loss has a lower one. */
function answerChannel(workspace: WorkspaceState, channel: Channel): WorkspaceState {
  if (channel.version <= (workspace.lostChannels[channel.id] ?? -1)) return workspace;
  // What one sees of the time up to the cursor is here: an older answer tells of what was lost.
  const known = workspace.channels[channel.id] !== undefined;
  if (!known && channel.version <= position(workspace.cursor).seq) return workspace;
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
export function answerMessage(before: State, message: Message): State {
  const state = hold(before, message, false);
  const held = [state.timelines[message.channel_id], state.timelines[message.thread_root_id ?? ""]];
  const places = [message.seq, message.thread_seq];
  let { timelines } = state;
  let shown = false;
  held.forEach((timeline, index) => {
    const place = places[index];
    if (timeline === undefined || place === undefined) return;
    const admitted = admit(timeline, message);
    // Only a message that got its row may move the conversation on; others wait for their event.
    shown ||= admitted !== timeline && rowAt(admitted, place) !== undefined;
    timelines = put(timelines, timeline.rootId ?? timeline.channelId, admitted);
  });
  const next = timelines === state.timelines ? state : { ...state, timelines };
  if (shown) return placeMessage(next, message, message.version);
  // A root or a quoted one may be held elsewhere.
  return next;
}
