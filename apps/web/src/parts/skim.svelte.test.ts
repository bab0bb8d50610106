//! Only a fast movement is skimming; a jump is not, and slowing down ends it.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { skim } from "./skim.svelte.ts";

describe("skim", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Scrolls by so much every 16 ms, so many times. */
  function scrolls(view: ReturnType<typeof skim>, by: number, times: number): void {
    for (let step = 0; step < times; step += 1) view.look(step * by, step * 16);
  }
  it("is a movement that nobody can read in", () => {
    const slow = vi.fn<() => void>();
    const view = skim(slow);
    scrolls(view, 1500, 5);
    expect(view.fast).toBe(true);
    expect(slow).not.toHaveBeenCalled();
  });
  it("is no usual scrolling", () => {
    const view = skim(vi.fn<() => void>());
    scrolls(view, 300, 50);
    expect(view.fast).toBe(false);
  });
  it("is no jump, however far", () => {
    const view = skim(vi.fn<() => void>());
    view.look(0, 0);
    view.look(5_000_000, 16);
    expect(view.fast).toBe(false);
    view.look(5_000_010, 32);
    view.look(9_000_000, 500);
    view.look(100, 1000);
    expect(view.fast).toBe(false);
  });
  it("draws on what was drawn when it began, and nothing else", () => {
    const view = skim(vi.fn<() => void>());
    for (let step = 0; step < 5; step += 1) view.look(step * 1500, step * 16, 1000 + step * 30);
    expect(view.fast).toBe(true);
    expect([1045, 1060, 1090].map((place) => view.hides(place))).toEqual([false, false, false]);
    expect([1200, 1000].map((place) => view.hides(place))).toEqual([true, true]);
    vi.advanceTimersByTime(200);
    expect(view.hides(1200)).toBe(false);
  });
  it("ends when one slows down", () => {
    const slow = vi.fn<() => void>();
    const view = skim(slow);
    scrolls(view, 1500, 5);
    view.look(4 * 1500 + 20, 5 * 16);
    expect(view.fast).toBe(false);
    expect(slow).toHaveBeenCalledOnce();
  });
  it("ends when one stops", () => {
    const slow = vi.fn<() => void>();
    const view = skim(slow);
    scrolls(view, 1500, 5);
    vi.advanceTimersByTime(200);
    expect(view.fast).toBe(false);
    expect(slow).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(10_000);
    expect(slow).toHaveBeenCalledOnce();
  });
});
