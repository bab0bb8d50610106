//! Grouping, day lines and the New line.
import { describe, expect, it } from "vitest";
import { type Entry, layOut, newPlace, type Row } from "./rows.ts";

const noon = new Date(2026, 10, 20, 12, 0, 0).getTime();

function entry(who: string, minutes: number, more: Partial<Entry> = {}): Entry {
  return {
    key: `${who}:${minutes}`,
    id: `msg_${minutes}`,
    nonce: `nonce-${minutes}`,
    author: { id: who, name: who, kind: "human" },
    body: "hello",
    version: 1,
    createdAt: new Date(noon + minutes * 60_000).toISOString(),
    deleted: false,
    delivery: "sent",
    mine: false,
    calls: false,
    reactions: [],
    threadUnread: false,
    saved: false,
    ...more,
  };
}

/** All of them, as they stand one after the other from `from` on. */
function drawn(entries: readonly Entry[], from = 1, newAt?: number): Row[] {
  return entries.map((one, index) =>
    layOut(one, {
      place: from + index,
      before: entries[index - 1],
      firstNew: from + index === newAt,
    }),
  );
}
const continues = (rows: readonly Row[]): boolean[] => rows.map((row) => row.continues);

describe("grouping", () => {
  it("puts one author's close messages under one name", () => {
    const rows = drawn([entry("ana", 0), entry("ana", 4), entry("ben", 5)]);
    expect(continues(rows)).toEqual([false, true, false]);
  });
  it("names the author again after five minutes", () => {
    expect(continues(drawn([entry("ana", 0), entry("ana", 5)]))).toEqual([false, false]);
  });
  it("names the author after a deleted message", () => {
    const rows = drawn([entry("ana", 0, { deleted: true }), entry("ana", 1)]);
    expect(continues(rows)).toEqual([false, false]);
  });
  it("names the author where the New line stands between", () => {
    expect(continues(drawn([entry("ana", 0), entry("ana", 1)], 1, 2))).toEqual([false, false]);
  });
  it("names the author of a reply that is shown in the channel", () => {
    const reply = entry("ana", 1, { replyTo: { root: "msg_0", message: undefined } });
    expect(continues(drawn([entry("ana", 0), reply]))).toEqual([false, false]);
  });
  it("names the author of the first loaded one, whatever stands before it", () => {
    expect(continues(drawn([entry("ana", 0), entry("ana", 1)], 700))).toEqual([false, true]);
  });
  it("names the author of the first reply beneath its root", () => {
    expect(continues(drawn([entry("ana", 0), entry("ana", 1)], 0))).toEqual([false, false]);
  });
});

describe("day lines", () => {
  it("stand where a local day begins", () => {
    const rows = drawn([entry("ana", 0), entry("ana", 1), entry("ana", 24 * 60)]);
    expect(rows.map((row) => row.startsDay)).toEqual([true, false, true]);
    expect(rows[2]?.continues).toBe(false);
  });
  it("do not stand where one cannot know", () => {
    expect(drawn([entry("ana", 0)], 700)[0]?.startsDay).toBe(false);
  });
  it("do not stand between a thread's root and replies of the same day", () => {
    const rows = drawn([entry("ana", 0), entry("ben", 1), entry("ben", 24 * 60)], 0);
    expect(rows.map((row) => row.startsDay)).toEqual([false, false, true]);
  });
});

it("gives the same row for what stands as it stood", () => {
  const [one, two] = [entry("ana", 0), entry("ana", 1)];
  const [first] = drawn([one, two]);
  expect(drawn([one, two])[0]).toBe(first);
  expect(drawn([one, two], 1, 1)[0]).not.toBe(first);
});

describe("newPlace", () => {
  const by = (id: string, deleted = false) => ({
    author: { id },
    ...(deleted ? { deleted_at: "2026-11-20T09:46:00.000Z" } : {}),
  });
  const rows = [by("ana"), by("me"), by("ben", true), by("ben"), by("ana")];
  it.each([
    ["at the first that others wrote and that is there", 11, 13],
    ["above one's own messages never", 10, 13],
    ["nowhere when all is read", 14, undefined],
    ["nowhere when that is far beyond the end", 400, undefined],
    ["directly at the first loaded one", 9, 10],
    ["nowhere while it is not known what follows directly", 8, undefined],
    ["nowhere when one came without anything unread", undefined, undefined],
  ])("stands %s", (_, read, place) => expect(newPlace(rows, 10, read, "me")).toBe(place));
  it("stands nowhere in what is empty", () => expect(newPlace([], 1, 0, "me")).toBeUndefined());
});
