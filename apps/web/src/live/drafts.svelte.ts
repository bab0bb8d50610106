//! What one has begun to write, and what it quotes: by conversation, handed to the SDK in the pauses of typing.
import { draftOf, messageOf } from "@clickclack/sdk";
import { SvelteMap } from "svelte/reactivity";
import { session } from "./session.svelte.ts";
import { forgetAll, recall, remember } from "./storage.ts";

/** A channel, or a thread in it by the message that it hangs on. */
export interface Where {
  channel: string;
  root?: string | undefined;
}

/** Nothing of the page but the field itself hears of a key; the rest hears of a pause. */
const PAUSE_MS = 300;
/** The SDK keeps what it has within this time; a page that goes away sooner keeps it here. */
const KEPT_MS = 3000;
const QUOTE = "clickclack:quote:";
const LAST_WORDS = "clickclack:draft:";
const conversation = ({ channel, root }: Where): string => root ?? channel;
const quoteKey = (where: Where): string => `${QUOTE}${session.me}:${conversation(where)}`;
const lastWordsKey = (id: string): string => `${LAST_WORDS}${session.me}:${id}`;

interface Written {
  where: Where;
  body: string;
  /** In milliseconds of this machine's clock. */
  at: number;
}
const waiting = new Map<string, Written>();
/** What was written a moment ago. */
const lately = new Map<string, Written>();
/** Undefined where nothing is quoted any more, whatever an earlier page kept. */
const quotes = new SvelteMap<string, string | undefined>();
let timer: ReturnType<typeof setTimeout> | undefined;

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  for (const { where, body } of waiting.values())
    session.live.setDraft(where.channel, where.root ?? null, body);
  waiting.clear();
}
/** A page that goes away has no time left but for this: what is kept by others may come too late. */
function leave(): void {
  flush();
  for (const [id, { body, at }] of lately)
    if (Date.now() - at < KEPT_MS) remember(lastWordsKey(id), `${at} ${body}`);
  lately.clear();
}
/** What a page that went away could keep only here, unless it was written on elsewhere since. */
function lastWords(where: Where): string | undefined {
  const id = conversation(where);
  const [at = "", ...words] = (recall(lastWordsKey(id)) ?? "").split(" ");
  if (at === "") return undefined;
  remember(lastWordsKey(id), null);
  const since = session.live.state.drafts[id]?.updatedAt ?? 0;
  return Number(at) < since ? undefined : words.join(" ");
}

// Before the SDK, which tells the server what it has when the page hides.
window.addEventListener("pagehide", leave, { capture: true });
document.addEventListener("visibilitychange", flush, { capture: true });

/** The drafts of whoever is signed in. Texts are in the form in which they are sent. */
export const drafts = {
  of(where: Where): string {
    const key = conversation(where);
    return waiting.get(key)?.body ?? draftOf(session.live.state, key);
  },
  /** What one finds when one comes back to a conversation. */
  find(where: Where): string {
    const words = lastWords(where);
    if (words !== undefined) {
      this.set(where, words);
      flush();
    }
    return this.of(where);
  },
  set(where: Where, body: string): void {
    const written = { where, body, at: Date.now() };
    waiting.set(conversation(where), written);
    lately.set(conversation(where), written);
    timer ??= setTimeout(flush, PAUSE_MS);
  },
  /** Hands over at once what waits. */
  flush,
  /** The message that is quoted by what one writes there. */
  quoted(where: Where): string | undefined {
    const key = quoteKey(where);
    return quotes.has(key) ? quotes.get(key) : (recall(key) ?? undefined);
  },
  /** Quotes a message, or no longer. */
  quote(where: Where, messageId: string | undefined): void {
    const key = quoteKey(where);
    const message = messageId === undefined ? undefined : messageOf(session.live.state, messageId);
    if (message !== undefined) session.live.holdMessages([message]);
    remember(key, messageId ?? null);
    quotes.set(key, messageId);
  },
  /** At sign-out nothing of an account stays behind. */
  forget(user: string): void {
    clearTimeout(timer);
    timer = undefined;
    waiting.clear();
    lately.clear();
    quotes.clear();
    forgetAll(`${QUOTE}${user}:`);
    forgetAll(`${LAST_WORDS}${user}:`);
  },
};
