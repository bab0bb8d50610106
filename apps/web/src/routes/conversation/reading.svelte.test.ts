//! The New line stays where one began to read, and what was marked unread stays unread.
import { flushSync } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { type Reading, reading } from "./reading.svelte.ts";

let stop: (() => void) | undefined;
afterEach(() => stop?.());

function begin(first: Reading) {
  let now = $state.raw(first);
  let line: ReturnType<typeof reading> | undefined;
  stop = $effect.root(() => {
    line = reading(() => now);
  });
  flushSync();
  if (line === undefined) throw new Error("roots run at once");
  return {
    line,
    becomes(change: Partial<Reading>): void {
      now = { ...now, ...change };
      flushSync();
    },
  };
}
const read: Reading = { readTo: 10, unread: 0, newest: 10, watched: true };

describe("reading", () => {
  it("has a line only where something is unread", () => {
    expect(begin(read).line.lineAfter).toBeUndefined();
    stop?.();
    expect(begin({ ...read, readTo: 4, unread: 6 }).line.lineAfter).toBe(4);
  });
  it("keeps the line where it was while one reads", () => {
    const { line, becomes } = begin({ ...read, readTo: 4, unread: 6 });
    becomes({ readTo: 10, unread: 0 });
    becomes({ readTo: 11, newest: 11 });
    expect(line.lineAfter).toBe(4);
    expect(line.paused).toBe(false);
  });
  it("puts the line where unread was marked, and does not take that back by looking", () => {
    const { line, becomes } = begin(read);
    becomes({ readTo: 6, unread: 4 });
    expect(line.lineAfter).toBe(6);
    expect(line.paused).toBe(true);
    becomes({ newest: 11, unread: 5 });
    expect(line.paused).toBe(true);
    line.resume();
    expect(line.paused).toBe(false);
  });
  it("forgets a mark that was read elsewhere", () => {
    const { line, becomes } = begin(read);
    becomes({ readTo: 6, unread: 4 });
    becomes({ readTo: 10, unread: 0 });
    expect(line.paused).toBe(false);
    expect(line.lineAfter).toBeUndefined();
  });
  it("begins a line with what comes while nobody looks", () => {
    const { line, becomes } = begin(read);
    becomes({ watched: false });
    becomes({ newest: 12, unread: 2 });
    becomes({ watched: true });
    becomes({ readTo: 12, unread: 0 });
    expect(line.lineAfter).toBe(10);
  });
  it("waits until it is known how far one has read", () => {
    const { line, becomes } = begin({ ...read, readTo: undefined, watched: false });
    expect(line.lineAfter).toBeUndefined();
    becomes({ readTo: 3, unread: 7 });
    expect(line.lineAfter).toBe(3);
  });
});
