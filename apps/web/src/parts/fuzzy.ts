//! Finding by a few letters: forgiving, accents folded, matched letters marked. Load it when it is used.
import { go, type KeyResult, snapshot, type SnapshotKey } from "fuzzysort";

/** A stretch of a text, and whether it was asked for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** Something that was found. */
export interface Found<T> {
  item: T;
  /** 1 is the whole text, 0 is nothing; weights may lift it above 1. */
  score: number;
  /** The text, cut where matches begin and end. */
  pieces: Piece[];
}

/** What was found: the best, and how many there are. */
export interface Finding<T> {
  found: Found<T>[];
  total: number;
}

/** Below this a match is a coincidence of letters. */
const FAINT = 0.2;
/** In the second text, of which one sees nothing, scattered letters would be a riddle. */
const CLEAR = 0.5;
/** Letters in the second text count, but less than those in the first. */
const BESIDE = 0.8;

/** A text and where it stands in its list. */
interface Target {
  text: string;
  place: number;
}

/** How many lists stay prepared: the palette's four, with their second texts. */
const KEPT = 8;
const prepared = new Map<string, SnapshotKey<Target>>();

/** The same texts are prepared once: for thousands that takes much longer than finding in them. */
function prepare(texts: readonly string[]): SnapshotKey<Target> {
  const signature = texts.join("\n");
  const before = prepared.get(signature);
  if (before !== undefined) return before;
  const targets = texts.map((text, place): Target => ({ text, place }));
  const made = snapshot(targets, { key: ({ text }) => text });
  const [oldest] = prepared.keys();
  if (prepared.size >= KEPT && oldest !== undefined) prepared.delete(oldest);
  prepared.set(signature, made);
  return made;
}

/** What tells equally good matches apart: the earlier in the list comes first. */
const PLACE = 1e-7;

/** Makes a list searchable by a text, and by a second one that is not shown. */
export function finder<T>(
  list: readonly T[],
  textOf: (item: T) => string,
  { alsoOf, weightOf }: { alsoOf?: (item: T) => string; weightOf?: (item: T) => number } = {},
): (query: string, limit: number) => Finding<T> {
  const texts = list.map(textOf);
  const first = prepare(texts);
  const second = prepare(list.map((item) => alsoOf?.(item) ?? ""));
  const weights = list.map((item, place) => (weightOf?.(item) ?? 1) * (1 - place * PLACE));
  const scoreFn = ({ score, obj }: KeyResult<Target>): number => score * (weights[obj.place] ?? 1);
  return (query, limit) => {
    const options = { limit, threshold: FAINT, scoreFn };
    const found: Found<T>[] = [];
    const seen = new Set<number>();
    const keep = (place: number, score: number, pieces: Piece[]): void => {
      const item = list[place];
      if (item === undefined || seen.has(place)) return;
      seen.add(place);
      found.push({ item, score, pieces });
    };
    const inTexts = go(query, first, options);
    for (const { obj, score, target, indexes } of inTexts) {
      keep(obj.place, score, cut(target, indexes));
    }
    const before = found.length;
    for (const { obj, score } of go(query, second, { ...options, threshold: CLEAR })) {
      keep(obj.place, score * BESIDE, plain(texts[obj.place] ?? ""));
    }
    const total = inTexts.total + found.length - before;
    found.sort((a, b) => b.score - a.score);
    return { found: found.slice(0, limit), total };
  };
}

/** A text of which nothing was asked for. */
export const plain = (text: string): Piece[] => [{ text, hit: false }];

/** Cuts a text at its matched letters; an accent stays with its letter. */
export function cut(text: string, indexes: readonly number[]): Piece[] {
  const hits = new Set(indexes);
  const pieces: Piece[] = [];
  let hit = false;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const goesOn = /[\p{M}\u{DC00}-\u{DFFF}]/u.test(text.charAt(index));
    const now: boolean = goesOn ? hit : hits.has(index);
    if (now === hit) continue;
    if (index > start) pieces.push({ text: text.slice(start, index), hit });
    start = index;
    hit = now;
  }
  if (start < text.length) pieces.push({ text: text.slice(start), hit });
  return pieces;
}
