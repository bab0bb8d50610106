//! What is to be completed at the caret: a person after `@`, a channel after `#`, an emoji after `:`.
import { inCode } from "./code.ts";

export type Kind = "person" | "channel" | "emoji";

/** Something begun: where its sign stands, and the letters so far. */
export interface Query {
  kind: Kind;
  /** The sign's place. */
  from: number;
  /** The caret. */
  to: number;
  letters: string;
}

const LONGEST = 40;
/** In front of a sign: nothing, a blank, or something that opens. */
const OPENS = /[\s([{"'“‘>*_~]/u;
const SIGNS: readonly { sign: string; kind: Kind; letters: RegExp }[] = [
  { sign: "@", kind: "person", letters: /^(?:[\p{L}\p{N}\p{M}_.'’-]+ ?){0,4}$/u },
  { sign: "#", kind: "channel", letters: /^[\p{L}\p{N}\p{M}_.-]*$/u },
  { sign: ":", kind: "emoji", letters: /^[\p{L}\p{N}_+-]{2,}$/u },
];

/** What is being written right before the caret, outside of code. */
export function queryAt(text: string, caret: number): Query | undefined {
  const start = Math.max(0, caret - LONGEST);
  const line = text.slice(start, caret);
  let found: Query | undefined;
  for (const { sign, kind, letters } of SIGNS) {
    const at = line.lastIndexOf(sign);
    if (at < 0 || !letters.test(line.slice(at + 1))) continue;
    const from = start + at;
    if (from > 0 && !OPENS.test(text[from - 1] ?? "")) continue;
    if (found !== undefined && found.from > from) continue;
    found = { kind, from, to: caret, letters: line.slice(at + 1) };
  }
  return found === undefined || inCode(text, found.from + 1) ? undefined : found;
}

const CLOSED = /:([\p{L}\p{N}_+-]{2,}):$/u;

/** The short name of an emoji that was finished right before the caret: `:crab:`. */
export function shortcodeAt(
  text: string,
  caret: number,
): { from: number; to: number; name: string } | undefined {
  const found = CLOSED.exec(text.slice(Math.max(0, caret - LONGEST), caret));
  const name = found?.[1];
  if (found === null || name === undefined) return undefined;
  const from = caret - found[0].length;
  if (from > 0 && !OPENS.test(text[from - 1] ?? "")) return undefined;
  return inCode(text, from + 1) ? undefined : { from, to: caret, name };
}
