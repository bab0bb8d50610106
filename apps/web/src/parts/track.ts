//! A timeline as places: which of its pages are wanted, given what is in sight and what is loaded.
import type { VirtualizerHandle } from "virtua/svelte";
import type { Row } from "./rows.ts";

/** How far beyond the edge of sight rows are wanted. */
const AHEAD = 30;
/** Within this distance of what is loaded one goes on page by page; beyond it, a new stretch is opened. */
const NEAR = 90;

/** The places in sight. */
export interface Sight {
  readonly from: number;
  readonly to: number;
}

/** The unbroken stretch that is loaded; `last < first` when it is empty. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** Pages to ask for. */
export interface Wanted {
  readonly older: boolean;
  readonly newer: boolean;
  /** A stretch elsewhere, around this place. */
  readonly around: number | undefined;
}

const NOTHING: Wanted = { older: false, newer: false, around: undefined };

/** What to load. Nothing while nothing is loaded at all: opening does that. */
export function wanted(sight: Sight, stretch: Stretch): Wanted {
  const { first, last, hasOlder, hasNewer } = stretch;
  if (last < first) return NOTHING;
  const above = first - sight.to;
  const below = sight.from - last;
  if ((above > NEAR && hasOlder) || (below > NEAR && hasNewer)) {
    return { ...NOTHING, around: Math.round((sight.from + sight.to) / 2) };
  }
  return {
    older: hasOlder && sight.from - AHEAD < first,
    newer: hasNewer && sight.to + AHEAD > last,
    around: undefined,
  };
}

const naturals: number[] = [];

/** The whole numbers from `from` on, so many of them. */
export function places(from: number, count: number): number[] {
  for (let next = naturals.length; next < from + count; next += 1) naturals.push(next);
  return naturals.slice(from, from + count);
}

/** A conversation as places with rows. */
export interface Track {
  /** The first place: 1 in a channel, 0 (the root) in a thread. */
  readonly from: number;
  /** How many places there are, loaded or not, with those of waiting sends. */
  readonly size: number;
  /** The newest place that exists; waiting sends stand after it. */
  readonly newest: number;
  /** The stretch that is loaded; `last < first` while nothing is. */
  readonly first: number;
  readonly last: number;
  /** What stands at a place, if it is loaded. */
  rowAt(place: number): Row | undefined;
}

/** Where one looks: at the end, or with this place at the top or in the middle. */
export type Spot =
  | "end"
  | { readonly place: number; readonly align: "start" | "center"; readonly offset: number };

/** How tall the rows of a timeline are, as far as they were measured. */
export type Sizes = ReturnType<VirtualizerHandle["getCache"]>;
