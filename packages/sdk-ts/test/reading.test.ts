//! A position of reading: counted by the server, counted on by events, moved by hand.

import { describe, expect, it } from "vitest";

import type { ReadState } from "../src/index.ts";
import {
  countOn,
  counts,
  hearAnswer,
  hearWord,
  isUnsure,
  moveTo,
  placeRead,
  stay,
} from "../src/state/reading.ts";
import type { Reading } from "../src/state/state.ts";

/** The server's word: read up to `read_seq`, counted at `as_of`. */
const word = (read_seq: number, unread: number, version: number, as_of: number): ReadState => ({
  channel_id: "kitchen",
  read_seq,
  unread,
  mentions: 0,
  version,
  as_of: `k1-${as_of}`,
});

const begin = (said: ReadState, here = 10) => hearWord<ReadState>(undefined, said, here);

/** Messages that came at these sequences of the log, each at the place of the same number less 10. */
const came = (reading: Reading<ReadState>, ...at: number[]) =>
  at.reduce(
    (held, seq) => countOn(held, { at: seq, place: seq - 10, unread: 1, mentions: 0 }),
    reading,
  );

const unread = (reading: Reading<ReadState>, last = 1000) =>
  counts(reading, last, () => null).unread;

describe("what is unread", () => {
  it("is what the server counted and what came after", () => {
    expect(unread(came(begin(word(0, 3, 1, 10)), 11, 12))).toBe(5);
  });

  it("counts nothing twice, whichever of word and event comes first", () => {
    const late = came(begin(word(0, 0, 1, 10)), 11, 12, 13);
    expect(unread(hearWord(late, word(0, 2, 2, 12), 13))).toBe(3);
    const early = hearWord(begin(word(0, 0, 1, 10)), word(0, 2, 2, 12), 10);
    expect(unread(came(early, 11, 12, 13))).toBe(3);
    expect(unread(came(came(begin(word(0, 0, 1, 10)), 11), 11))).toBe(1);
  });

  it("takes back what was deleted, and only as much as there was", () => {
    const reading = countOn(came(begin(word(0, 1, 1, 10)), 11), {
      at: 12,
      place: 1,
      unread: -1,
      mentions: 0,
    });
    expect(unread(reading)).toBe(1);
    const gone = countOn(begin(word(5, 0, 1, 10)), { at: 11, place: 3, unread: -1, mentions: 0 });
    expect(unread(gone)).toBe(0);
  });

  it("beyond 99 stays so until the server counts anew", () => {
    const many = countOn(begin(word(0, 100, 1, 10)), { at: 11, place: 1, unread: -1, mentions: 0 });
    expect(unread(many)).toBe(100);
    expect(unread(hearWord(many, word(0, 40, 1, 12), 12))).toBe(40);
  });

  it("forgets old events of a busy channel without losing count", () => {
    const flood = Array.from({ length: 400 }, (_, index) => 11 + index);
    const busy = came(begin(word(0, 0, 1, 10)), ...flood);
    expect(busy.tail.length).toBeLessThan(300);
    expect(unread(busy)).toBe(100);
    // Somebody read up to the 390th on another device; the word of it was counted long ago.
    expect(unread(hearWord(busy, word(390, 0, 2, 400), 410))).toBe(10);
    // A position that fell out of what is remembered: more than can be counted.
    expect(unread(hearWord(busy, word(20, 0, 2, 30), 410))).toBe(100);
  });

  it("is unsure when events came before the first word", () => {
    expect(isUnsure(begin(word(0, 1, 1, 8), 10))).toBe(true);
    expect(isUnsure(begin(word(0, 1, 1, 10), 10))).toBe(false);
    expect(isUnsure(hearWord(begin(word(0, 1, 1, 8), 10), word(0, 1, 1, 11), 11))).toBe(false);
  });
});

describe("a position", () => {
  it("of one's own is not moved back by an answer from before", () => {
    const reading = moveTo(begin(word(0, 9, 1, 10)), 9, false);
    expect(placeRead(hearAnswer(reading, word(4, 5, 2, 11), 11, { place: 4, back: false }))).toBe(
      9,
    );
    expect(unread(reading, 9)).toBe(0);
  });

  it("is moved back on purpose, from here at once and from elsewhere when it is told", () => {
    const read = begin(word(9, 0, 1, 10));
    const back = moveTo(read, 3, true);
    expect(placeRead(back)).toBe(3);
    expect(unread(back, 9)).toBe(6);
    expect(placeRead(hearAnswer(back, word(3, 5, 2, 11), 11, { place: 3, back: true }))).toBe(3);
    expect(hearAnswer(back, word(3, 5, 2, 11), 11, { place: 3, back: true }).local).toBe(null);
    const waiting = moveTo(read, 12, false);
    expect(placeRead(hearWord(waiting, word(3, 5, 2, 11), 11))).toBe(3);
  });

  it("moved back here waits for its own answer, not for another", () => {
    const back = moveTo(begin(word(9, 0, 1, 10)), 3, true);
    expect(placeRead(hearWord(back, word(12, 0, 2, 11), 11))).toBe(3);
    expect(placeRead(hearAnswer(back, word(9, 0, 1, 10), 10, { place: 9, back: false }))).toBe(3);
  });

  it("that was asked for waits no longer, though the server stands elsewhere", () => {
    const reading = moveTo(begin(word(0, 9, 1, 10)), 9, false);
    expect(placeRead(hearAnswer(reading, word(0, 9, 1, 11), 11, { place: 9, back: false }))).toBe(
      0,
    );
  });

  it("that the server would not take is given up", () => {
    expect(placeRead(stay(moveTo(begin(word(4, 2, 1, 10)), 9, false)))).toBe(4);
  });

  it("of another epoch begins anew", () => {
    const restored = { ...word(2, 1, 1, 5), as_of: "k2-5" };
    const reading = hearWord(moveTo(begin(word(9, 0, 7, 10)), 12, false), restored, 5);
    expect([placeRead(reading), unread(reading)]).toEqual([2, 1]);
  });

  it("ahead of the server counts what is shown", () => {
    const reading = moveTo(came(begin(word(0, 5, 1, 10)), 16), 3, false);
    const rows = (from: number, to: number) => ({ unread: to - from, mentions: 1 });
    expect(counts(reading, 6, rows)).toEqual({ unread: 3, mentions: 1 });
    expect(counts(reading, 6, () => null).unread).toBe(3);
  });
});
