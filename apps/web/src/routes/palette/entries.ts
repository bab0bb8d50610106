//! What the palette can lead to from here: conversations, people and commands, each with its icon.
import {
  type Channel,
  joinedChannels,
  type Member,
  visibleChannels,
  type WorkspaceState,
} from "@clickclack/sdk";
import ArrowRight from "@lucide/svelte/icons/arrow-right";
import AtSign from "@lucide/svelte/icons/at-sign";
import Bookmark from "@lucide/svelte/icons/bookmark";
import CheckCheck from "@lucide/svelte/icons/check-check";
import Compass from "@lucide/svelte/icons/compass";
import Hash from "@lucide/svelte/icons/hash";
import Inbox from "@lucide/svelte/icons/inbox";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Lock from "@lucide/svelte/icons/lock";
import LogOut from "@lucide/svelte/icons/log-out";
import MessagesSquare from "@lucide/svelte/icons/messages-square";
import Palette from "@lucide/svelte/icons/palette";
import Pencil from "@lucide/svelte/icons/pencil";
import PenLine from "@lucide/svelte/icons/pen-line";
import Pin from "@lucide/svelte/icons/pin";
import Plus from "@lucide/svelte/icons/plus";
import Settings from "@lucide/svelte/icons/settings";
import UserPlus from "@lucide/svelte/icons/user-plus";
import Users from "@lucide/svelte/icons/users";
import { capsOf } from "../../live/keyboard.ts";
import { commandsHere } from "../../live/commands-here.ts";
import type { Here } from "../../live/commands-keyed.ts";
import { router } from "../../live/router.svelte.ts";
import { to } from "../../live/routes.ts";
import { session } from "../../live/session.svelte.ts";
import { say } from "../../strings.ts";
import { channelMenu } from "../channel-menu.ts";
import type { Entry } from "./finding.ts";

const words = say.keyboard.palette;

/** By a command's id, or its beginning. */
const icons: Partial<Record<string, Entry["icon"]>> = {
  unreads: Inbox,
  threads: MessagesSquare,
  saved: Bookmark,
  drafts: PenLine,
  pins: Pin,
  settings: Settings,
  markRead: CheckCheck,
  markAllRead: CheckCheck,
  createChannel: Plus,
  createWorkspace: Plus,
  browse: Compass,
  invite: UserPlus,
  members: Users,
  renameWorkspace: Pencil,
  shortcuts: Keyboard,
  look: Palette,
  signOut: LogOut,
};

const MINE = 1;
const VISIBLE = 0.9;
const ELSEWHERE = 0.85;
const ARCHIVED = 0.6;
/** Where one is already. */
const HERE = 0.7;
/** How much nearer the conversation is that one was in last. */
const LATEST = 0.3;

/** What one asks for most comes first while nothing is written, and weighs a little more. */
const often = ["markRead", "markAllRead", "createChannel", "browse", "invite", "shortcuts"];
const OFTEN = 1.1;
const SELDOM = 0.95;

function weightOf(id: string): number {
  const place = often.indexOf(id);
  if (place >= 0) return OFTEN - place / 100;
  return id.startsWith("settings") ? SELDOM : MINE;
}

/** Commands, and what the menu of the open channel offers. */
export function actions(here: Here): Entry[] {
  const { workspace, channel } = here;
  const commands = commandsHere(here).map(
    ({ id, group = "do", words, also, keys, run }): Entry => ({
      id,
      kind: group,
      name: words,
      also,
      caps: keys === undefined ? undefined : capsOf(keys),
      icon: icons[id] ?? icons[id.replace(/-.*/, "")] ?? ArrowRight,
      weight: weightOf(id),
      run,
    }),
  );
  if (workspace === undefined || channel === undefined) return commands;
  const menu = channelMenu(channel, workspace).flatMap((item): Entry[] =>
    item === null
      ? []
      : [
          {
            id: `channel/${item.label}`,
            kind: "do",
            name: item.label,
            hint: `#${channel.name}`,
            icon: item.icon,
            weight: MINE,
            run: item.onselect,
          },
        ],
  );
  return [...menu, ...commands];
}

/** Conversations: of the open workspace all that one may see, of the others those one is in. */
export function conversations(
  { workspace, channel: current }: Here,
  recent: readonly string[],
): Entry[] {
  const { state } = session;
  const rank = new Map(recent.map((id, index) => [id, 1 + LATEST * (1 - index / recent.length)]));
  const entry = (channel: Channel, hint: string | undefined, weight: number): Entry => ({
    id: channel.id,
    kind: "channels",
    name: channel.name,
    also: channel.topic,
    hint,
    icon: channel.kind === "private" ? Lock : Hash,
    weight: weight * (rank.get(channel.id) ?? 1),
    run: () => router.go(to.channel(channel.workspace_id, channel.id)),
  });
  const here = workspace === undefined ? [] : visibleChannels(state, workspace.workspace.id);
  return [
    ...here.map((channel) => {
      if (channel.id === current?.id) return entry(channel, undefined, HERE);
      if (channel.archived_at !== undefined) return entry(channel, words.archived, ARCHIVED);
      const joined = workspace?.joined[channel.id] === true;
      return joined ? entry(channel, undefined, MINE) : entry(channel, words.notJoined, VISIBLE);
    }),
    ...others(workspace).flatMap(({ workspace: { id, name } }) =>
      joinedChannels(state, id).map((channel) => entry(channel, name, ELSEWHERE)),
    ),
  ];
}

const others = (workspace: WorkspaceState | undefined): WorkspaceState[] =>
  Object.values(session.state.workspaces).filter(
    (one) => one.workspace.id !== workspace?.workspace.id,
  );

/** The other workspaces. */
export const workspaces = (workspace: WorkspaceState | undefined): Entry[] =>
  others(workspace).map(({ workspace: { id, name } }) => ({
    id,
    kind: "go",
    name,
    hint: words.workspace,
    icon: ArrowRight,
    weight: MINE,
    run: () => router.go(to.workspace(id)),
  }));

/** A pasted link of this page. */
export const link = (path: string): Entry => ({
  id: path,
  kind: "go",
  name: words.openLink,
  hint: path,
  icon: ArrowRight,
  weight: MINE,
  run: () => router.go(path),
});

/** People, to be mentioned where one writes. */
export function people(
  members: Readonly<Record<string, Member>>,
  mention: (user: Member["user"]) => void,
): Entry[] {
  return Object.values(members)
    .filter(({ user }) => user.id !== session.me && !user.deactivated)
    .map(({ user }): Entry => ({
      id: user.id,
      kind: "people",
      name: user.name,
      hint: words.mention,
      icon: AtSign,
      weight: VISIBLE,
      run: () => mention(user),
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
