//! What every place to write needs from outside: who can be named there, and how the keys are set.
import { createContext } from "svelte";
import type MessageEditor from "../MessageEditor.svelte";
import type { Query } from "./query.ts";

/** Something to put in place of the letters before the caret. */
export type Suggestion =
  | { kind: "person"; id: string; name: string; note?: string }
  | { kind: "everyone"; word: "channel" | "here" }
  | { kind: "channel"; id: string; name: string; isPrivate: boolean }
  | { kind: "emoji"; emoji: string; label: string };

/** Where suggestions come from. */
export interface Suggester {
  /** At once, from what is here. */
  now: (query: Query) => Suggestion[];
  /** With what has to be fetched first; nothing when all is here. */
  later: (query: Query) => Promise<Suggestion[]> | undefined;
  /** The emoji of a short name, once emoji are here. */
  emoji: (shortcode: string) => string | undefined;
}

/** What surrounds the places to write of a conversation. */
export interface Writing {
  readonly suggester: Suggester;
  /** Enter sends, and Shift Enter breaks the line; or the other way round. */
  readonly enterSends: boolean;
  /** What changes a message in its place; nothing as long as it is on its way. */
  readonly Editor: typeof MessageEditor | undefined;
  /** Keys as this machine calls them: `Mod+B` is Ctrl B or ⌘B. */
  readonly keys: (keys: string) => string;
}

const nothing: Writing = {
  suggester: { now: () => [], later: () => undefined, emoji: () => undefined },
  enterSends: true,
  Editor: undefined,
  keys: () => "",
};
const [use, provideWriting, has] = createContext<Writing>();

export { provideWriting };

/** The writing of the screen that one is part of. */
export function useWriting(): Writing {
  return has() ? use() : nothing;
}

/** What tells a suggestion from the others. */
export function keyOf(one: Suggestion): string {
  if (one.kind === "emoji") return `emoji ${one.emoji}`;
  return one.kind === "everyone" ? `everyone ${one.word}` : `${one.kind} ${one.id}`;
}

/** What a suggestion puts into the text. */
export function wordsOf(one: Suggestion): string {
  if (one.kind === "emoji") return one.emoji;
  if (one.kind === "everyone") return `@${one.word}`;
  return `${one.kind === "channel" ? "#" : "@"}${one.name}`;
}
