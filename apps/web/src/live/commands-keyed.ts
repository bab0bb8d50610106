//! What the keys of the page do, where one is.
import { type Channel, isUnread, unreadIn, type WorkspaceState } from "@clickclack/sdk";
import type { KeyedId } from "./commands.ts";
import { palette, shortcuts } from "./palette.svelte.ts";
import { router } from "./router.svelte.ts";
import { to } from "./routes.ts";
import { lastKey, session } from "./session.svelte.ts";
import { conversationsOf } from "./sidebar.ts";
import { recall } from "./storage.ts";

/** Where one is. */
export interface Here {
  workspace: WorkspaceState | undefined;
  channel: Channel | undefined;
}

/** Where one is; from the settings, the workspace that one was in last. */
export function here(): Here {
  const { place } = router;
  const { workspaces } = session.state;
  if (place.screen === "workspace") {
    const workspace = workspaces[place.workspace];
    return { workspace, channel: workspace?.channels[place.channel ?? ""] };
  }
  const last = workspaces[recall(lastKey()) ?? ""];
  const [first = ""] = Object.keys(workspaces).toSorted();
  return { workspace: last ?? workspaces[first], channel: undefined };
}

/**
 * The next of a ring, from where one is, that is wanted. From outside of the ring the first step
 * leads to its first or its last.
 */
export function nextOf(
  order: readonly string[],
  from: string | undefined,
  by: 1 | -1,
  wanted: (id: string) => boolean,
): string | undefined {
  const { length } = order;
  const at = from === undefined ? -1 : order.indexOf(from);
  const start = at < 0 && by < 0 ? length : at;
  for (let turn = 1; turn <= length; turn += 1) {
    const next = order[(start + by * turn + length * 2) % length];
    if (next !== undefined && next !== from && wanted(next)) return next;
  }
  return undefined;
}

/** Goes to the conversation above or below in the sidebar. */
function step({ workspace, channel }: Here, by: 1 | -1, wanted: (id: string) => boolean): boolean {
  if (workspace === undefined) return false;
  const { id } = workspace.workspace;
  const order = conversationsOf(session.state, id);
  const next = nextOf(order, channel?.id, by, wanted);
  if (next === undefined) return false;
  router.go(to.channel(id, next));
  return true;
}
const any = (): boolean => true;
const unread = (id: string): boolean => isUnread(session.state, id);

/** What Esc does when nothing lies on top: the pane closes, then the channel is read. */
function escape({ workspace, channel }: Here): boolean {
  const { place } = router;
  if (workspace === undefined || channel === undefined || place.screen !== "workspace") {
    return false;
  }
  if (place.pane !== undefined) {
    router.go(to.channel(workspace.workspace.id, channel.id));
    return true;
  }
  if (unreadIn(session.state, channel.id).unread === 0) return false;
  session.live.markRead(channel.id);
  return true;
}

const actions: Record<KeyedId, (at: Here) => boolean> = {
  palette: () => (palette.open(), true),
  shortcuts: () => (shortcuts.open(), true),
  previous: (at) => step(at, -1, any),
  next: (at) => step(at, 1, any),
  previousUnread: (at) => step(at, -1, unread),
  nextUnread: (at) => step(at, 1, unread),
  unreads: ({ workspace }) => {
    if (workspace === undefined) return false;
    router.go(to.view(workspace.workspace.id, "unreads"));
    return true;
  },
  escape,
};

/** Does what a key asks for; false where there is nothing to do. */
export const runKeyed = (id: KeyedId): boolean => actions[id](here());
