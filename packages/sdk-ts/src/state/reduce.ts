//! `reduce`: the one function by which the state changes.

import { answerMessage, applyAnswer } from "./answers.ts";
import { restore, restoreTimelines } from "./cache.ts";
import { tellDraft, typeDraft } from "./drafts.ts";
import { applyFrame } from "./frames.ts";
import type { AnswerInput, Input, OwnInput, SendInput, TimelineInput } from "./input.ts";
import { acknowledge, discardSend, queueSend, refuse, retrySend } from "./outbox.ts";
import { applyTimeline } from "./pages.ts";
import { readRefused, readTo } from "./personal.ts";
import { expireTyping } from "./presence.ts";
import { initialState, type Connection, type State } from "./state.ts";
import { endWish, makeWish } from "./wishes.ts";
import { eraseWorkspace, fillMissing, loadSnapshot } from "./workspace.ts";

/**
 * The state after an input. Pure: unchanged parts keep their identity, and an input that says
 * nothing new returns the same state.
 */
export function reduce(state: State, input: Input): State {
  return state.account === null && !concernsNobody(input) ? state : apply(state, input);
}

/** Without an account nothing else is taken in: late answers belong to who has signed out. */
function concernsNobody({ type }: Input): boolean {
  return (
    type === "account.loaded" ||
    type === "cache.restored" ||
    type === "signed_out" ||
    type === "connection.changed"
  );
}

function apply(state: State, input: Input): State {
  switch (input.type) {
    case "account.loaded":
      return { ...state, account: input.account, signedOut: false };
    case "signed_out":
      return { ...initialState, signedOut: true };
    case "connection.changed":
      return connect(state, input.connection);
    case "cache.restored":
      return restore(state, input.kept);
    case "cache.timelines":
      return restoreTimelines(state, input.timelines);
    case "snapshot.loaded":
      return loadSnapshot(state, input.snapshot);
    case "snapshot.merged":
      return fillMissing(state, input.snapshot);
    case "workspace.lost":
      return eraseWorkspace(state, input.workspaceId);
    case "frame":
      return applyFrame(state, input.frame, input.at);
    case "typing.expired":
      return expireTyping(state, input.now);
    default:
      return applyDeed(state, input);
  }
}

function applyDeed(state: State, input: TimelineInput | AnswerInput | SendInput | OwnInput): State {
  switch (input.type) {
    case "timeline.opened":
    case "timeline.closed":
    case "timeline.dropped":
    case "page.requested":
    case "page.loaded":
    case "page.failed":
      return applyTimeline(state, input);
    case "send.queued":
    case "send.answered":
    case "send.failed":
    case "send.retried":
    case "send.discarded":
      return applySend(state, input);
    case "read.marked":
      return readTo(state, input.conversationId, input.place, input.back ?? false);
    case "read.refused":
      return readRefused(state, input.conversationId);
    case "draft.typed":
      return typeDraft(state, input);
    case "draft.told":
      return tellDraft(state, input.conversationId);
    case "wish.made":
      return makeWish(state, input.wish);
    case "wish.ended":
      return endWish(state, input.id);
    default:
      return applyAnswer(state, input);
  }
}

function applySend(state: State, input: SendInput): State {
  switch (input.type) {
    case "send.queued":
      return queueSend(state, input.send);
    case "send.answered": {
      const { sent } = input;
      const placed = sent.message === undefined ? state : answerMessage(state, sent.message);
      return acknowledge(placed, input.nonce, sent);
    }
    case "send.failed":
      return refuse(state, input.nonce, input.failure);
    case "send.retried":
      return retrySend(state, input.nonce, input.order);
    case "send.discarded":
      return discardSend(state, input.nonce);
  }
}

/** Who typed is not known once the socket is gone; neither is whether more has happened. */
function connect(state: State, connection: Connection): State {
  if (connection.status === "live" || state.connection.status !== "live")
    return { ...state, connection };
  const workspaces = Object.fromEntries(
    Object.entries(state.workspaces).map(([id, held]) => [id, { ...held, caughtUp: false }]),
  );
  return { ...state, connection, workspaces, typing: {} };
}
