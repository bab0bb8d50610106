//! Everything that one can ask for where one is, in words: for the palette. Load it when it is used.
import { unreadIn, workspaceCounts } from "@clickclack/sdk";
import { say } from "../strings.ts";
import { type Command, KEYS } from "./commands.ts";
import { type Here, runKeyed } from "./commands-keyed.ts";
import { dialogs } from "./dialogs.svelte.ts";
import { isModerator, mayBrowse } from "./rights.ts";
import { router } from "./router.svelte.ts";
import { SETTINGS_PAGES, to, type View, VIEWS } from "./routes.ts";
import { session } from "./session.svelte.ts";
import { LOOKS, theme } from "./theme.svelte.ts";

const words = say.keyboard.commands;
const also: Partial<Record<string, string>> = say.keyboard.also;

/** A command without its group, and with other words where the catalogue has some. */
type Sketch = Omit<Command, "group" | "also">;
const grouped = (group: "go" | "do", list: readonly Sketch[]): Command[] =>
  list.map((one) => {
    const others = also[one.id] ?? also[one.id.replace(/-.*/, "")];
    return { ...one, group, ...(others === undefined ? {} : { also: others }) };
  });

/** The views of the workspace, and the settings. */
function places({ workspace, channel }: Here): Sketch[] {
  const list: Sketch[] = [];
  if (workspace !== undefined) {
    const { id } = workspace.workspace;
    const view = (name: View): Sketch => ({
      id: name,
      words: words[name],
      ...(name === "unreads" ? { keys: KEYS.unreads } : {}),
      run: () => router.go(to.view(id, name)),
    });
    list.push(...VIEWS.map(view));
    if (channel !== undefined) {
      list.push({ id: "pins", words: words.pins, run: () => router.go(to.pins(id, channel.id)) });
    }
  }
  const administers = session.state.account?.is_administrator === true;
  const pages = SETTINGS_PAGES.filter(
    (page) => administers || (page !== "server" && page !== "accounts"),
  );
  const settings = pages.map((page) => ({
    id: `settings-${page}`,
    words: words.settings(say.settings.pages[page]),
    run: () => router.go(to.settings(page)),
  }));
  return [...list, ...settings];
}

/** About the open channel and what is unread. What its menu offers comes beside this. */
function reading({ workspace, channel }: Here): Sketch[] {
  const { state } = session;
  const list: Sketch[] = [];
  if (channel !== undefined && unreadIn(state, channel.id).unread > 0) {
    list.push({
      id: "markRead",
      words: words.markRead(channel.name),
      keys: KEYS.escape,
      run: () => session.live.markRead(channel.id),
    });
  }
  const id = workspace?.workspace.id;
  if (id !== undefined && workspaceCounts(state, id).unread) {
    list.push({
      id: "markAllRead",
      words: words.markAllRead,
      run: () => session.live.markAllRead(id),
    });
  }
  return list;
}

/** What one may do to the workspace. */
function workspaceActions({ workspace }: Here): Sketch[] {
  const list: Sketch[] = [];
  if (workspace !== undefined) {
    const about = { workspace: workspace.workspace.id };
    const open =
      (name: "createChannel" | "browse" | "invites" | "members" | "renameWorkspace") => () =>
        dialogs.open({ name, ...about });
    if (mayBrowse(workspace.me)) {
      list.push(
        { id: "createChannel", words: say.channel.create, run: open("createChannel") },
        { id: "browse", words: say.channel.browse, run: open("browse") },
      );
    }
    if (isModerator(workspace.me)) {
      list.push(
        { id: "invite", words: say.workspace.invite, run: open("invites") },
        { id: "renameWorkspace", words: say.workspace.rename, run: open("renameWorkspace") },
      );
    }
    list.push({ id: "members", words: say.workspace.members, run: open("members") });
  }
  if (session.state.account?.may_create_workspaces === true) {
    list.push({
      id: "createWorkspace",
      words: say.workspace.create,
      run: () => dialogs.open({ name: "createWorkspace" }),
    });
  }
  return list;
}

/** About the page itself. */
function pageActions(): Sketch[] {
  const looks = LOOKS.filter((look) => look !== theme.look).map((look) => ({
    id: `look-${look}`,
    words: words.look(say.theme[look]),
    run: () => theme.choose(look),
  }));
  return [
    {
      id: "shortcuts",
      words: words.shortcuts,
      keys: KEYS.shortcuts,
      run: () => void runKeyed("shortcuts"),
    },
    ...looks,
    { id: "signOut", words: say.sidebar.signOut, run: () => dialogs.open({ name: "signOut" }) },
  ];
}

/** Everything that one can ask for here. */
export const commandsHere = (at: Here): Command[] => [
  ...grouped("go", places(at)),
  ...grouped("do", [...reading(at), ...workspaceActions(at), ...pageActions()]),
];
