//! What one jumped to is lit for a while, and takes the focus once it can.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { landing } from "./landing.svelte.ts";

describe("landing", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("takes the focus as soon as it is drawn, and once", () => {
    let drawn = false;
    const focus = vi.fn<(place: number) => boolean>(() => drawn);
    const aim = landing(focus);
    aim.begin(7);
    aim.settle();
    drawn = true;
    aim.settle();
    aim.settle();
    expect(focus.mock.calls).toEqual([[7], [7]]);
    expect(aim.lit).toBe(7);
  });
  it("is lit for a while", () => {
    const aim = landing(() => true);
    aim.begin(7);
    vi.advanceTimersByTime(1000);
    expect(aim.lit).toBe(7);
    vi.advanceTimersByTime(10_000);
    expect(aim.lit).toBeUndefined();
  });
  it("goes on to the next, for its whole while", () => {
    const aim = landing(() => true);
    aim.begin(7);
    vi.advanceTimersByTime(2000);
    aim.begin(9);
    vi.advanceTimersByTime(2000);
    expect(aim.lit).toBe(9);
  });
  it("takes no focus for what is no longer waited for", () => {
    const focus = vi.fn<(place: number) => boolean>(() => false);
    const aim = landing(focus);
    aim.begin(7);
    vi.advanceTimersByTime(10_000);
    aim.settle();
    expect(focus).not.toHaveBeenCalled();
  });
});
