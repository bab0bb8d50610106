//! The router: the browser's history as a rune, and links that stay on the page.
import { type Place, placeOf } from "./routes.ts";

let pathname = $state(location.pathname);
const place = $derived(placeOf(pathname));

window.addEventListener("popstate", () => (pathname = location.pathname));

/** Where one is, and how to go elsewhere. */
export const router = {
  get place(): Place {
    return place;
  },
  get path(): string {
    return pathname;
  },
  /** Goes to an address of this page. */
  go(address: string, { replace = false }: { replace?: boolean } = {}): void {
    if (replace) history.replaceState(null, "", address);
    else if (address !== location.pathname + location.search) history.pushState(null, "", address);
    pathname = location.pathname;
  },
};

/** Lets links of this page move without loading it again. New tabs, downloads and other sites are left alone. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (
    link === null ||
    link.target !== "" ||
    link.origin !== location.origin ||
    link.hasAttribute("download")
  )
    return;
  event.preventDefault();
  router.go(link.pathname + link.search + link.hash);
}

/** Takes the token out of the address's fragment, so that it stays in no history. */
export function takeToken(): string {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  if (token !== "") history.replaceState(null, "", location.pathname);
  return token;
}
