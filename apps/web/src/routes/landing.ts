//! Where an address that names less than a channel leads: to where one was last.
import { joinedChannels, type State } from "@clickclack/sdk";
import { lastKey } from "../live/session.svelte.ts";
import { recall, remember } from "../live/storage.ts";

/** The workspace that one was in last, or the oldest. */
export function landingWorkspace({ workspaces }: State): string | undefined {
  const last = recall(lastKey());
  return last !== null && workspaces[last] ? last : Object.keys(workspaces).toSorted()[0];
}

/** The channel that one was in last, or #general, or the first. */
export function landingChannel(state: State, workspaceId: string): string | undefined {
  const workspace = state.workspaces[workspaceId];
  if (workspace === undefined) return undefined;
  const last = recall(lastKey(workspaceId));
  if (last !== null && workspace.channels[last]) return last;
  const joined = joinedChannels(state, workspaceId);
  return (joined.find(({ name }) => name === "general") ?? joined[0])?.id;
}

/** Remembers where one is. */
export function leaveTrace(workspaceId: string, channelId: string): void {
  remember(lastKey(), workspaceId);
  remember(lastKey(workspaceId), channelId);
}
