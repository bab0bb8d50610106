//! One's own messages between the key press and the timeline: each ends as exactly one row.

import type { Message, Sent } from "../shapes.ts";
import { sentAt } from "./personal.ts";
import type { Pending, SendFailure, State } from "./state.ts";

export function queueSend(state: State, send: Pending): State {
  if (state.outbox.some(({ nonce }) => nonce === send.nonce)) return state;
  return { ...state, outbox: inOrder([...state.outbox, send]) };
}

/** All tabs agree on this order. */
function inOrder(outbox: readonly Pending[]): readonly Pending[] {
  return outbox.toSorted((a, b) => a.order - b.order || (a.nonce < b.nonce ? -1 : 1));
}

/** The conversation in which a message waits its turn. */
export function conversationOf({ rootId, channelId }: Pending): string {
  return rootId ?? channelId;
}

/** These messages exist: what waited under their nonces is no longer on its way. */
export function settle(state: State, messages: readonly Message[]): State {
  const me = state.account?.id;
  if (state.outbox.length === 0 || me === undefined) return state;
  const arrived = new Set(
    messages.filter(({ author }) => author.id === me).map(({ nonce }) => nonce),
  );
  const settled = state.outbox.filter(({ nonce }) => arrived.has(nonce));
  if (settled.length === 0) return state;
  const left: State = {
    ...state,
    outbox: state.outbox.filter((pending) => !settled.includes(pending)),
  };
  // Sending says that one has read up to there.
  return messages
    .filter(({ nonce }) => settled.some((pending) => pending.nonce === nonce))
    .reduce((next, message) => sentAt(next, message, message.version), left);
}

/** Whether the answer's message has a row already, or no timeline waits for one. */
function isShown(state: State, pending: Pending, sent: Sent): boolean {
  const timeline = state.timelines[conversationOf(pending)];
  return timeline === undefined || timeline.rows.some(({ id }) => id === sent.id);
}

/** The server has the message. Its row stays pending until the timeline has it too. */
export function acknowledge(before: State, nonce: string, sent: Sent): State {
  const pending = before.outbox.find((held) => held.nonce === nonce);
  if (pending === undefined) return before;
  const { message } = sent;
  const state = message === undefined ? before : sentAt(before, message, message.version);
  const gone = message === undefined || isShown(state, pending, sent);
  if (gone) return { ...state, outbox: state.outbox.filter((held) => held !== pending) };
  return replace(state, pending, { ...unfailed(pending), status: "sent" });
}

/** The server refused. After an acknowledgement, or once the message was seen, that is no news. */
export function refuse(state: State, nonce: string, failure: SendFailure): State {
  const pending = state.outbox.find((held) => held.nonce === nonce);
  if (pending?.status !== "sending") return state;
  return replace(state, pending, { ...pending, status: "failed", failure });
}

/** Sends a failed one again; it goes behind what waits now, as it will in the conversation. */
export function retrySend(state: State, nonce: string, order: number): State {
  const pending = state.outbox.find((held) => held.nonce === nonce);
  if (pending?.status !== "failed") return state;
  const again = { ...unfailed(pending), order, status: "sending" } as const;
  return {
    ...state,
    outbox: inOrder(state.outbox.map((held) => (held === pending ? again : held))),
  };
}

/** Forgets a failed one. What may already be with the server cannot be taken back. */
export function discardSend(state: State, nonce: string): State {
  const outbox = state.outbox.filter((held) => held.nonce !== nonce || held.status !== "failed");
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

function unfailed({ failure: _, ...pending }: Pending): Pending {
  return pending;
}

function replace(state: State, pending: Pending, by: Pending): State {
  return { ...state, outbox: state.outbox.map((held) => (held === pending ? by : held)) };
}
