//! Turns what people type into a channel's name: "Design Critique" becomes design-critique.

/** Lower case, spaces as hyphens, without what a name may not have. */
export function channelName(typed: string): string {
  return typed
    .trim()
    .replace(/^#/, "")
    .toLocaleLowerCase()
    .replace(/\s+/gu, "-")
    .replace(/[^\p{L}\p{M}\p{N}\-_.]/gu, "");
}
