//! Widths: bounded, remembered, and nonsense forgotten.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { bounded, panes } from "./panes.svelte.ts";

describe("bounded", () => {
  it.each([
    [300, 300],
    [300.4, 300],
    [0, 200],
    [-5, 200],
    [9999, 420],
    [Number.NaN, 256],
    [Number.POSITIVE_INFINITY, 256],
  ])("%d becomes %d", (width, kept) => {
    expect(bounded("sidebar", width)).toBe(kept);
  });
});

describe("panes", () => {
  beforeEach(() => localStorage.clear());

  it("remembers a width once it is kept, and forgets the usual one", () => {
    panes.resize("sidebar", 310);
    expect(panes.width("sidebar")).toBe(310);
    expect(localStorage).toHaveLength(0);
    panes.keep("sidebar");
    expect(localStorage.getItem("clickclack:width:sidebar")).toBe("310");
    panes.resize("sidebar", 256);
    panes.keep("sidebar");
    expect(localStorage).toHaveLength(0);
  });
  it.each([
    ["350", 350],
    ["12", 200],
    ["", 256],
    ["wide", 256],
  ])("starts with %j as %d", async (word, width) => {
    localStorage.setItem("clickclack:width:sidebar", word);
    vi.resetModules();
    const fresh = await import("./panes.svelte.ts");
    expect(fresh.panes.width("sidebar")).toBe(width);
  });
});
