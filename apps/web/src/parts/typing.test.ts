//! Keys that must not act, letters on every layout, and the length of messages.
import { describe, expect, it, vi } from "vitest";
import { characters, fits, leftOver, MESSAGE_CHARS } from "./length.ts";
import { composing, letterOf } from "./typing.ts";

describe("keys", () => {
  it("of an input method are its own, also the one that ends it in Safari", () => {
    const pressed = (keyCode: number, isComposing: boolean) =>
      composing({ keyCode, isComposing } as KeyboardEvent);
    expect(pressed(13, true)).toBe(true);
    expect(pressed(229, false)).toBe(true);
    expect(pressed(13, false)).toBe(false);
  });
  it("have the letter that is printed on them, else that of their place", () => {
    expect(letterOf({ key: "B", code: "KeyB" })).toBe("b");
    expect(letterOf({ key: "b", code: "KeyN" })).toBe("b");
    expect(letterOf({ key: "и", code: "KeyB" })).toBe("b");
    expect(letterOf({ key: "Dead", code: "BracketLeft" })).toBe("");
    expect(letterOf({ key: "Process", code: "" })).toBe("");
  });
});

describe("length", () => {
  it("counts characters, not units", () => {
    expect(characters("🦀🦀")).toBe(2);
    expect(fits("🦀".repeat(MESSAGE_CHARS))).toBe(true);
    expect(fits("x".repeat(MESSAGE_CHARS + 1))).toBe(false);
  });
  it("is mentioned near the limit only", () => {
    expect(leftOver("x")).toBeUndefined();
    expect(leftOver("x".repeat(MESSAGE_CHARS - 1))).toBe(1);
    expect(leftOver("x".repeat(MESSAGE_CHARS + 2))).toBe(-2);
    expect(leftOver("🦀".repeat(MESSAGE_CHARS))).toBe(0);
  });
  it("of pasted megabytes is not counted, and too much", () => {
    const pasted = "x".repeat(5_000_000);
    const counting = vi.spyOn(Array, "from");
    expect(fits(pasted)).toBe(false);
    expect(leftOver(pasted)).toBeLessThan(0);
    expect(counting).not.toHaveBeenCalled();
    counting.mockRestore();
  });
});
