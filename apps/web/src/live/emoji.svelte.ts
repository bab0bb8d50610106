//! Which emoji one used last, and in which skin tone: of this account in this browser.
import { lastKey, session } from "./session.svelte.ts";
import { recall, remember } from "./storage.ts";

const MOST = 24;
const TONES = 5;

// Under the name of what is forgotten at sign-out.
const recentKey = (): string => lastKey(`emoji:${session.me}`);
const toneKey = (): string => lastKey(`tone:${session.me}`);

// What is remembered is no rune: whoever reads it hears of changes by this one.
let changes = $state(0);

/** What the picker remembers. */
export const emojiMemory = {
  /** The newest first. */
  get recent(): readonly string[] {
    void changes;
    return (recall(recentKey()) ?? "").split(" ").filter(Boolean);
  },
  /** 0 is the yellow one, 1 light to 5 dark. */
  get tone(): number {
    void changes;
    const tone = Number(recall(toneKey()) ?? 0);
    return Number.isInteger(tone) && tone >= 0 && tone <= TONES ? tone : 0;
  },
  used(emoji: string): void {
    const now = [emoji, ...this.recent.filter((other) => other !== emoji)].slice(0, MOST);
    remember(recentKey(), now.join(" "));
    changes += 1;
  },
  setTone(tone: number): void {
    remember(toneKey(), tone === 0 ? null : String(tone));
    changes += 1;
  },
};
