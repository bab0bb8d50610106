//! Frames of the socket, as far as they change the state.

import { isBehind } from "../cursor.ts";
import type { Schemas, ServerFrame } from "../shapes.ts";
import { hearDraft } from "./drafts.ts";
import { applyEvent } from "./events.ts";
import { mergeEntity, omit, put } from "./merge.ts";
import { hearFollow, hearRead, placePersonal } from "./personal.ts";
import { placePresence, setPresence, startTyping, stopTyping } from "./presence.ts";
import type { State, WorkspaceState } from "./state.ts";
import { LOST_FOR_NOW, eraseChannel } from "./workspace.ts";
import { inWorkspace } from "./workspaces.ts";

export function applyFrame(state: State, frame: ServerFrame, at: number): State {
  switch (frame.type) {
    case "event":
      return applyEvent(state, frame.event);
    case "subscribed":
      return applySubscribed(state, frame);
    case "caught_up":
      return inWorkspace(state, frame.workspace_id, (held) => ({
        ...movedOn(held, frame.cursor),
        caughtUp: true,
      }));
    case "heartbeat":
      return frame.cursors.reduce(applyHeartbeat, state);
    case "read.updated":
    case "follow.updated":
    case "saved.updated":
    case "draft.updated":
    case "preferences.updated":
      // Spoken of a membership that has ended; what one keeps in a new one comes with it.
      return state.workspaces[frame.workspace_id] === undefined ? state : applyOwn(state, frame);
    case "typing":
      return applyTyping(state, frame, at);
    case "presence":
      return setPresence(state, frame.user_id, frame.presence);
    case "resync_required":
      return inWorkspace(state, frame.workspace_id, (held) => ({
        ...held,
        caughtUp: false,
        broken: true,
      }));
    case "hello":
    case "pong":
    case "error":
      return state;
    default:
      frame satisfies never;
      return state;
  }
}

type OwnFrame = Extract<
  ServerFrame,
  {
    type:
      | "read.updated"
      | "follow.updated"
      | "saved.updated"
      | "draft.updated"
      | "preferences.updated";
  }
>;

/** What one keeps for oneself changed, here or on another device. */
function applyOwn(state: State, frame: OwnFrame): State {
  switch (frame.type) {
    case "read.updated":
      return hearRead(state, frame.read);
    case "follow.updated":
      return hearFollow(state, frame.follow);
    case "saved.updated":
      return hearSaved(state, frame.saved);
    case "draft.updated":
      return hearDraft(state, frame.draft);
    case "preferences.updated":
      return hearPreferences(state, frame);
    default:
      frame satisfies never;
      return state;
  }
}

/** A message was saved, or is no longer. */
export function hearSaved(state: State, mark: Schemas["SavedMark"]): State {
  const merged = mergeEntity(state.saved[mark.message_id], mark);
  const saved = put(state.saved, mark.message_id, merged);
  return saved === state.saved ? state : { ...state, saved };
}

/** The sidebar was arranged anew, or a channel in it. */
export function hearPreferences(
  state: State,
  {
    workspace_id,
    sidebar,
    channel,
  }: Pick<Schemas["PreferencesUpdatedFrame"], "workspace_id" | "sidebar" | "channel">,
): State {
  let next = state;
  if (channel !== undefined) {
    const merged = mergeEntity(state.preferences[channel.channel_id], channel);
    next = { ...state, preferences: put(state.preferences, channel.channel_id, merged) };
  }
  if (sidebar === undefined) return next;
  return inWorkspace(next, workspace_id, (held) => ({
    ...held,
    sidebar: mergeEntity(held.sidebar, sidebar),
  }));
}

/** What one may see now: all else is erased, what is new is noted as missing. */
function applySubscribed(state: State, frame: Schemas["SubscribedFrame"]): State {
  const held = state.workspaces[frame.workspace_id];
  if (held === undefined) return state;
  const visible = new Set(frame.channel_ids);
  const lost = Object.keys(held.channels).filter((id) => !visible.has(id));
  const erased = lost.reduce(
    (next, id) => eraseChannel(next, frame.workspace_id, id, LOST_FOR_NOW),
    state,
  );
  const updated = inWorkspace(erased, frame.workspace_id, (workspace) => ({
    ...workspace,
    caughtUp: false,
    missing: frame.channel_ids.filter((id) => workspace.channels[id] === undefined),
    lostChannels: frame.channel_ids.reduce(omit, workspace.lostChannels),
  }));
  const present = placePresence(updated, held, frame.presence);
  return placePersonal(present, frame.workspace_id, frame.personal);
}

/** Moves a cursor over events that one may not see; during a replay they are still to come. */
function applyHeartbeat(state: State, { workspace_id, cursor }: Schemas["CursorOf"]): State {
  return inWorkspace(state, workspace_id, (held) => (held.caughtUp ? movedOn(held, cursor) : held));
}

function movedOn(workspace: WorkspaceState, cursor: string): WorkspaceState {
  return isBehind(workspace.cursor, cursor) ? { ...workspace, cursor } : workspace;
}

function applyTyping(state: State, frame: Schemas["TypingFrame"], at: number): State {
  const { workspace_id, channel_id, thread_root_id, user_id } = frame;
  const id = thread_root_id ?? channel_id;
  if (frame.state === "stopped") return stopTyping(state, id, user_id);
  const known = state.workspaces[workspace_id]?.channels[channel_id] !== undefined;
  return known ? startTyping(state, id, user_id, at) : state;
}
