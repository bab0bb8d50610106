//! `reduce`: the one function by which the state changes.

import { answerMessage, applyAnswer, applyTimeline } from "./answers.ts";
import { applyFrame } from "./frames.ts";
import type { Input } from "./input.ts";
import { acknowledge, discardSend, queueSend, refuse, retrySend } from "./outbox.ts";
import { expireTyping, readUpTo } from "./personal.ts";
import { initialState, type Connection, type State } from "./state.ts";
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
  return type === "account.loaded" || type === "signed_out" || type === "connection.changed";
}

function apply(state: State, input: Input): State {
  switch (input.type) {
    case "account.loaded":
      return { ...state, account: input.account, signedOut: false };
    case "signed_out":
      return { ...initialState, signedOut: true };
    case "connection.changed":
      return connect(state, input.connection);
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
    case "page.requested":
    case "page.loaded":
    case "page.failed":
    case "timeline.closed":
      return applyTimeline(state, input);
    case "members.loaded":
    case "workspace.answered":
    case "channel.answered":
    case "member.answered":
    case "message.answered":
    case "read.answered":
      return applyAnswer(state, input);
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
      return retrySend(state, input.nonce);
    case "send.discarded":
      return discardSend(state, input.nonce);
    case "read.marked":
      return readUpTo(state, input.channelId, input.seq);
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
