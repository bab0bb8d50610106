//! A conversation opens where one wants to go on reading.
import { describe, expect, it } from "vitest";
import { type Circumstances, openingOf } from "./opening.ts";

const read: Circumstances = {
  goal: undefined,
  readTo: 500,
  unread: 0,
  newest: 500,
  kept: undefined,
};
const kept = { place: 120, align: "start", offset: 7 } as const;

describe("openingOf", () => {
  it("opens at the end when all is read", () => {
    expect(openingOf(read)).toEqual({ spot: "end", at: "newest" });
    expect(openingOf({ ...read, kept: "end" })).toEqual({ spot: "end", at: "newest" });
  });
  it("opens where one was", () => {
    expect(openingOf({ ...read, kept })).toEqual({ spot: kept, at: 120 });
    expect(openingOf({ ...read, kept: { ...kept, place: 0 } }).at).toBe(1);
  });
  it("opens at the first unread, wherever one was", () => {
    const few = openingOf({ ...read, readTo: 470, unread: 30, kept });
    expect(few).toMatchObject({ spot: { place: 471, align: "start" }, at: "newest" });
    const many = openingOf({ ...read, readTo: 100, unread: 100 });
    expect(many).toMatchObject({ spot: { place: 101 }, at: 101 });
    expect(openingOf({ ...read, readTo: 0, unread: 100, newest: 90_000 }).at).toBe(1);
  });
  it("opens at the message one came for, before anything else", () => {
    const opening = openingOf({ ...read, goal: 42, readTo: 100, unread: 100, kept });
    expect(opening).toEqual({ spot: { place: 42, align: "center", offset: 0 }, at: 42 });
  });
});
