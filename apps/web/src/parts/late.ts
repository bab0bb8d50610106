//! Pieces of parts that are fetched when they are first used: menus bring a library with them.

import type { MenuItems } from "./MenuPanel.svelte";

type Fetch = <T>(load: () => Promise<T>) => Promise<T>;

let fetch: Fetch = (load) => load();

/** Lets every piece be fetched through what knows what to do when one is missing. */
export function fetchThrough(wanted: Fetch): void {
  fetch = wanted;
}

/** What a menu is drawn with, and its lines. */
export async function openMenu(items: MenuItems) {
  const [piece, lines] = await Promise.all([
    fetch(() => import("./MenuPanel.svelte")),
    typeof items === "function" ? items() : items,
  ]);
  return { MenuPanel: piece.default, lines };
}

/** Fetches it ahead; a failure is told when it is needed. */
export function expectMenu(): void {
  import("./MenuPanel.svelte").catch(() => undefined);
}
