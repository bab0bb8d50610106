//! How far one has read: the server counts, events count on, and nothing that comes late moves it.

import { position } from "../cursor.ts";
import type { Counted, Counts, Later, LocalPosition, Reading } from "./state.ts";

/** What stands for "more than can be counted". */
export const MANY = 100;
/** More than `MANY`, so that a count stays `MANY` when what is older falls out. */
const TAIL_LIMIT = 250;

/** Takes the server's word in. `here` is the sequence up to which events are applied. */
export function hearWord<T extends Counted>(
  held: Reading<T> | undefined,
  word: T,
  here: number,
): Reading<T> {
  const at = position(word.as_of);
  if (held === undefined) return begin(word, here);
  const before = position(held.base.as_of);
  if (before.epoch !== at.epoch) return begin(word, here);
  const { version } = held.base;
  if (word.version < version || (word.version === version && at.seq <= before.seq)) return held;
  return {
    ...held,
    asOf: at.seq,
    // What fell out of the tail and lies after the position was more than can be counted.
    base: at.seq < held.since && word.read_seq < held.dropped ? { ...word, unread: MANY } : word,
    tail: held.tail.filter((later) => later.at > at.seq),
    local: movedBack(held, word) ? null : confirmed(held.local, word),
  };
}

/** A position of which nothing was known; `since` is the sequence after which all is known. */
export function begin<T extends Counted>(word: T, since: number): Reading<T> {
  const asOf = position(word.as_of).seq;
  return { base: word, asOf, tail: [], since, dropped: 0, local: null };
}

/** The server's position moves back only when somebody wanted it to. */
function movedBack<T extends Counted>({ base, local }: Reading<T>, word: T): boolean {
  return word.read_seq < base.read_seq && local?.back !== true;
}

function confirmed(local: LocalPosition | null, { read_seq }: Counted): LocalPosition | null {
  if (local === null) return null;
  const there = local.back ? read_seq <= local.place : read_seq >= local.place;
  return there ? null : local;
}

/** The answer to a move of one's own: what it answered waits no longer, wherever the server stands. */
export function hearAnswer<T extends Counted>(
  held: Reading<T> | undefined,
  word: T,
  here: number,
  asked: LocalPosition,
): Reading<T> {
  const heard = hearWord(held, word, here);
  const { local } = heard;
  if (local === null || local.back !== asked.back) return heard;
  return !asked.back && local.place > asked.place ? heard : { ...heard, local: null };
}

/** Moves one's own position before the server knows. Only a move back on purpose goes back. */
export function moveTo<T extends Counted>(
  reading: Reading<T>,
  place: number,
  back: boolean,
): Reading<T> {
  const here = placeRead(reading);
  if (back ? place >= here : place <= here) return reading;
  const confirmedThere = reading.local?.back !== true && place <= reading.base.read_seq && !back;
  return confirmedThere ? reading : { ...reading, local: { place, back } };
}

/** Forgets a position that the server would not take. */
export function stay<T extends Counted>(reading: Reading<T>): Reading<T> {
  return reading.local === null ? reading : { ...reading, local: null };
}

/** Counts an event on. What the base has counted already changes nothing. */
export function countOn<T extends Counted>(reading: Reading<T>, later: Later): Reading<T> {
  if (later.at <= reading.asOf) return reading;
  if (reading.tail.some(({ at }) => at === later.at)) return reading;
  const tail = [...reading.tail, later];
  const gone = tail.length > TAIL_LIMIT ? tail.shift() : undefined;
  if (gone === undefined) return { ...reading, tail };
  const mentions = clamp(reading.base.mentions + gone.mentions);
  const after = gone.place > placeRead(reading);
  return {
    ...reading,
    tail,
    since: gone.at,
    dropped: Math.max(reading.dropped, gone.place),
    base: after ? { ...reading.base, unread: MANY, mentions } : reading.base,
  };
}

/** How far one has read. */
export function placeRead<T extends Counted>({ base, local }: Reading<T>): number {
  if (local === null) return base.read_seq;
  return local.back ? local.place : Math.max(base.read_seq, local.place);
}

/** Whether something happened between the server's count and what is known of events. */
export function isUnsure<T extends Counted>({ base, asOf, since }: Reading<T>): boolean {
  return asOf < since && base.unread < MANY;
}

/** What the conversation's known rows tell of the places after `from`, up to and with `to`. */
export type CountRows = (from: number, to: number) => Counts | null;

/** What is unread. `last` is the newest place of the conversation. */
export function counts<T extends Counted>(
  reading: Reading<T>,
  last: number,
  rows: CountRows,
): Counts {
  const { base } = reading;
  const here = placeRead(reading);
  if (here >= last) return { unread: 0, mentions: 0 };
  if (here === base.read_seq) return counted(reading, here);
  const known = rows(here, last);
  if (known !== null) return capped(known);
  const whole = counted(reading, base.read_seq);
  const between = rows(Math.min(here, base.read_seq), Math.max(here, base.read_seq));
  if (here < base.read_seq) {
    const more = between ?? { unread: base.read_seq - here, mentions: 0 };
    return capped({ unread: whole.unread + more.unread, mentions: whole.mentions + more.mentions });
  }
  const left = last - here;
  if (between === null || whole.unread >= MANY) {
    return { unread: Math.min(whole.unread, left), mentions: Math.min(whole.mentions, left) };
  }
  return capped({
    unread: whole.unread - between.unread,
    mentions: whole.mentions - between.mentions,
  });
}

function counted<T extends Counted>({ base, tail }: Reading<T>, after: number): Counts {
  let { unread, mentions } = base;
  for (const later of tail) {
    if (later.place <= after) continue;
    // What was too much to count stays so until the server counts anew.
    if (base.unread < MANY) unread += later.unread;
    if (base.mentions < MANY) mentions += later.mentions;
  }
  return capped({ unread, mentions });
}

function capped({ unread, mentions }: Counts): Counts {
  return { unread: clamp(unread), mentions: clamp(mentions) };
}

function clamp(count: number): number {
  return Math.max(0, Math.min(MANY, count));
}
