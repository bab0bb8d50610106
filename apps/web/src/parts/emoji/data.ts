//! The emoji table: emojibase's data in the shape that picker and composer use, fetched when it is used.

/** One emoji of Unicode. */
export interface Emoji {
  /** Fully qualified, without a skin tone. */
  readonly unicode: string;
  /** Its name: "waving hand". */
  readonly label: string;
  /** Its short names, the most usual first: `wave`. */
  readonly shortcodes: readonly string[];
  /** Other words that it is found by. */
  readonly tags: readonly string[];
  /** The same in the five skin tones, light to dark; empty where it has none. */
  readonly tones: readonly string[];
}

/** Emoji that belong together. */
export interface EmojiGroup {
  readonly key: GroupKey;
  readonly emoji: readonly Emoji[];
}

/** Every emoji, in groups and by itself. */
export interface EmojiTable {
  readonly groups: readonly EmojiGroup[];
  readonly all: readonly Emoji[];
  /** By its Unicode form, toned ones too. */
  readonly byUnicode: ReadonlyMap<string, Emoji>;
}

/** The groups of Unicode that are shown; the third of them holds parts of emoji. */
export const GROUPS = [
  "smileys",
  "people",
  "animals",
  "food",
  "travel",
  "activities",
  "objects",
  "symbols",
  "flags",
] as const;
export type GroupKey = (typeof GROUPS)[number];

/** Emojibase's number of each group. */
const NUMBERS: Record<GroupKey, number> = {
  smileys: 0,
  people: 1,
  animals: 3,
  food: 4,
  travel: 5,
  activities: 6,
  objects: 7,
  symbols: 8,
  flags: 9,
};

/** A line of emojibase's compact data, as far as it is used. */
export interface CompactEmoji {
  readonly hexcode: string;
  readonly unicode: string;
  readonly label: string;
  readonly group?: number;
  readonly order?: number;
  readonly tags?: readonly string[];
  readonly skins?: readonly { readonly unicode: string; readonly tone?: unknown }[];
}
type Shortcodes = Readonly<Record<string, string | readonly string[]>>;

const TONES = /[\u{1F3FB}-\u{1F3FF}]/gu;

/** The form that Unicode calls fully qualified: no selector where the emoji form is the usual one. */
function qualified(unicode: string): string {
  return /^\p{Emoji_Presentation}\uFE0F$/u.test(unicode) ? unicode.slice(0, -1) : unicode;
}

/** The five that have one tone throughout; couples of two tones are left out. */
function tonesOf(emoji: CompactEmoji): string[] {
  const tones = (emoji.skins ?? [])
    .map(({ unicode }) => unicode)
    .filter((unicode) => new Set(unicode.match(TONES) ?? []).size === 1);
  return tones.length >= 5 ? tones.slice(0, 5) : [];
}

/** Makes the table from emojibase's files. */
export function tableOf(compact: readonly CompactEmoji[], shortcodes: Shortcodes): EmojiTable {
  const byUnicode = new Map<string, Emoji>();
  const groups = GROUPS.map((key) => {
    const emoji = compact
      .filter(({ group }) => group === NUMBERS[key])
      .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
      .map((line) => {
        const entry: Emoji = {
          unicode: qualified(line.unicode),
          label: line.label,
          shortcodes: [shortcodes[line.hexcode] ?? []].flat(),
          tags: line.tags ?? [],
          tones: tonesOf(line),
        };
        for (const form of [entry.unicode, ...entry.tones]) byUnicode.set(form, entry);
        return entry;
      });
    return { key, emoji };
  });
  return { groups, all: groups.flatMap(({ emoji }) => emoji), byUnicode };
}

let fetched: Promise<EmojiTable> | undefined;

/** The table. Fetched once, from the page's own address; a failure is tried again by the next call. */
export function emojiTable(): Promise<EmojiTable> {
  fetched ??= Promise.all([
    import("emojibase-data/en/compact.json"),
    import("emojibase-data/en/shortcodes/emojibase.json"),
  ])
    .then(([compact, shortcodes]) => tableOf(compact.default, shortcodes.default))
    .catch((error: unknown) => {
      fetched = undefined;
      throw error;
    });
  return fetched;
}

/** An emoji in a skin tone, 1 (light) to 5 (dark); 0 and emoji without tones stay as they are. */
export function toned(emoji: Emoji, tone: number): string {
  return emoji.tones[tone - 1] ?? emoji.unicode;
}
