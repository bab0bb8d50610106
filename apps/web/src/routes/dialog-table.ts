//! Every dialog by its name: fetched when it opens, grouped by what it is about.
import type { Channel, Message, WorkspaceState } from "@clickclack/sdk";
import type { Component } from "svelte";
import type { Opened } from "../live/dialogs.svelte.ts";

interface Closes {
  onclose: () => void;
}
type Table<About> = Partial<
  Record<Opened["name"], () => Promise<{ default: Component<About & Closes> }>>
>;

/** About nothing that could go away. */
export const ALONE: Table<object> = {
  createWorkspace: () => import("./dialogs/CreateWorkspace.svelte"),
  signOut: () => import("./dialogs/SignOut.svelte"),
};

/** About a workspace; some about a section of its sidebar, or a channel for a new one. */
export const OF_WORKSPACE: Table<{
  workspace: WorkspaceState;
  section: string | undefined;
  moves: string | undefined;
}> = {
  invites: () => import("./dialogs/Invites.svelte"),
  members: () => import("./dialogs/Members.svelte"),
  renameWorkspace: () => import("./dialogs/RenameWorkspace.svelte"),
  leaveWorkspace: () => import("./dialogs/LeaveWorkspace.svelte"),
  newSection: () => import("./dialogs/Section.svelte"),
  renameSection: () => import("./dialogs/Section.svelte"),
  deleteSection: () => import("./dialogs/DeleteSection.svelte"),
  createChannel: () => import("./dialogs/CreateChannel.svelte"),
  browse: () => import("./dialogs/Browse.svelte"),
};

/** About a channel. */
export const OF_CHANNEL: Table<{
  channel: Channel;
  workspace: WorkspaceState;
  what: "name" | "topic";
}> = {
  people: () => import("./dialogs/People.svelte"),
  renameChannel: () => import("./dialogs/EditChannel.svelte"),
  topic: () => import("./dialogs/EditChannel.svelte"),
  archive: () => import("./dialogs/Archive.svelte"),
  leaveChannel: () => import("./dialogs/LeaveChannel.svelte"),
};

/** About a message. */
export const OF_MESSAGE: Table<{ message: Message }> = {
  history: () => import("./dialogs/History.svelte"),
  reactions: () => import("./dialogs/Reactions.svelte"),
  renameThread: () => import("./dialogs/RenameThread.svelte"),
  deleteMessage: () => import("./dialogs/DeleteMessage.svelte"),
};
