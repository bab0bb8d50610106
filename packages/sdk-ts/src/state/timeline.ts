//! A conversation's timeline: one unbroken stretch of its history, however its parts arrive.

import type { ChannelId, ConversationId, Message, MessageId, ProblemCode } from "../shapes.ts";
import type { Page } from "./input.ts";
import { mergeMessage, omit } from "./merge.ts";
import { applyNote } from "./notes.ts";
import type { Load, Note, Place, Timeline } from "./state.ts";

const NOTHING_LOADING = { newest: false, older: false, newer: false, around: false };
/** What a conversation that has left the screen keeps. */
export const KEPT_ROWS = 100;

/** A timeline of which nothing is known yet but where it ends. */
export function emptyTimeline(
  channelId: ChannelId,
  rootId: MessageId | null,
  last: number,
): Timeline {
  return {
    channelId,
    rootId,
    open: true,
    rows: [],
    last,
    loaded: false,
    hasOlder: false,
    hasNewer: false,
    loading: NOTHING_LOADING,
    failed: null,
    stale: false,
    loads: {},
    aside: [],
    notes: [],
  };
}

/** A message's place in a conversation: in its channel or in its thread. 0 for one without. */
export function placeOf(message: Message, conversationId: ConversationId): number {
  return (conversationId === message.channel_id ? message.seq : message.thread_seq) ?? 0;
}

function placeIn({ rootId }: Pick<Timeline, "rootId">, message: Message): number {
  return (rootId === null ? message.seq : message.thread_seq) ?? 0;
}

/** Whether a message stands in this conversation. */
export function belongs(timeline: Timeline, message: Message): boolean {
  if (timeline.rootId === null)
    return message.channel_id === timeline.channelId && message.seq !== undefined;
  return message.thread_root_id === timeline.rootId && message.thread_seq !== undefined;
}

/** Notes that a page was asked for. One that will replace the stretch ends all other loads. */
export function request(timeline: Timeline, loadId: string, load: Load): Timeline {
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
export function receive(timeline: Timeline, loadId: string, page: Page): Timeline {
  const load = timeline.loads[loadId];
  if (load === undefined) return timeline;
  const fresh = timeline.stale || !timeline.loaded;
  const span = spanOf(timeline);
  const touches = !fresh && adjoins(span(timeline.rows), span(page.messages));
  if (!touches && (load.place === "older" || load.place === "newer")) {
    return withLoads(timeline, omit(timeline.loads, loadId));
  }
  const known = timeline.stale ? timeline.aside : [...timeline.rows, ...timeline.aside];
  const joined = union(touches ? timeline.rows : [], page.messages, (row) =>
    placeIn(timeline, row),
  );
  const rows = noted(freshen(joined, known), timeline.notes);
  const received = {
    ...timeline,
    rows: sameRows(timeline.rows, rows) ? timeline.rows : rows,
    // A stale stretch may come from a log that was longer.
    last: timeline.stale ? 0 : timeline.last,
    loaded: true,
    stale: false,
    failed: null,
    hasOlder: !touches || reachesStart(timeline, load, page) ? page.has_older : timeline.hasOlder,
  };
  return withLoads(absorb(received), omit(timeline.loads, loadId));
}

/** Takes in a message that happened: as news at the end, or as a change of a row. */
export function admit(timeline: Timeline, message: Message): Timeline {
  const place = placeIn(timeline, message);
  const at = find(timeline, timeline.rows, place);
  const held = timeline.rows[at];
  if (held !== undefined && placeIn(timeline, held) === place) {
    const rows = replaceAt(timeline.rows, at, mergeMessage(held, message));
    return keepAside(rows === timeline.rows ? timeline : { ...timeline, rows }, message);
  }
  if (timeline.loaded && !timeline.stale && place === lastPlace(timeline) + 1) {
    return trim(absorb({ ...timeline, rows: [...timeline.rows, message] }));
  }
  return keepAside(timeline, message);
}

/** What nobody looks at does not grow for ever. */
function trim(timeline: Timeline): Timeline {
  const { open, rows } = timeline;
  return open || rows.length <= 2 * KEPT_ROWS ? timeline : newestRows(timeline);
}

function newestRows(timeline: Timeline): Timeline {
  const { rows } = timeline;
  if (rows.length <= KEPT_ROWS) return timeline;
  return { ...timeline, rows: rows.slice(rows.length - KEPT_ROWS), hasOlder: true };
}

/** Whether there is more than the stretch holds, given the conversation's newest place. */
export function withNewest(timeline: Timeline, newest: number): Timeline {
  const last = Math.max(timeline.last, newest, lastPlace(timeline));
  const known = last === timeline.last ? timeline : { ...timeline, last };
  // A stale stretch remembers whether it stood at the end, so that it is refreshed there.
  if (timeline.stale) return known;
  const hasNewer = timeline.loaded && lastPlace(timeline) < last;
  return hasNewer === timeline.hasNewer ? known : { ...known, hasNewer };
}

/** Applies a change to the messages that are here, and remembers it for pages under way. */
export function note(timeline: Timeline, change: Note): Timeline {
  const rows = noted(timeline.rows, [change]);
  const aside = noted(timeline.aside, [change]);
  const loading = Object.keys(timeline.loads).length > 0;
  if (rows === timeline.rows && aside === timeline.aside && !loading) return timeline;
  const notes = loading ? [...timeline.notes, change] : timeline.notes;
  return { ...timeline, rows, aside, notes };
}

/** A change of one row, whatever else is under way. */
export function changeRow(
  timeline: Timeline,
  id: MessageId,
  change: (message: Message) => Message,
): Timeline {
  const at = timeline.rows.findLastIndex((row) => row.id === id);
  const held = timeline.rows[at];
  if (held === undefined) return timeline;
  const rows = replaceAt(timeline.rows, at, change(held));
  return rows === timeline.rows ? timeline : { ...timeline, rows };
}

/** Off the screen: what one returns to soon stays, at its newest end; null when nothing does. */
export function close(timeline: Timeline): Timeline | null {
  if (!timeline.loaded || timeline.stale || timeline.hasNewer) return null;
  return withLoads({ ...newestRows(timeline), open: false, failed: null }, {});
}

/** The log jumped: what is shown may be outdated and what is under way may miss something. */
export function outdate(timeline: Timeline): Timeline {
  return withLoads({ ...timeline, stale: true }, {});
}

/** The message at this place, if the stretch has it. */
export function rowAt(timeline: Timeline, place: number): Message | undefined {
  const row = timeline.rows[find(timeline, timeline.rows, place)];
  return row !== undefined && placeIn(timeline, row) === place ? row : undefined;
}

/** The messages after one place up to and with another; null when not all of them are here. */
export function rowsBetween(
  timeline: Timeline,
  from: number,
  to: number,
): readonly Message[] | null {
  if (!timeline.loaded || timeline.stale) return null;
  const [start, end] = [from + 1, to + 1].map((place) => find(timeline, timeline.rows, place));
  const rows = timeline.rows.slice(start, end);
  return rows.length === to - from ? rows : null;
}

function lastPlace(timeline: Timeline): number {
  const last = timeline.rows.at(-1);
  return last === undefined ? 0 : placeIn(timeline, last);
}

/** What pages under way cannot know is kept until they have come. */
function keepAside(timeline: Timeline, message: Message): Timeline {
  if (Object.keys(timeline.loads).length === 0) return timeline;
  const place = placeIn(timeline, message);
  const at = find(timeline, timeline.aside, place);
  const held = timeline.aside[at];
  const aside =
    held !== undefined && placeIn(timeline, held) === place
      ? replaceAt(timeline.aside, at, mergeMessage(held, message))
      : timeline.aside.toSpliced(at, 0, message);
  return aside === timeline.aside ? timeline : { ...timeline, aside };
}

/** Whether the page tells about what lies before the stretch. */
function reachesStart(timeline: Timeline, load: Load, page: Page): boolean {
  const [first, pageFirst] = [timeline.rows[0], page.messages[0]];
  if (pageFirst === undefined) return load.place !== "newer";
  return first === undefined || placeIn(timeline, pageFirst) <= placeIn(timeline, first);
}

/** Appends what waits aside and now follows without a gap. */
function absorb(timeline: Timeline): Timeline {
  if (timeline.aside.length === 0) return timeline;
  const rows = [...timeline.rows];
  let last = lastPlace(timeline);
  for (const message of timeline.aside) {
    if (placeIn(timeline, message) !== last + 1) continue;
    rows.push(message);
    last += 1;
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
    notes: places.size === 0 ? [] : timeline.notes,
  };
}

/** Where a message at this place is, or would be. */
function find(timeline: Timeline, rows: readonly Message[], place: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if ((row === undefined ? Infinity : placeIn(timeline, row)) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function replaceAt(rows: readonly Message[], at: number, message: Message): readonly Message[] {
  return rows[at] === message ? rows : rows.with(at, message);
}

interface Span {
  readonly first: number;
  readonly last: number;
}

const spanOf =
  (timeline: Timeline) =>
  (rows: readonly Message[]): Span | null => {
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return null;
    return { first: placeIn(timeline, first), last: placeIn(timeline, last) };
  };

/** Whether two stretches overlap or follow each other; an empty one touches everything. */
function adjoins(a: Span | null, b: Span | null): boolean {
  return a === null || b === null || (b.last + 1 >= a.first && b.first <= a.last + 1);
}

function union(
  rows: readonly Message[],
  others: readonly Message[],
  place: (message: Message) => number,
): Message[] {
  const byPlace = new Map(rows.map((row) => [place(row), row]));
  for (const other of others) {
    byPlace.set(place(other), mergeMessage(byPlace.get(place(other)), other));
  }
  return [...byPlace.values()].toSorted((a, b) => place(a) - place(b));
}

/** The rows, each in its newest known form. */
function freshen(rows: readonly Message[], known: readonly Message[]): readonly Message[] {
  const byId = new Map<MessageId, Message>();
  for (const message of known) byId.set(message.id, mergeMessage(byId.get(message.id), message));
  return rows.map((row) => {
    const other = byId.get(row.id);
    return other === undefined ? row : mergeMessage(other, row);
  });
}

/** The messages with these changes; themselves when none concerns them. */
function noted(messages: readonly Message[], notes: readonly Note[]): readonly Message[] {
  let next = messages;
  for (const change of notes) {
    const at = next.findLastIndex(({ id }) => id === change.messageId);
    const held = next[at];
    if (held !== undefined) next = replaceAt(next, at, applyNote(held, change));
  }
  return next;
}

function sameRows(a: readonly Message[], b: readonly Message[]): boolean {
  return a.length === b.length && a.every((row, index) => row === b[index]);
}
