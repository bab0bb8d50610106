//! Grouping, day lines and the New line.
import { describe, expect, it } from "vitest";
import { type Entry, grewInFront, rows } from "./rows.ts";

const noon = new Date(2026, 10, 20, 12, 0, 0).getTime();

function entry(seq: number, who: string, minutes: number, more: Partial<Entry> = {}): Entry {
  return {
    key: `${who}:${seq}`,
    id: `msg_${seq}`,
    nonce: `nonce-${seq}`,
    seq,
    author: { id: who, name: who, kind: "human" },
    body: "hello",
    version: seq,
    createdAt: new Date(noon + minutes * 60_000).toISOString(),
    deleted: false,
    delivery: "sent",
    mine: false,
    ...more,
  };
}

describe("grouping", () => {
  it("puts one author's close messages under one name", () => {
    const drawn = rows(
      [entry(1, "ana", 0), entry(2, "ana", 4), entry(3, "ben", 5)],
      undefined,
      true,
    );
    expect(drawn.map((row) => row.continues)).toEqual([false, true, false]);
  });
  it("names the author again after five minutes", () => {
    const drawn = rows([entry(1, "ana", 0), entry(2, "ana", 5)], undefined, true);
    expect(drawn[1]?.continues).toBe(false);
  });
  it("names the author after a deleted message", () => {
    const drawn = rows(
      [entry(1, "ana", 0, { deleted: true }), entry(2, "ana", 1)],
      undefined,
      true,
    );
    expect(drawn[1]?.continues).toBe(false);
  });
});

describe("day lines", () => {
  it("stand where a local day begins", () => {
    const drawn = rows(
      [entry(1, "ana", 0), entry(2, "ana", 1), entry(3, "ana", 24 * 60)],
      undefined,
      true,
    );
    expect(drawn.map((row) => row.startsDay)).toEqual([true, false, true]);
    expect(drawn[2]?.continues).toBe(false);
  });
});

describe("the New line", () => {
  it("stands once, before the first that others wrote", () => {
    const drawn = rows(
      [
        entry(1, "ana", 0),
        entry(2, "me", 1, { mine: true }),
        entry(3, "ben", 2),
        entry(4, "ben", 3),
      ],
      1,
      true,
    );
    expect(drawn.map((row) => row.firstNew)).toEqual([false, false, true, false]);
    expect(drawn[2]?.continues).toBe(false);
  });
  it("is absent when all is read", () => {
    expect(rows([entry(1, "ana", 0)], 1, true).some((row) => row.firstNew)).toBe(false);
  });
});

describe("history put in front", () => {
  const some = rows([entry(5, "ana", 0), entry(6, "ana", 1)], undefined, false);
  it("is noticed", () => {
    expect(
      grewInFront(some, rows([entry(4, "ana", -1), entry(5, "ana", 0)], undefined, false)),
    ).toBe(true);
  });
  it("is not confused with new messages or another stretch", () => {
    expect(
      grewInFront(some, rows([entry(5, "ana", 0), entry(7, "ana", 1)], undefined, false)),
    ).toBe(false);
    expect(grewInFront(some, rows([entry(90, "ana", 0)], undefined, false))).toBe(false);
    expect(grewInFront([], some)).toBe(false);
  });
});

it("marks the very first message only when nothing older is missing", () => {
  expect(rows([entry(1, "ana", 0)], undefined, true)[0]?.first).toBe(true);
  expect(rows([entry(1, "ana", 0)], undefined, false)[0]?.first).toBe(false);
});

it("places waiting sends after what is known", () => {
  const waiting = entry(0, "me", 2, { delivery: "sending" });
  delete waiting.seq;
  const drawn = rows([entry(7, "ana", 0), waiting, { ...waiting, key: "other" }], undefined, false);
  expect(drawn.map((row) => row.position)).toEqual([7, 8, 9]);
});
