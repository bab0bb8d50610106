//! The router: the browser's history as a rune, and links that stay on the page.
import { ownPath, type Place, placeOf } from "./routes.ts";

let pathname = $state(location.pathname);
let turn = $state(0);
const place = $derived(placeOf(pathname));

function arrive(): void {
  pathname = location.pathname;
  turn += 1;
}
window.addEventListener("popstate", arrive);

/** Where one is, and how to go elsewhere. */
export const router = {
  get place(): Place {
    return place;
  },
  get path(): string {
    return pathname;
  },
  /** Counts every going, also to where one is: whoever follows a link to a message again jumps again. */
  get turn(): number {
    return turn;
  },
  /** Goes to an address of this page. */
  go(address: string, { replace = false }: { replace?: boolean } = {}): void {
    if (replace) history.replaceState(null, "", address);
    else if (address !== location.pathname + location.search) history.pushState(null, "", address);
    arrive();
  },
};

/** Lets links of this page move without loading it again. New tabs, downloads and other sites are left alone. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || !link.hasAttribute("href") || link.hasAttribute("download")) return;
  // Links in messages name a new tab; those that lead to this page need none.
  if (link.target !== "" && link.closest(".prose") === null) return;
  const address = ownPath(link.href);
  if (address === undefined) return;
  event.preventDefault();
  router.go(address);
}

/** Takes the token out of the address's fragment, so that it stays in no history. */
export function takeToken(): string {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  if (token !== "") history.replaceState(null, "", location.pathname);
  return token;
}
