//! Who and where the texts of a workspace name: kept true while people and channels change.
import type { Naming } from "../parts/prose/naming.ts";
import { to } from "./routes.ts";
import { session } from "./session.svelte.ts";

/** The naming of a workspace. Call it where a component begins. */
export function namingOf(workspaceId: () => string): Naming {
  const users = $derived(session.state.workspaces[workspaceId()]?.users);
  const channels = $derived(session.state.workspaces[workspaceId()]?.channels);
  const ids = $derived(
    new Map(Object.values(channels ?? {}).map(({ id, name }) => [name, id] as const)),
  );
  return {
    get me() {
      return session.me;
    },
    nameOf: (userId) => users?.[userId]?.name,
    addressOf: (channelName) => {
      const id = ids.get(channelName);
      return id === undefined ? undefined : to.channel(workspaceId(), id);
    },
  };
}
