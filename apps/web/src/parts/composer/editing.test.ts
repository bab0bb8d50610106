//! Editing, in tables: a text with its caret before, and after.
import { describe, expect, it } from "vitest";
import { drawn } from "./carets.ts";
import { type Edit } from "./change.ts";
import { enterMeans } from "./enter.ts";
import { broken, indented, listed } from "./lists.ts";
import { coded, linked, pasted, wrap } from "./marks.ts";

/** The rows that come out otherwise: before, after, and what came. */
function mistakes(edit: Edit, rows: readonly (readonly [string, string | undefined])[]) {
  return rows
    .map(([before, after]) => [before, after, drawn(edit, before)] as const)
    .filter(([, after, came]) => after !== came);
}

describe("marks", () => {
  const bold: Edit = (text, start, end) => wrap(text, start, end, "**");
  const italic: Edit = (text, start, end) => wrap(text, start, end, "*");

  it("go around the selection and off again", () => {
    expect(
      mistakes(bold, [
        ["a ⟦word⟧ here", "a **⟦word⟧** here"],
        ["a **⟦word⟧** here", "a ⟦word⟧ here"],
        ["a ⟦**word**⟧ here", "a ⟦word⟧ here"],
        ["¦", "**¦**"],
        ["**¦**", "¦"],
        ["a⟦ word ⟧here", "a **⟦word⟧** here"],
        ["⟦   ⟧", "**⟦   ⟧**"],
        ["⟦****⟧", "**⟦****⟧**"],
      ]),
    ).toEqual([]);
  });
  it("of one kind leave those of the other alone", () => {
    expect(
      mistakes(italic, [
        ["**⟦word⟧**", "***⟦word⟧***"],
        ["***⟦word⟧***", "**⟦word⟧**"],
        ["*⟦word⟧*", "⟦word⟧"],
        ["⟦*word*⟧", "⟦word⟧"],
        ["⟦**word**⟧", "*⟦**word**⟧*"],
      ]),
    ).toEqual([]);
    expect(
      mistakes(bold, [
        ["*⟦word⟧*", "***⟦word⟧***"],
        ["***⟦word⟧***", "*⟦word⟧*"],
      ]),
    ).toEqual([]);
  });
  it("make code of words, and a block of lines", () => {
    expect(
      mistakes(coded, [
        ["⟦run⟧ it", "`⟦run⟧` it"],
        ["`⟦run⟧` it", "⟦run⟧ it"],
        ["⟦a\nb⟧", "```\na\nb\n```\n¦"],
        ["see ⟦a\nb⟧ there", "see \n```\na\nb\n```\n¦ there"],
        ["⟦a\nb⟧\nc", "```\na\nb\n```¦\nc"],
      ]),
    ).toEqual([]);
  });
});

describe("links", () => {
  it("ask for the address of words, and for the words of an address", () => {
    expect(
      mistakes(linked, [
        ["see ⟦docs⟧", "see [docs](⟦https://⟧)"],
        ["⟦https://a.example⟧", "[¦](https://a.example)"],
        ["¦", "[](⟦https://⟧)"],
      ]),
    ).toEqual([]);
  });
  it("are made of an address pasted over words", () => {
    const paste =
      (clip: string): Edit =>
      (text, start, end) =>
        pasted(text, start, end, clip);
    expect(
      mistakes(paste("https://a.example/x?y=(z)"), [
        ["see ⟦docs⟧ now", "see [docs](https://a.example/x?y=(z))¦ now"],
        ["see ¦", undefined],
        ["see ⟦https://b.example⟧", undefined],
        ["see ⟦do[cs⟧", undefined],
        ["⟦a\nb⟧", undefined],
        ["⟦  ⟧", undefined],
      ]),
    ).toEqual([]);
    expect(mistakes(paste("javascript:alert(1)"), [["⟦docs⟧", undefined]])).toEqual([]);
    expect(mistakes(paste("https://a.example and more"), [["⟦docs⟧", undefined]])).toEqual([]);
  });
});

describe("a line break", () => {
  it("goes on with a list", () => {
    expect(
      mistakes(broken, [
        ["- a¦", "- a\n- ¦"],
        ["* a¦b", "* a\n* ¦b"],
        ["1. a¦", "1. a\n2. ¦"],
        ["9) a¦", "9) a\n10) ¦"],
        ["  - a¦", "  - a\n  - ¦"],
        ["- [x] done¦", "- [x] done\n- [ ] ¦"],
        ["- a ⟦b⟧ c", "- a \n- ¦ c"],
      ]),
    ).toEqual([]);
  });
  it("ends the list at an item without words", () => {
    expect(
      mistakes(broken, [
        ["- a\n- ¦", "- a\n¦"],
        ["1. ¦", "¦"],
        ["  - ¦", "¦"],
        ["- [ ] ¦", "¦"],
        ["> ¦", "¦"],
      ]),
    ).toEqual([]);
  });
  it("goes on with a quote, and with a list in it", () => {
    expect(
      mistakes(broken, [
        ["> a¦", "> a\n> ¦"],
        [">a¦", ">a\n>¦"],
        ["> > a¦", "> > a\n> > ¦"],
        ["> - a¦", "> - a\n> - ¦"],
      ]),
    ).toEqual([]);
  });
  it("is only that everywhere else", () => {
    expect(
      mistakes(broken, [
        ["¦", "\n¦"],
        ["a¦b", "a\n¦b"],
        ["-a¦", "-a\n¦"],
        ["¦- a", "\n¦- a"],
        ["-¦ a", "-\n¦ a"],
        ["1.a¦", "1.a\n¦"],
        ["12345678901. a¦", "12345678901. a\n¦"],
      ]),
    ).toEqual([]);
  });
  it("keeps the indentation inside of a fence, and continues nothing there", () => {
    expect(
      mistakes(broken, [
        ["```\n  a¦", "```\n  a\n  ¦"],
        ["```\n- a¦", "```\n- a\n¦"],
        ["```js¦", "```js\n¦"],
        ["```\na\n```¦", "```\na\n```\n¦"],
        ["```\na\n```\n- b¦", "```\na\n```\n- b\n- ¦"],
      ]),
    ).toEqual([]);
  });
});

describe("lists", () => {
  it("begin at the lines' starts and end there again", () => {
    expect(
      mistakes(listed, [
        ["one\nt⟦wo⟧", "one\n- two¦"],
        ["⟦one\ntwo⟧", "- one\n- two¦"],
        ["⟦- one\ntwo⟧", "- one\n- two¦"],
        ["⟦- one\n- two⟧", "one\ntwo¦"],
        ["¦", "- ¦"],
      ]),
    ).toEqual([]);
  });
  it("move in below the item above, and out again, and no further", () => {
    const into: Edit = (text, start, end) => indented(text, start, end, "in");
    const out: Edit = (text, start, end) => indented(text, start, end, "out");
    expect(
      mistakes(into, [
        ["- a\n- b¦", "- a\n  - b¦"],
        ["1. a\n2. b¦", "1. a\n   1. b¦"],
        ["1. a\n   1. b\n2. c¦", "1. a\n   1. b\n   2. c¦"],
        ["- a\n  - b¦", undefined],
        ["- a¦", undefined],
        ["a¦", undefined],
        ["¦", undefined],
        ["```\n- a\n- b¦", undefined],
        ["- a\n⟦- b\n- c⟧", "- a\n  ⟦- b\n  - c⟧"],
      ]),
    ).toEqual([]);
    expect(
      mistakes(out, [
        ["- a\n  - b¦", "- a\n- b¦"],
        ["1. a\n   1. b¦", "1. a\n2. b¦"],
        ["- a¦", undefined],
        ["a¦", undefined],
        ["- a\n  - b\n    - c¦", "- a\n  - b\n  - c¦"],
        ["  - a¦", "- a¦"],
      ]),
    ).toEqual([]);
  });
});

it("Enter sends or breaks, as one has it, and never sends out of a fence", () => {
  const key = (keys: string) => ({
    key: keys.includes("Enter") ? "Enter" : "x",
    shiftKey: keys.includes("Shift"),
    ctrlKey: keys.includes("Ctrl"),
    metaKey: keys.includes("Meta"),
    altKey: keys.includes("Alt"),
  });
  const rows = [
    ["Enter", true, false, "send"],
    ["Enter", true, true, "break"],
    ["Shift Enter", true, false, "break"],
    ["Ctrl Enter", true, true, "send"],
    ["Meta Enter", false, false, "send"],
    ["Enter", false, false, "break"],
    ["Shift Enter", false, false, "send"],
    ["Alt Enter", true, false, undefined],
    ["x", true, false, undefined],
  ] as const;
  for (const [keys, sends, fenced, means] of rows)
    expect([keys, sends, fenced, enterMeans(key(keys), sends, fenced)]).toEqual([
      keys,
      sends,
      fenced,
      means,
    ]);
});
