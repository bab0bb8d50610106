//! What happens once somebody has signed in: the session starts, and they go where they wanted to.
import { router } from "./router.svelte.ts";
import { safeReturn } from "./routes.ts";
import { session } from "./session.svelte.ts";

/** Starts the session and goes on; without an address to where the person was going. */
export async function enter(address?: string): Promise<void> {
  const wanted = new URLSearchParams(location.search).get("next");
  await session.start({ again: true, anew: true });
  router.go(address ?? safeReturn(wanted), { replace: true });
}

/** Goes to where the person was going when they were asked to sign in. */
export function goOn(): void {
  router.go(safeReturn(new URLSearchParams(location.search).get("next")), { replace: true });
}
