//! Where one has been lately: conversations of this account in this browser, the newest first.
import { lastKey } from "./session.svelte.ts";
import { recall, remember } from "./storage.ts";

const MOST = 30;

// Under the name of what is forgotten at sign-out.
const key = (user: string): string => lastKey(`recent:${user}`);

/** The conversations that one was in, the newest first. */
export function recent(user: string): string[] {
  return (recall(key(user)) ?? "").split(" ").filter(Boolean);
}

/** Notes that one is in a conversation. */
export function visited(user: string, channel: string): void {
  const before = recent(user);
  if (user === "" || before[0] === channel) return;
  const now = [channel, ...before.filter((id) => id !== channel)].slice(0, MOST);
  remember(key(user), now.join(" "));
}
