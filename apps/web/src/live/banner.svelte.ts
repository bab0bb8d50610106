//! What the line across the top has to say: offline, reconnecting, catching up, a newer version.
import { untrack } from "svelte";
import { client, session } from "./session.svelte.ts";
import { surroundings } from "./surroundings.svelte.ts";

/** Connections blink; only what lasts is told. */
const PATIENCE_MS = 1500;

/** The state of the connection that is worth a line. */
export type Trouble = "offline" | "connecting" | "reconnecting" | "catchingUp";

/** Follows the connection for as long as the caller lives. */
export function connectionTrouble(workspaceId: () => string | undefined) {
  let shown = $state<Trouble>();
  let outdated = $state(false);
  let wasLive = $state(false);
  let version: string | undefined;

  const trouble = $derived.by((): Trouble | undefined => {
    if (!surroundings.online) return "offline";
    const { connection, workspaces } = session.state;
    // What was never there is not lost: the page may show what this browser kept.
    if (connection.status === "waiting" || connection.status === "connecting")
      return wasLive ? "reconnecting" : "connecting";
    const workspace = workspaces[workspaceId() ?? ""];
    return connection.status === "live" && workspace !== undefined && !workspace.caughtUp
      ? "catchingUp"
      : undefined;
  });
  $effect(() => {
    const next = trouble;
    if (next === undefined || next === "offline") {
      shown = next;
      return undefined;
    }
    const timer = setTimeout(() => (shown = next), PATIENCE_MS);
    return () => clearTimeout(timer);
  });

  // A server that comes back may be a newer one, with a newer page.
  const status = $derived(session.state.connection.status);
  $effect(() => {
    if (status !== "live") return;
    void compare(untrack(() => wasLive));
    wasLive = true;
  });
  async function compare(again: boolean): Promise<void> {
    try {
      const now = (await client.auth.getProviders()).server_version;
      if (again && version !== undefined && now !== version) outdated = true;
      version ??= now;
    } catch {
      // Asked again at the next reconnect.
    }
  }
  return {
    get trouble(): Trouble | undefined {
      return shown;
    },
    get outdated(): boolean {
      return outdated;
    },
  };
}
