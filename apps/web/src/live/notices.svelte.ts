//! What the server refused after it had been shown already: one sentence, for a while.
import { explain } from "./explain.ts";

const SHOWN_MS = 6000;

let words = $state("");
let timer: ReturnType<typeof setTimeout> | undefined;

/** The sentence that is shown now; empty most of the time. */
export const notices = {
  get words(): string {
    return words;
  },
  tell(sentence: string): void {
    clearTimeout(timer);
    words = sentence;
    timer = setTimeout(notices.dismiss, SHOWN_MS);
  },
  dismiss(): void {
    clearTimeout(timer);
    words = "";
  },
};

/** Lets work run by itself, and says why when it was refused. */
export function attempt(work: Promise<unknown>): void {
  work.catch((error: unknown) => notices.tell(explain(error)));
}
