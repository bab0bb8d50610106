//! A channel's timeline: one unbroken stretch of its history, however its parts arrive.

import type { Message, MessagePage, ProblemCode } from "../shapes.ts";
import { mergeEntity, omit } from "./merge.ts";
import type { Load, Place, Timeline } from "./state.ts";

const NOTHING_LOADING = { newest: false, older: false, newer: false, around: false };

const emptyTimeline: Timeline = {
  rows: [],
  loaded: false,
  hasOlder: false,
  hasNewer: false,
  loading: NOTHING_LOADING,
  failed: null,
  stale: false,
  loads: {},
  aside: [],
};

/** Notes that a page was asked for. One that will replace the stretch ends all other loads. */
export function request(timeline: Timeline = emptyTimeline, loadId: string, load: Load): Timeline {
  const replaces = load.place === "newest" || load.place === "around";
  const others = replaces ? {} : timeline.loads;
  return withLoads({ ...timeline, failed: null }, { ...others, [loadId]: load });
}

/** Notes that a page will not come. */
export function fail(
  timeline: Timeline,
  loadId: string,
  reason: ProblemCode | "network",
): Timeline {
  if (timeline.loads[loadId] === undefined) return timeline;
  return withLoads({ ...timeline, failed: reason }, omit(timeline.loads, loadId));
}

/** Takes a page in. A page that does not touch the stretch replaces it, if that was asked for. */
export function receive(timeline: Timeline, loadId: string, page: MessagePage): Timeline {
  const load = timeline.loads[loadId];
  if (load === undefined) return timeline;
  const fresh = timeline.stale || !timeline.loaded;
  const touches = !fresh && adjoins(timeline.rows, page.messages);
  if (!touches && (load.place === "older" || load.place === "newer")) {
    return withLoads(timeline, omit(timeline.loads, loadId));
  }
  const known = timeline.stale ? timeline.aside : [...timeline.rows, ...timeline.aside];
  const rows = freshen(union(touches ? timeline.rows : [], page.messages), known);
  const received = {
    ...timeline,
    rows: sameRows(timeline.rows, rows) ? timeline.rows : rows,
    loaded: true,
    stale: false,
    failed: null,
    hasOlder: !touches || reachesStart(timeline, load, page) ? page.has_older : timeline.hasOlder,
  };
  return withLoads(absorb(received), omit(timeline.loads, loadId));
}

/** Takes in a message that happened: as news at the end, or as a change of a row. */
export function admit(timeline: Timeline, message: Message): Timeline {
  const at = find(timeline.rows, message.seq);
  const held = timeline.rows[at];
  if (held?.seq === message.seq) {
    const rows = replaceAt(timeline.rows, at, mergeEntity(held, message));
    return keepAside(rows === timeline.rows ? timeline : { ...timeline, rows }, message);
  }
  if (timeline.loaded && !timeline.stale && message.seq === lastSeq(timeline) + 1) {
    return absorb({ ...timeline, rows: [...timeline.rows, message] });
  }
  return keepAside(timeline, message);
}

/** Whether there is more than the stretch holds, given the channel's newest `seq`. */
export function withNewest(timeline: Timeline, channelLastSeq: number): Timeline {
  // A stale stretch remembers whether it stood at the end, so that it is refreshed there.
  if (timeline.stale) return timeline;
  const hasNewer = timeline.loaded && lastSeq(timeline) < channelLastSeq;
  return hasNewer === timeline.hasNewer ? timeline : { ...timeline, hasNewer };
}

/** The log jumped: what is shown may be outdated and what is under way may miss something. */
export function outdate(timeline: Timeline): Timeline {
  return withLoads({ ...timeline, stale: true }, {});
}

/** The message with this `seq`, if the stretch has it. */
export function rowAt(timeline: Timeline, seq: number): Message | undefined {
  const row = timeline.rows[find(timeline.rows, seq)];
  return row?.seq === seq ? row : undefined;
}

function lastSeq(timeline: Timeline): number {
  return timeline.rows.at(-1)?.seq ?? 0;
}

/** What pages under way cannot know is kept until they have come. */
function keepAside(timeline: Timeline, message: Message): Timeline {
  if (Object.keys(timeline.loads).length === 0) return timeline;
  const at = find(timeline.aside, message.seq);
  const held = timeline.aside[at];
  const aside =
    held?.seq === message.seq
      ? replaceAt(timeline.aside, at, mergeEntity(held, message))
      : timeline.aside.toSpliced(at, 0, message);
  return aside === timeline.aside ? timeline : { ...timeline, aside };
}

/** Whether the page tells about what lies before the stretch. */
function reachesStart(timeline: Timeline, load: Load, page: MessagePage): boolean {
  const [first, pageFirst] = [timeline.rows[0], page.messages[0]];
  if (pageFirst === undefined) return load.place !== "newer";
  return first === undefined || pageFirst.seq <= first.seq;
}

/** Appends what waits aside and now follows without a gap. */
function absorb(timeline: Timeline): Timeline {
  if (timeline.aside.length === 0) return timeline;
  const rows = [...timeline.rows];
  for (const message of timeline.aside) {
    if (message.seq === (rows.at(-1)?.seq ?? 0) + 1) rows.push(message);
  }
  return rows.length === timeline.rows.length ? timeline : { ...timeline, rows };
}

function withLoads(timeline: Timeline, loads: Readonly<Record<string, Load>>): Timeline {
  const places = new Set<Place>(Object.values(loads).map(({ place }) => place));
  return {
    ...timeline,
    loads,
    loading: {
      newest: places.has("newest"),
      older: places.has("older"),
      newer: places.has("newer"),
      around: places.has("around"),
    },
    aside: places.size === 0 ? [] : timeline.aside,
  };
}

/** Where a message with this `seq` is, or would be. */
function find(rows: readonly Message[], seq: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.seq ?? Infinity) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function replaceAt(rows: readonly Message[], at: number, message: Message): readonly Message[] {
  return rows[at] === message ? rows : rows.with(at, message);
}

/** Whether two stretches overlap or follow each other; an empty one touches everything. */
function adjoins(rows: readonly Message[], others: readonly Message[]): boolean {
  const [first, last, otherFirst, otherLast] = [rows[0], rows.at(-1), others[0], others.at(-1)];
  if (!first || !last || !otherFirst || !otherLast) return true;
  return otherLast.seq + 1 >= first.seq && otherFirst.seq <= last.seq + 1;
}

function union(rows: readonly Message[], others: readonly Message[]): Message[] {
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  for (const other of others) bySeq.set(other.seq, mergeEntity(bySeq.get(other.seq), other));
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq);
}

/** The rows, each in its newest known form. */
function freshen(rows: readonly Message[], known: readonly Message[]): readonly Message[] {
  const bySeq = new Map<number, Message>();
  for (const message of known) bySeq.set(message.seq, mergeEntity(bySeq.get(message.seq), message));
  return rows.map((row) => {
    const other = bySeq.get(row.seq);
    return other === undefined ? row : mergeEntity(other, row);
  });
}

function sameRows(a: readonly Message[], b: readonly Message[]): boolean {
  return a.length === b.length && a.every((row, index) => row === b[index]);
}
