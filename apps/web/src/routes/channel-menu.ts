//! What the menu of a channel offers to this person.
import { type Channel, isProblem, type WorkspaceState } from "@clickclack/sdk";
import Archive from "@lucide/svelte/icons/archive";
import ArchiveRestore from "@lucide/svelte/icons/archive-restore";
import DoorOpen from "@lucide/svelte/icons/door-open";
import MessageSquareText from "@lucide/svelte/icons/message-square-text";
import Pencil from "@lucide/svelte/icons/pencil";
import Users from "@lucide/svelte/icons/users";
import { dialogs } from "../live/dialogs.svelte.ts";
import { mayChange, maySetTopic } from "../live/rights.ts";
import { client } from "../live/session.svelte.ts";
import type { MenuItem } from "../parts/Menu.svelte";
import { say } from "../strings.ts";

/** Leaves a public channel at once, since one can come back; asks before leaving a private one. */
async function leave(channel: Channel): Promise<void> {
  if (channel.kind === "private") {
    dialogs.open({ name: "leaveChannel", channel: channel.id });
    return;
  }
  try {
    await client.channels.leave(channel.id);
  } catch (error) {
    // The dialog tries again and says what is wrong.
    if (!isProblem(error, "not_found")) dialogs.open({ name: "leaveChannel", channel: channel.id });
  }
}

/** The lines of a channel's menu. */
export function channelMenu(channel: Channel, workspace: WorkspaceState): (MenuItem | null)[] {
  const about = { channel: channel.id };
  const items: (MenuItem | null)[] = [
    {
      label: say.channel.people,
      icon: Users,
      onselect: () => dialogs.open({ name: "people", ...about }),
    },
  ];
  const joined = workspace.joined[channel.id] === true;
  if (maySetTopic(workspace.me, channel, joined)) {
    items.push({
      label: say.channel.editTopic,
      icon: MessageSquareText,
      onselect: () => dialogs.open({ name: "topic", ...about }),
    });
  }
  if (mayChange(workspace.me, channel)) {
    const archived = channel.archived_at !== undefined;
    if (!archived) {
      items.push({
        label: say.channel.rename,
        icon: Pencil,
        onselect: () => dialogs.open({ name: "renameChannel", ...about }),
      });
    }
    items.push({
      label: archived ? say.channel.unarchive : say.channel.archive,
      icon: archived ? ArchiveRestore : Archive,
      onselect: () => dialogs.open({ name: "archive", ...about }),
    });
  }
  if (joined) {
    items.push(null, {
      label: say.channel.leave,
      icon: DoorOpen,
      danger: true,
      onselect: () => void leave(channel),
    });
  }
  return items;
}
