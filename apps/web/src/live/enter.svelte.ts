//! What Enter does where one writes: set per device, because keyboards differ.
import { recall, remember } from "./storage.ts";

const KEY = "clickclack:enter";
const BREAKS = "breaks";
let sends = $state(recall(KEY) !== BREAKS);

window.addEventListener("storage", (event) => {
  if (event.key === KEY) sends = event.newValue !== BREAKS;
});

/** Whether Enter sends and Shift Enter breaks the line, or the other way round. */
export const enter = {
  get sends(): boolean {
    return sends;
  },
  choose(next: boolean): void {
    sends = next;
    remember(KEY, next ? null : BREAKS);
  },
};
