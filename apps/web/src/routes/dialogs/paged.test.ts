//! Lists in pages: answers that come late or not at all.
import { NetworkError } from "@clickclack/sdk";
import { describe, expect, it } from "vitest";
import { type Page, paged } from "./paged.svelte.ts";

/** A server whose answers come when the test says so. */
function slowServer() {
  const calls: {
    cursor: string | undefined;
    answer: (page: Page<string>) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const fetchPage = (cursor: string | undefined): Promise<Page<string>> =>
    new Promise((answer, fail) => calls.push({ cursor, answer, fail }));
  return { calls, list: paged<string>(fetchPage) };
}

describe("a list in pages", () => {
  it("adds page after page", async () => {
    const { calls, list } = slowServer();
    const first = list.restart();
    calls[0]?.answer({ items: ["a"], next_cursor: "2" });
    await first;
    expect(list.hasMore).toBe(true);
    const second = list.more();
    expect(calls[1]?.cursor).toBe("2");
    calls[1]?.answer({ items: ["b"] });
    await second;
    expect(list.items).toEqual(["a", "b"]);
    expect(list.hasMore).toBe(false);
  });
  it("keeps the newest question's answer, whichever comes last", async () => {
    const { calls, list } = slowServer();
    const old = list.restart();
    const young = list.restart();
    calls[1]?.answer({ items: ["new"] });
    calls[0]?.answer({ items: ["old"] });
    await Promise.all([old, young]);
    expect(list.items).toEqual(["new"]);
  });
  it("keeps what is there when the next page fails", async () => {
    const { calls, list } = slowServer();
    const first = list.restart();
    calls[0]?.answer({ items: ["a"], next_cursor: "2" });
    await first;
    const second = list.more();
    calls[1]?.fail(new NetworkError("gone"));
    await second;
    expect(list.items).toEqual(["a"]);
    expect(list.failure).not.toBe("");
    expect(list.hasMore).toBe(true);
  });
});
