//! What one has begun to write, one text per conversation and account; it survives switching and reloading.
import { SvelteMap } from "svelte/reactivity";
import { forgetAll, recall, remember } from "./storage.ts";

const PREFIX = "clickclack:draft:";
const key = (user: string, channel: string): string => `${PREFIX}${user}:${channel}`;
const open = new SvelteMap<string, string>();

/** The drafts of whoever is signed in. */
export const drafts = {
  of(user: string, channel: string): string {
    const name = key(user, channel);
    return open.get(name) ?? recall(name) ?? "";
  },
  set(user: string, channel: string, text: string): void {
    const name = key(user, channel);
    open.set(name, text);
    remember(name, text === "" ? null : text);
  },
  /** At sign-out nothing of an account stays behind. */
  forget(user: string): void {
    open.clear();
    forgetAll(`${PREFIX}${user}:`);
  },
};
