//! Pieces of the page that are fetched when they are used, and what happens when one is gone after an upgrade.
import { client } from "./session.svelte.ts";

const RELOADED = "clickclack:reloaded";
const AGAIN_MS = 60_000;
let missing = $state(false);

/** Whether a piece could not be fetched and a reload did not help, or would lead nowhere. */
export const pieces = {
  get missing(): boolean {
    return missing;
  },
};

/** Fetches a piece. When that fails the answer never comes: the page is loaded again, or says so. */
export async function lazy<T>(load: () => Promise<T>): Promise<T> {
  try {
    const piece = await load();
    missing = false;
    return piece;
  } catch {
    if (await reachable()) reloadOnce();
    else missing = true;
    return new Promise<T>(() => undefined);
  }
}

/** Without a server a reload would leave nothing at all. */
async function reachable(): Promise<boolean> {
  try {
    await client.auth.getProviders();
    return true;
  } catch {
    return false;
  }
}

/** The new page knows the new pieces. Not twice in a row: a piece may be missing for another reason. */
function reloadOnce(): void {
  const now = Date.now();
  if (now - Number(sessionStorage.getItem(RELOADED) ?? 0) < AGAIN_MS) {
    missing = true;
    return;
  }
  sessionStorage.setItem(RELOADED, String(now));
  location.reload();
}
