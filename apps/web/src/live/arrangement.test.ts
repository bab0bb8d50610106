//! The sidebar's own order: kept, shown, and changed by moving.
import { describe, expect, it } from "vitest";
import {
  add,
  arrange,
  dropped,
  inOrder,
  keep,
  type KeptSection,
  linesOf,
  place,
  placeSection,
  remove,
  rename,
  sameLines,
  step,
  stepSection,
  toggle,
} from "./arrangement.ts";
import type { Line, Section } from "../parts/lines.ts";

const kept = (key: string, channel_ids: string[] = [], more: Partial<KeptSection> = {}) => ({
  key,
  collapsed: false,
  channel_ids,
  ...more,
});
/** Channels by their letters; a capital one is starred. */
const channels = (letters: string) =>
  [...letters].map((letter) => ({
    id: letter.toLowerCase(),
    starred: letter !== letter.toLowerCase(),
  }));
/** `key:ids|placed` of every section. */
const told = (sections: readonly Section[] | undefined) =>
  sections?.map(
    ({ key, channelIds, placed }) =>
      `${key}:${channelIds.slice(0, placed).join("")}|${channelIds.slice(placed).join("")}`,
  );

describe("arrange", () => {
  it("puts everything by name where nothing was arranged", () => {
    expect(told(arrange([], channels("aBc")))).toEqual(["starred:|b", "channels:|ac"]);
  });
  it("keeps what was placed first, in the person's order", () => {
    const order = [kept("team", ["d", "b"]), kept("starred", ["c"]), kept("channels", ["e"])];
    expect(told(arrange(order, channels("AbCdef")))).toEqual([
      "team:db|",
      "starred:c|a",
      "channels:e|f",
    ]);
  });
  it("shows a channel once, and no channel that is gone", () => {
    const order = [kept("team", ["x", "a", "a"]), kept("other", ["a", "b"])];
    expect(told(arrange(order, channels("ab")))).toEqual([
      "team:a|",
      "other:b|",
      "starred:|",
      "channels:|",
    ]);
  });
  it("lets a star win over the section, and remembers the section", () => {
    const order = [kept("team", ["a", "b"])];
    const sections = arrange(order, channels("Ab"));
    expect(told(sections)).toEqual(["team:b|", "starred:|a", "channels:|"]);
    const again = keep(sections, order);
    expect(told(arrange(again, channels("ab")))?.[0]).toBe("team:ba|");
  });
});

describe("linesOf", () => {
  const sections = arrange([kept("channels", [], { collapsed: true })], channels("abc"));
  it("shows what asks for attention in a collapsed section", () => {
    expect(linesOf(sections, (id) => id === "b")).toEqual([
      { kind: "section", key: "channels", collapsed: true },
      { kind: "channel", key: "b", id: "b", section: "channels" },
    ]);
    expect(inOrder(sections)).toEqual(["a", "b", "c"]);
  });
  it("says where to put the first channel of a section of one's own", () => {
    const lines = linesOf(arrange([kept("team")], channels("a")), () => false);
    expect(lines.map(({ kind }) => kind)).toEqual(["section", "hint", "section", "channel"]);
  });
  it("shows the starred section once something is in it", () => {
    expect(linesOf(arrange([], channels("a")), () => false).map(({ key }) => key)).toEqual([
      "channels",
      "a",
    ]);
  });
});

describe("sameLines", () => {
  const asks = (): boolean => false;
  const lines = linesOf(arrange([kept("team", ["a"], { name: "Team" })], channels("ab")), asks);
  const other = (section: Partial<KeptSection>, letters = "ab") =>
    linesOf(arrange([kept("team", ["a"], { name: "Team", ...section })], channels(letters)), asks);
  it("is true for what shows the same", () => {
    expect(sameLines(lines, other({}))).toBe(true);
    expect(sameLines([], [])).toBe(true);
  });
  it.each([
    ["another name", other({ name: "Crew" })],
    ["a closed section", other({ collapsed: true })],
    ["another channel", other({}, "abc")],
    ["another order", other({ channel_ids: [] })],
    ["nothing", []],
  ])("is false for %s", (_, others) => {
    expect(sameLines(lines, others)).toBe(false);
    expect(sameLines(others, lines)).toBe(false);
  });
});

describe("moving a channel", () => {
  const sections = arrange([kept("team", ["d"])], channels("Abcd"));
  it("places what stands before it as well", () => {
    expect(told(place(sections, "d", "channels", 1))).toEqual([
      "team:|",
      "starred:|a",
      "channels:bd|c",
    ]);
    expect(told(place(sections, "c", "channels", 0))?.[2]).toBe("channels:c|b");
    expect(told(place(sections, "b", "channels", 9))?.[2]).toBe("channels:cb|");
  });
  it("goes step by step, over the edge into the next section", () => {
    expect(told(step(sections, "c", -1))?.[2]).toBe("channels:c|b");
    expect(told(step(sections, "b", -1))).toEqual(["team:db|", "starred:|a", "channels:|c"]);
    expect(told(step(sections, "d", 1))).toEqual(["team:|", "starred:|a", "channels:d|bc"]);
  });
  it("stops where there is nowhere to go", () => {
    expect(step(sections, "d", -1)).toBeUndefined();
    expect(step(sections, "c", 1)).toBeUndefined();
    expect(step(sections, "a", 1)).toBeUndefined();
    expect(step(sections, "nobody", 1)).toBeUndefined();
    expect(place(sections, "a", "nowhere", 0)).toBe(sections);
  });
  it("comes back from the account as it was left", () => {
    const moved = step(sections, "b", -1) ?? [];
    expect(told(arrange(keep(moved), channels("Abcd")))).toEqual(told(moved));
  });
  it("keeps no more than the server takes", () => {
    const many = Array.from({ length: 1500 }, (_, at) => ({ id: `c${at}`, starred: false }));
    const sorted = arrange([], many);
    const last = place(sorted, "c0", "channels", 1400);
    expect(keep(last).every(({ channel_ids }) => channel_ids.length <= 1000)).toBe(true);
  });
});

describe("dropping", () => {
  const sections = arrange([kept("team", ["d"])], channels("Abcd"));
  const channel = (id: string, section: string): Line => ({
    kind: "channel",
    key: id,
    id,
    section,
  });
  const section = (key: string): Line => ({ kind: "section", key, collapsed: false });
  it("puts a channel before or after the one that it is dropped on", () => {
    const [c, b, d] = [channel("c", "channels"), channel("b", "channels"), channel("d", "team")];
    expect(told(dropped(sections, c, { over: b, after: false }))?.[2]).toBe("channels:c|b");
    expect(told(dropped(sections, b, { over: c, after: true }))?.[2]).toBe("channels:cb|");
    expect(told(dropped(sections, c, { over: d, after: true }))?.[0]).toBe("team:dc|");
    expect(told(dropped(sections, d, { over: channel("a", "starred"), after: false }))?.[1]).toBe(
      "starred:d|a",
    );
  });
  it("puts a channel first into a section that it is dropped on", () => {
    expect(
      told(
        dropped(sections, channel("c", "channels"), { over: section("team"), after: true }),
      )?.[0],
    ).toBe("team:cd|");
    const hint: Line = { kind: "hint", key: "team/hint", section: "team" };
    expect(
      told(dropped(sections, channel("c", "channels"), { over: hint, after: true }))?.[0],
    ).toBe("team:cd|");
  });
  it("moves a section before or after another", () => {
    const keys = (all: readonly Section[] | undefined) => all?.map(({ key }) => key).join(" ");
    const team = section("team");
    expect(keys(dropped(sections, team, { over: section("channels"), after: false }))).toBe(
      "starred team channels",
    );
    expect(keys(dropped(sections, team, { over: channel("c", "channels"), after: false }))).toBe(
      "starred channels team",
    );
  });
  it("changes nothing when dropped on itself", () => {
    const [c, team] = [channel("c", "channels"), section("team")];
    expect(dropped(sections, c, { over: c, after: true })).toBeUndefined();
    expect(dropped(sections, team, { over: channel("d", "team"), after: true })).toBeUndefined();
    expect(
      dropped(sections, { kind: "hint", key: "h", section: "team" }, { over: c, after: true }),
    ).toBeUndefined();
  });
});

describe("sections", () => {
  const sections = arrange([kept("team", ["a"], { name: "Team" })], channels("ab"));
  const keys = (all: readonly Section[] | undefined) => all?.map(({ key }) => key);
  it("are made, named, closed and taken away", () => {
    const made = add(sections, "s_1", "New");
    expect(keys(made)).toEqual(["team", "starred", "s_1", "channels"]);
    expect(rename(made, "s_1", "Newer").find(({ key }) => key === "s_1")?.name).toBe("Newer");
    expect(toggle(made, "team")[0]?.collapsed).toBe(true);
    const kept = keep(remove(sections, "team"), []);
    expect(told(arrange(kept, channels("ab")))).toEqual(["starred:|", "channels:|ab"]);
    expect(remove(sections, "channels")).toBe(sections);
  });
  it("move by steps over what is shown", () => {
    expect(keys(stepSection(sections, "team", 1))).toEqual(["starred", "channels", "team"]);
    expect(keys(stepSection(sections, "channels", -1))).toEqual(["channels", "team", "starred"]);
    expect(stepSection(sections, "team", -1)).toBeUndefined();
    expect(stepSection(sections, "channels", 1)).toBeUndefined();
  });
  it("move before another, or last", () => {
    expect(keys(placeSection(sections, "channels", "starred"))).toEqual([
      "team",
      "channels",
      "starred",
    ]);
    expect(keys(placeSection(sections, "team", undefined))).toEqual([
      "starred",
      "channels",
      "team",
    ]);
    expect(placeSection(sections, "team", "team")).toBe(sections);
  });
});
