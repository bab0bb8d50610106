//! The table is Unicode's, emoji are found by their names, and the arrows stay inside of the grid.
import { beforeAll, describe, expect, it } from "vitest";
import { emojiTable, type EmojiTable, toned } from "./data.ts";
import { findEmoji } from "./find.ts";
import { at, firstPlace, laid, moved } from "./grid.ts";
import { CRUSTACEANS, QUICK } from "./quick.ts";

/** Unicode's own list of the emoji that are meant for interchange, each fully qualified. */
const RGI = new RegExp(String.raw`^\p{RGI_Emoji}$`, "v");

let table: EmojiTable;
beforeAll(async () => {
  table = await emojiTable();
});

describe("the table", () => {
  it("holds only fully qualified emoji, toned ones too", () => {
    const all = table.all.flatMap(({ unicode, tones }) => [unicode, ...tones]);
    expect(all.length).toBeGreaterThan(3000);
    expect(all.filter((emoji) => !RGI.test(emoji))).toEqual([]);
  });
  it("knows every emoji that is at hand without it", () => {
    const all = [...QUICK, ...CRUSTACEANS];
    expect(all.map((emoji) => table.byUnicode.get(emoji)?.unicode)).toEqual(all);
    expect(new Set(QUICK).size).toBe(8);
    expect(new Set(CRUSTACEANS).size).toBe(CRUSTACEANS.length);
  });
  it("gives the skin tone that is wanted, where there is one", () => {
    const wave = table.byUnicode.get("👋");
    const crab = table.byUnicode.get("🦀");
    if (!wave || !crab) throw new Error("Unicode has hands and crabs");
    expect(toned(wave, 0)).toBe("👋");
    expect(toned(wave, 1)).toBe("👋🏻");
    expect(toned(wave, 5)).toBe("👋🏿");
    expect(toned(crab, 3)).toBe("🦀");
    expect(toned(wave, 9)).toBe("👋");
  });
});

describe("findEmoji", () => {
  const first = (query: string): string | undefined => findEmoji(table, query, 1)[0]?.unicode;
  it.each([
    ["crab", "🦀"],
    ["+1", "👍"],
    [":tada:", "🎉"],
    ["TADA", "🎉"],
    ["thumbs up", "👍"],
    ["thumbsup", "👍"],
    ["lobst", "🦞"],
    ["🦀", "🦀"],
    ["piñata", "🪅"],
  ])("%s gives %s first", (query, emoji) => expect(first(query)).toBe(emoji));
  it("finds by tags, after names", () => {
    const found = findEmoji(table, "cancer").map(({ unicode }) => unicode);
    expect(found[0]).toBe("♋");
    expect(found).toContain("🦀");
  });
  it.each(["", "   ", ":::", "qqqzzz", "\0", "(((", "a".repeat(10_000)])(
    "finds nothing for nonsense (%#)",
    (nonsense) => expect(findEmoji(table, nonsense)).toEqual([]),
  );
  it("gives no more than wanted", () => expect(findEmoji(table, "face", 8)).toHaveLength(8));
});

describe("the grid", () => {
  const lines = laid(
    [
      { key: "a", title: "A", emoji: ["1", "2", "3", "4", "5"] },
      { key: "none", title: "None", emoji: [] },
      { key: "b", title: "B", emoji: ["6", "7"] },
    ],
    3,
  );
  it("lays sections out in lines", () => {
    expect(lines.map((line) => (line.kind === "title" ? line.title : line.emoji.join("")))).toEqual(
      ["A", "123", "45", "B", "67"],
    );
  });
  it.each([
    ["3", "ArrowRight", "4"],
    ["4", "ArrowLeft", "3"],
    ["3", "ArrowDown", "5"],
    ["5", "ArrowDown", "7"],
    ["6", "ArrowUp", "4"],
    ["1", "ArrowUp", "1"],
    ["1", "ArrowLeft", "1"],
    ["7", "ArrowRight", "7"],
    ["7", "ArrowDown", "7"],
    ["2", "Enter", "2"],
  ])("from %s %s leads to %s", (from, key, to) => {
    const line = lines.findIndex((one) => one.kind === "emoji" && one.emoji.includes(from));
    const found = lines[line];
    const column = found?.kind === "emoji" ? found.emoji.indexOf(from) : 0;
    expect(at(lines, moved(lines, { line, column }, key))).toBe(to);
  });
  it("starts at the first, also when what was there is gone", () => {
    expect(firstPlace(lines)).toEqual({ line: 1, column: 0 });
    expect(moved(lines, undefined, "ArrowDown")).toEqual({ line: 1, column: 0 });
    expect(moved(lines, { line: 40, column: 7 }, "ArrowUp")).toEqual({ line: 1, column: 0 });
    expect(firstPlace([])).toBeUndefined();
    expect(moved([], undefined, "ArrowDown")).toBeUndefined();
  });
});
