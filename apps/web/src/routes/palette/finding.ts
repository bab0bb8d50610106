//! What the palette shows for what is written in it: pure, so that it can be tried with thousands of channels.
import type { Component } from "svelte";
import { finder, type Found, type Piece, plain } from "../../parts/fuzzy.ts";
import type { PaletteGroup, PaletteItem } from "../../parts/Palette.svelte";
import { say } from "../../strings.ts";

/** What an entry is. */
export type Kind = "channels" | "people" | "go" | "do";

/** Something that the palette can lead to. */
export interface Entry {
  id: string;
  kind: Kind;
  name: string;
  /** Other words by which it is found. */
  also?: string | undefined;
  hint?: string | undefined;
  caps?: readonly string[] | undefined;
  icon: Component<{ size?: number }>;
  /** Above 1: closer to what one does; below 1: further away. */
  weight: number;
  run: () => void;
}

/** What is asked about a conversation when it is shown. */
export interface Mark {
  unread: boolean;
  mentions: string | undefined;
}

/** Groups to show, and how many found entries are not in them. */
export interface Shown {
  groups: PaletteGroup[];
  more: number;
}

/** Prefixes that ask for one kind alone. */
const PREFIXES: Partial<Record<string, readonly Kind[]>> = {
  "#": ["channels"],
  "@": ["people"],
  ">": ["go", "do"],
};
const EVERY: readonly Kind[] = ["channels", "people", "go", "do"];
/** Of each kind, where several are shown, and where one is asked for alone. */
const FEW = 8;
const MANY = 60;

/** Reads what was written: what is asked for, and by which letters. */
export function asked(query: string): { kinds: readonly Kind[]; letters: string; alone: boolean } {
  const text = query.trimStart();
  const kinds = PREFIXES[text.charAt(0)];
  return kinds === undefined
    ? { kinds: EVERY, letters: text.trim(), alone: false }
    : { kinds, letters: text.slice(1).trim(), alone: true };
}

/** Entries by kind. */
export type Lists = Readonly<Record<Kind, readonly Entry[]>>;

const finders = new WeakMap<readonly Entry[], ReturnType<typeof finder<Entry>>>();

/** The same list is made findable once: with thousands of channels that takes longer than asking. */
function finderOf(list: readonly Entry[]): ReturnType<typeof finder<Entry>> {
  let find = finders.get(list);
  if (find === undefined) {
    find = finder(list, (entry) => entry.name, {
      alsoOf: (entry) => entry.also ?? "",
      weightOf: (entry) => entry.weight,
    });
    finders.set(list, find);
  }
  return find;
}

/** Makes entries findable. */
export function findable(lists: Lists, markOf: (entry: Entry) => Mark) {
  const item = ({ item: entry, pieces }: Pick<Found<Entry>, "item" | "pieces">): PaletteItem =>
    itemOf(entry, pieces, markOf(entry));
  const unasked = (entry: Entry): PaletteItem => item({ item: entry, pieces: plain(entry.name) });

  /** What is found by letters; the kind with the best match comes first. */
  function find(kinds: readonly Kind[], letters: string, most: number): Shown {
    const found = kinds
      .map((kind) => ({ kind, ...finderOf(lists[kind])(letters, most) }))
      .filter((group) => group.found.length > 0)
      .toSorted((a, b) => (b.found[0]?.score ?? 0) - (a.found[0]?.score ?? 0));
    const shown = found.reduce((sum, group) => sum + group.found.length, 0);
    const total = found.reduce((sum, group) => sum + group.total, 0);
    return {
      groups: found.map((group) => ({ title: titleOf(group.kind), items: group.found.map(item) })),
      more: total - shown,
    };
  }
  /** Everything of some kinds, nearest first. */
  function all(kinds: readonly Kind[], most: number): Shown {
    let more = 0;
    const groups = kinds.flatMap((kind): PaletteGroup[] => {
      const list = lists[kind];
      more += Math.max(0, list.length - most);
      // As they came where nothing makes one nearer: by name.
      const items = list.toSorted((a, b) => b.weight - a.weight).slice(0, most);
      return items.length === 0 ? [] : [{ title: titleOf(kind), items: items.map(unasked) }];
    });
    return { groups, more };
  }
  /** Before anything is written: where one was, what is new, and some of what one can do. */
  function start(recent: readonly string[]): Shown {
    const { channels } = lists;
    const byId = new Map(channels.map((entry) => [entry.id, entry]));
    const lately = recent.flatMap((id) => byId.get(id) ?? []).slice(0, FEW);
    const seen = new Set(lately);
    const news = channels
      .filter((entry) => !seen.has(entry) && markOf(entry).unread)
      .toSorted((a, b) => Number(hasMentions(b)) - Number(hasMentions(a)))
      .slice(0, FEW);
    const { groups } = say.keyboard.palette;
    const first = [
      { title: groups.recent, items: lately.map(unasked) },
      { title: groups.unread, items: news.map(unasked) },
    ].filter(({ items }) => items.length > 0);
    // A newcomer has been nowhere yet.
    const way = first.length === 0 ? all(["channels"], FEW).groups : first;
    return { groups: [...way, ...all(["go", "do"], FEW).groups], more: 0 };
  }
  const hasMentions = (entry: Entry): boolean => markOf(entry).mentions !== undefined;

  return {
    /** What to show for what is written. `recent` are ids of entries, the newest first. */
    ask(query: string, recent: readonly string[]): Shown {
      const { kinds, letters, alone } = asked(query);
      if (letters !== "") return find(kinds, letters, alone ? MANY : FEW);
      return alone ? all(kinds, MANY) : start(recent);
    },
  };
}

const itemOf = (entry: Entry, pieces: readonly Piece[], mark: Mark): PaletteItem => ({
  id: entry.id,
  icon: entry.icon,
  pieces,
  hint: entry.hint,
  caps: entry.caps,
  ...mark,
});

/** One entry and nothing else. */
export const only = (entry: Entry): Shown => ({
  groups: [
    {
      title: titleOf(entry.kind),
      items: [itemOf(entry, plain(entry.name), { unread: false, mentions: undefined })],
    },
  ],
  more: 0,
});

const titleOf = (kind: Kind): string => say.keyboard.palette.groups[kind];
