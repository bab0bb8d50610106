//! Light, dark, or as the system has it.
import { recall, remember } from "./storage.ts";

/** The three looks. */
export const LOOKS = ["system", "light", "dark"] as const;
export type Look = (typeof LOOKS)[number];

const KEY = "clickclack:look";
const known = (word: string | null): Look => LOOKS.find((look) => look === word) ?? "system";
let look = $state<Look>(known(recall(KEY)));

function wear(): void {
  if (look === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = look;
}
wear();
window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  look = known(event.newValue);
  wear();
});

/** The look of the page, kept in this browser. */
export const theme = {
  get look(): Look {
    return look;
  },
  choose(next: Look): void {
    look = next;
    remember(KEY, next === "system" ? null : next);
    wear();
  },
};
