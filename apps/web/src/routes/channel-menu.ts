//! What the menu of a channel offers to this person.
import { type Channel, isProblem, preferencesOf, type WorkspaceState } from "@clickclack/sdk";
import Archive from "@lucide/svelte/icons/archive";
import ArchiveRestore from "@lucide/svelte/icons/archive-restore";
import Bell from "@lucide/svelte/icons/bell";
import BellOff from "@lucide/svelte/icons/bell-off";
import DoorOpen from "@lucide/svelte/icons/door-open";
import Link from "@lucide/svelte/icons/link";
import MessageSquareText from "@lucide/svelte/icons/message-square-text";
import Pencil from "@lucide/svelte/icons/pencil";
import Star from "@lucide/svelte/icons/star";
import StarOff from "@lucide/svelte/icons/star-off";
import Users from "@lucide/svelte/icons/users";
import { copyText } from "../live/clipboard.ts";
import { dialogs } from "../live/dialogs.svelte.ts";
import { attempt } from "../live/notices.svelte.ts";
import { mayChange, maySetTopic } from "../live/rights.ts";
import { to } from "../live/routes.ts";
import { client, session } from "../live/session.svelte.ts";
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

/** What one sets for oneself. */
export function ownLines(channel: Channel): (MenuItem | null)[] {
  const { starred, muted } = preferencesOf(session.state, channel.id);
  const set = (change: { starred?: boolean; muted?: boolean }) => () =>
    attempt(session.live.setChannelPreferences(channel.id, change));
  return [
    {
      label: starred ? say.sidebar.unstar : say.sidebar.star,
      icon: starred ? StarOff : Star,
      onselect: set({ starred: !starred }),
    },
    {
      label: muted ? say.sidebar.unmute : say.sidebar.mute,
      icon: muted ? Bell : BellOff,
      onselect: set({ muted: !muted }),
    },
    {
      label: say.sidebar.copyLink,
      icon: Link,
      onselect: () => void copyText(location.origin + to.channel(channel.workspace_id, channel.id)),
    },
  ];
}

/** The lines of a channel's menu. */
export const channelMenu = (channel: Channel, workspace: WorkspaceState): (MenuItem | null)[] => [
  ...ownLines(channel),
  null,
  ...sharedLines(channel, workspace),
];

/** What concerns everybody in the channel. */
export function sharedLines(channel: Channel, workspace: WorkspaceState): (MenuItem | null)[] {
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
