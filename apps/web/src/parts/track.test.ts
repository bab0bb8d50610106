//! What is loaded next, wherever one looks.
import { describe, expect, it } from "vitest";
import { places, type Stretch, wanted } from "./track.ts";

const middle: Stretch = { first: 1000, last: 1100, hasOlder: true, hasNewer: true };
const whole: Stretch = { first: 1, last: 60, hasOlder: false, hasNewer: false };

describe("wanted", () => {
  it.each([
    ["the middle of what is loaded", { from: 1040, to: 1060 }, {}],
    ["near its beginning", { from: 1010, to: 1030 }, { older: true }],
    ["above its beginning", { from: 960, to: 980 }, { older: true }],
    ["near its end", { from: 1080, to: 1099 }, { newer: true }],
    ["below its end", { from: 1120, to: 1140 }, { newer: true }],
    ["far above", { from: 100, to: 120 }, { around: 110 }],
    ["far below", { from: 90_000, to: 90_021 }, { around: 90_011 }],
    ["more than all of it at once", { from: 990, to: 1110 }, { older: true, newer: true }],
  ])("in %s", (_, sight, expected) => {
    expect(wanted(sight, middle)).toEqual({
      older: false,
      newer: false,
      around: undefined,
      ...expected,
    });
  });
  it("asks for nothing where there is nothing more", () => {
    for (const sight of [
      { from: 1, to: 5 },
      { from: 55, to: 60 },
      { from: 500, to: 520 },
    ]) {
      expect(wanted(sight, whole)).toEqual({ older: false, newer: false, around: undefined });
    }
  });
  it("asks for nothing before the first page", () => {
    const none = { first: 1, last: 0, hasOlder: true, hasNewer: true };
    expect(wanted({ from: 400, to: 420 }, none).around).toBeUndefined();
  });
});

describe("places", () => {
  it("counts from where it is told", () => {
    expect(places(1, 3)).toEqual([1, 2, 3]);
    expect(places(0, 2)).toEqual([0, 1]);
    expect(places(1, 0)).toEqual([]);
    expect(places(1, 100_000).at(-1)).toBe(100_000);
  });
});
