//! What passes: who is there, and who types.

import type { ConversationId, UserId } from "../shapes.ts";
import { TYPING_EXPIRES_MS } from "./input.ts";
import { omit, put } from "./merge.ts";
import type { State, WorkspaceState } from "./state.ts";

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

export function startTyping(state: State, id: ConversationId, userId: UserId, at: number): State {
  if (userId === state.account?.id) return state;
  return {
    ...state,
    typing: put(state.typing, id, put(state.typing[id] ?? {}, userId, at)),
  };
}

export function stopTyping(state: State, id: ConversationId, userId: UserId): State {
  const people = state.typing[id];
  if (people === undefined || !(userId in people)) return state;
  const left = omit(people, userId);
  const typing =
    Object.keys(left).length === 0 ? omit(state.typing, id) : put(state.typing, id, left);
  return { ...state, typing };
}

/** Drops who has not typed for a while. */
export function expireTyping(state: State, now: number): State {
  let next = state;
  for (const [id, people] of Object.entries(state.typing)) {
    for (const [userId, since] of Object.entries(people)) {
      if (now - since >= TYPING_EXPIRES_MS) next = stopTyping(next, id, userId);
    }
  }
  return next;
}
