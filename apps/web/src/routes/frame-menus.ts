//! The menus of the frame: the workspace's above the sidebar, and one's own below it.
import type { WorkspaceState } from "@clickclack/sdk";
import Compass from "@lucide/svelte/icons/compass";
import DoorOpen from "@lucide/svelte/icons/door-open";
import FolderPlus from "@lucide/svelte/icons/folder-plus";
import Keyboard from "@lucide/svelte/icons/keyboard";
import LogOut from "@lucide/svelte/icons/log-out";
import Monitor from "@lucide/svelte/icons/monitor";
import Moon from "@lucide/svelte/icons/moon";
import Pencil from "@lucide/svelte/icons/pencil";
import Plus from "@lucide/svelte/icons/plus";
import Settings from "@lucide/svelte/icons/settings";
import Sun from "@lucide/svelte/icons/sun";
import UserPlus from "@lucide/svelte/icons/user-plus";
import Users from "@lucide/svelte/icons/users";
import { keysOf } from "../live/commands.ts";
import { dialogs } from "../live/dialogs.svelte.ts";
import { shortcuts } from "../live/palette.svelte.ts";
import { isModerator, mayBrowse } from "../live/rights.ts";
import { router } from "../live/router.svelte.ts";
import { to } from "../live/routes.ts";
import { theme } from "../live/theme.svelte.ts";
import type { MenuItem } from "../parts/Menu.svelte";
import { say } from "../strings.ts";

type Items = (MenuItem | null)[];

/** What one may do with a workspace. */
export function workspaceMenu({ workspace: { id: workspace }, me }: WorkspaceState): Items {
  const moderates = isModerator(me);
  const open =
    (
      name:
        | "invites"
        | "members"
        | "renameWorkspace"
        | "leaveWorkspace"
        | "createChannel"
        | "browse"
        | "newSection",
    ) =>
    () =>
      dialogs.open({ name, workspace });
  const items: Items = [];
  if (moderates) {
    items.push({ label: say.workspace.invite, icon: UserPlus, onselect: open("invites") });
  }
  items.push({ label: say.workspace.members, icon: Users, onselect: open("members") });
  if (moderates) {
    items.push({ label: say.workspace.rename, icon: Pencil, onselect: open("renameWorkspace") });
  }
  items.push(null);
  if (mayBrowse(me)) {
    items.push(
      { label: say.channel.create, icon: Plus, onselect: open("createChannel") },
      { label: say.channel.browse, icon: Compass, onselect: open("browse") },
    );
  }
  items.push({ label: say.sidebar.newSection, icon: FolderPlus, onselect: open("newSection") });
  if (me.role !== "owner") {
    const onselect = open("leaveWorkspace");
    items.push(null, { label: say.workspace.leave, icon: DoorOpen, danger: true, onselect });
  }
  return items;
}

const LOOKS = { system: Monitor, light: Sun, dark: Moon } as const;

/** What concerns oneself and this browser. */
export const accountMenu = (): Items => [
  {
    label: say.settings.title,
    icon: Settings,
    onselect: () => router.go(to.settings("profile")),
  },
  {
    label: say.keyboard.commands.shortcuts,
    icon: Keyboard,
    keys: keysOf("shortcuts"),
    onselect: () => shortcuts.open(),
  },
  null,
  ...(["system", "light", "dark"] as const).map((look) => ({
    label: say.theme[look],
    icon: LOOKS[look],
    checked: theme.look === look,
    onselect: () => theme.choose(look),
  })),
  null,
  { label: say.sidebar.signOut, icon: LogOut, onselect: () => dialogs.open({ name: "signOut" }) },
];
