//! Finding by a few letters: what is found, in which order, and which letters are marked.
import { describe, expect, test } from "vitest";
import { cut, finder } from "./fuzzy.ts";

const find = (query: string, ...texts: string[]): string[] =>
  finder(texts, (text) => text)(query, 10).found.map(({ pieces }) =>
    pieces.map(({ text, hit }) => (hit ? `[${text}]` : text)).join(""),
  );

describe("finding", () => {
  test("letters in order are enough, and are marked", () => {
    expect(find("rls", "release", "design")).toEqual(["[r]e[l]ea[s]e"]);
    expect(find("dsgn crit", "design-critique")).toEqual(["[d]e[s]i[gn]-[crit]ique"]);
  });

  test("accents and case are folded both ways", () => {
    expect(find("cafe", "Café")).toEqual(["[Café]"]);
    expect(find("CAFÉ", "cafe")).toEqual(["[cafe]"]);
    expect(find("cafe", "cafe\u0301 au lait")).toEqual(["[cafe\u0301] au lait"]);
    expect(find("Иван", "иван-петров")).toEqual(["[иван]-петров"]);
  });

  test("a whole name comes before a longer one, a beginning before a middle", () => {
    expect(find("ops", "devops-help", "ops-alerts", "ops")).toEqual([
      "[ops]",
      "[ops]-alerts",
      "dev[ops]-help",
    ]);
  });

  test("what is not there is not found", () => {
    expect(find("zzz", "release", "design")).toEqual([]);
    expect(find("<script>", "release")).toEqual([]);
    expect(finder<string>([], String)("a", 10)).toEqual({ found: [], total: 0 });
  });

  test("the limit cuts the list, not the count", () => {
    const many = Array.from({ length: 30 }, (_, index) => `team-${index}`);
    const { found, total } = finder(many, (text) => text)("team", 7);
    // Equally good ones stay in their order.
    expect(found.map(({ item }) => item)).toEqual(many.slice(0, 7));
    expect(total).toBe(30);
  });

  test("a second text finds as well, weights lift", () => {
    const find = finder(["Appearance: Dark", "darkroom"], (text) => text, {
      alsoOf: (text) => (text.startsWith("A") ? "theme" : ""),
      weightOf: (text) => (text === "darkroom" ? 0.5 : 1),
    });
    expect(find("theme", 5).found.map(({ item }) => item)).toEqual(["Appearance: Dark"]);
    expect(find("tme", 5).found).toEqual([]);
    expect(find("theme", 5).found[0]?.pieces).toEqual([{ text: "Appearance: Dark", hit: false }]);
    expect(find("dark", 5).found[0]?.item).toBe("Appearance: Dark");
  });
});

test("a text is cut at its matches, and never inside a character", () => {
  expect(cut("", [])).toEqual([]);
  expect(cut("ab", [])).toEqual([{ text: "ab", hit: false }]);
  expect(cut("ab", [0, 1])).toEqual([{ text: "ab", hit: true }]);
  expect(cut("a🦀b", [1])).toEqual([
    { text: "a", hit: false },
    { text: "🦀", hit: true },
    { text: "b", hit: false },
  ]);
});
