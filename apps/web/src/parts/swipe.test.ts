//! Sideways, and everything that only looks like it.
import { describe, expect, it } from "vitest";
import { wayOf } from "./swipe.ts";

describe("wayOf", () => {
  it.each([
    [80, 0, "right"],
    [-80, 10, "left"],
    [56, 28, "right"],
    [55, 0, undefined],
    [80, 41, undefined],
    [0, 200, undefined],
    [0, 0, undefined],
    [Number.NaN, 0, undefined],
  ])("%d across and %d down", (dx, dy, way) => {
    expect(wayOf(dx, dy)).toBe(way);
  });
});
