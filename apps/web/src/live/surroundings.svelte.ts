//! What surrounds the page: whether it is watched, online, wide, and on a safe address.
import { MediaQuery } from "svelte/reactivity";

let visible = $state(document.visibilityState === "visible");
let online = $state(navigator.onLine);
const narrow = new MediaQuery("(max-width: 719.98px)");

document.addEventListener(
  "visibilitychange",
  () => (visible = document.visibilityState === "visible"),
);
window.addEventListener("online", () => (online = true));
window.addEventListener("offline", () => (online = false));

/** The page's surroundings, as runes. */
export const surroundings = {
  get visible(): boolean {
    return visible;
  },
  get online(): boolean {
    return online;
  },
  get narrow(): boolean {
    return narrow.current;
  },
  /** Plain http on another host than loopback: the browser withholds much there. */
  insecure: !window.isSecureContext,
};
