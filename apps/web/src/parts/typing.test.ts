//! Markdown put around selections, and the length of messages.
import { describe, expect, it, vi } from "vitest";
import { characters, fits, leftOver, MESSAGE_CHARS } from "./length.ts";
import { type Change, coded, linked, listed, wrap } from "./typing.ts";

const apply = (text: string, change: Change): string =>
  text.slice(0, change.from) + change.insert + text.slice(change.to);
const selected = (text: string, change: Change): string =>
  apply(text, change).slice(...change.select);

describe("marks", () => {
  it("go around the selection and off again", () => {
    const on = wrap("a word here", 2, 6, "**");
    expect(apply("a word here", on)).toBe("a **word** here");
    expect(selected("a word here", on)).toBe("word");
    const off = wrap("a **word** here", 4, 8, "**");
    expect(apply("a **word** here", off)).toBe("a word here");
    expect(selected("a **word** here", off)).toBe("word");
  });
  it("stand around the caret when nothing is selected", () => {
    expect(wrap("", 0, 0, "*")).toMatchObject({ insert: "**", select: [1, 1] });
  });
});

describe("links", () => {
  it("ask for the address of words", () => {
    const change = linked("see docs", 4, 8);
    expect(apply("see docs", change)).toBe("see [docs](https://)");
    expect(selected("see docs", change)).toBe("https://");
  });
  it("ask for the words of an address", () => {
    const change = linked("https://a.example", 0, 17);
    expect(apply("https://a.example", change)).toBe("[](https://a.example)");
    expect(change.select).toEqual([1, 1]);
  });
});

it("lists begin at the line's start", () => {
  expect(apply("one\ntwo", listed("one\ntwo", 5, 7))).toBe("one\n- two");
  expect(apply("one\ntwo", listed("one\ntwo", 0, 7))).toBe("- one\n- two");
});

it("code is a line's or a block", () => {
  expect(apply("run it", coded("run it", 0, 3))).toBe("`run` it");
  expect(apply("a\nb", coded("a\nb", 0, 3))).toBe("```\na\nb\n```\n");
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
