//! Finding emoji by what people call them.
import type { Emoji, EmojiTable } from "./data.ts";

const folded = (text: string): string =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[_:-]+/g, " ")
    .trim();

interface Known {
  readonly emoji: Emoji;
  /** Short names and label; then the tags. */
  readonly names: readonly string[];
  readonly tags: readonly string[];
}
const prepared = new WeakMap<EmojiTable, readonly Known[]>();

function known(table: EmojiTable): readonly Known[] {
  let list = prepared.get(table);
  if (list === undefined) {
    list = table.all.map((emoji) => ({
      emoji,
      names: [...emoji.shortcodes, emoji.label].map(folded),
      tags: emoji.tags.map(folded),
    }));
    prepared.set(table, list);
  }
  return list;
}

const inside = (text: string, word: string): boolean => ` ${text}`.includes(` ${word}`);

/** How well all the words fit, lower being better; undefined when one of them does not. */
function rank({ names, tags }: Known, query: string, words: readonly string[]): number | undefined {
  if (names.includes(query)) return 0;
  if (names.some((name) => name.startsWith(query))) return 1;
  if (words.every((word) => names.some((name) => inside(name, word)))) return 2;
  const all = [...names, ...tags];
  if (words.every((word) => all.some((name) => inside(name, word)))) return 3;
  return words.every((word) => word.length > 2 && all.some((name) => name.includes(word)))
    ? 4
    : undefined;
}

/** The emoji that fit, the best first; of those that fit equally, in Unicode's order. */
export function findEmoji(table: EmojiTable, query: string, most = Infinity): Emoji[] {
  const exact = table.byUnicode.get(query.trim());
  if (exact !== undefined) return [exact];
  const wanted = folded(query);
  if (wanted === "") return [];
  const words = wanted.split(" ");
  const found: Emoji[][] = [[], [], [], [], []];
  for (const one of known(table)) {
    const place = rank(one, wanted, words);
    if (place !== undefined) found[place]?.push(one.emoji);
  }
  return found.flat().slice(0, most);
}
