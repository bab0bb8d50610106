//! Finding and changing one workspace of the state.

import { position } from "../cursor.ts";
import type { ChannelId, WorkspaceId } from "../shapes.ts";
import { put } from "./merge.ts";
import type { State, WorkspaceState } from "./state.ts";

/** The state with a change of one workspace; without the workspace nothing changes. */
export function inWorkspace(
  state: State,
  id: WorkspaceId,
  change: (workspace: WorkspaceState) => WorkspaceState,
): State {
  const held = state.workspaces[id];
  if (held === undefined) return state;
  const workspaces = put(state.workspaces, id, change(held));
  return workspaces === state.workspaces ? state : { ...state, workspaces };
}

/** The workspace that a channel is in. */
export function workspaceOf(state: State, channelId: ChannelId): WorkspaceState | undefined {
  return Object.values(state.workspaces).find(({ channels }) => channels[channelId] !== undefined);
}

/** The sequence up to which the events about a channel are applied. */
export function hereOf(state: State, channelId: ChannelId): number {
  const workspace = workspaceOf(state, channelId);
  return workspace === undefined ? 0 : position(workspace.cursor).seq;
}
