//! Highlights code away from the page: whatever a text costs here, nobody waits for it.
import highlighter from "highlight.js/lib/common";
import { type Token, tokensOf } from "./tokens.ts";

/** A piece of code to be highlighted. */
export interface Request {
  id: number;
  language: string;
  code: string;
}
/** What came of it, number 0 being that the worker is there; nothing for a language that is not known here. */
export interface Answer {
  id: number;
  tokens: Token[] | undefined;
}

self.addEventListener("message", ({ data }: MessageEvent<Request>) => {
  const { id, language, code } = data;
  const known = highlighter.getLanguage(language) !== undefined;
  const tokens = known
    ? tokensOf(highlighter.highlight(code, { language, ignoreIllegals: true }).value)
    : undefined;
  self.postMessage({ id, tokens } satisfies Answer, { transfer: [] });
});
self.postMessage({ id: 0, tokens: undefined } satisfies Answer, { transfer: [] });
