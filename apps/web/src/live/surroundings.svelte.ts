//! What surrounds the page: whether it is watched, online, wide, and on a safe address.
import { MediaQuery } from "svelte/reactivity";

let visible = $state(document.visibilityState === "visible");
let focused = $state(document.hasFocus());
let online = $state(navigator.onLine);
const narrow = new MediaQuery("(max-width: 719.98px)");
const close = new MediaQuery("(max-width: 1099.98px)");
const mouse = new MediaQuery("(hover: hover) and (pointer: fine)");

document.addEventListener(
  "visibilitychange",
  () => (visible = document.visibilityState === "visible"),
);
window.addEventListener("focus", () => (focused = true));
window.addEventListener("blur", () => (focused = false));
window.addEventListener("online", () => (online = true));
window.addEventListener("offline", () => (online = false));

/** The page's surroundings, as runes. */
export const surroundings = {
  get visible(): boolean {
    return visible;
  },
  /** The page is in sight and is what the person works with. */
  get watched(): boolean {
    return visible && focused;
  },
  get online(): boolean {
    return online;
  },
  get narrow(): boolean {
    return narrow.current;
  },
  /** Too narrow for a timeline and something beside it: the pane covers the timeline. */
  get close(): boolean {
    return close.current;
  },
  /** Something that points exactly and can hover. */
  get mouse(): boolean {
    return mouse.current;
  },
  /** Plain http on another host than loopback: the browser withholds much there. */
  insecure: !window.isSecureContext,
};
