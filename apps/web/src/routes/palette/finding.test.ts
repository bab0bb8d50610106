//! What the palette shows: for nothing, for letters, for prefixes, and with two thousand channels.
import { expect, test } from "vitest";
import { asked, type Entry, findable, type Lists, type Shown } from "./finding.ts";

const icon = (() => undefined) as unknown as Entry["icon"];
const entry = (kind: Entry["kind"], name: string, more: Partial<Entry> = {}): Entry => ({
  id: `${kind}/${name}`,
  kind,
  name,
  icon,
  weight: 1,
  run: () => undefined,
  ...more,
});
const lists = (all: readonly Entry[]): Lists => {
  const of = (kind: Entry["kind"]): Entry[] => all.filter((one) => one.kind === kind);
  return { channels: of("channels"), people: of("people"), go: of("go"), do: of("do") };
};
const shown = ({ groups, more }: Shown): unknown => [
  ...groups.map(({ title, items }) => [
    title,
    ...items.map(({ pieces }) => pieces.map(({ text }) => text).join("")),
  ]),
  ...(more > 0 ? [more] : []),
];

const entries = [
  entry("channels", "design"),
  entry("channels", "general", { weight: 1.2 }),
  entry("channels", "release"),
  entry("people", "Dev Mehta"),
  entry("people", "Désirée"),
  entry("go", "Drafts"),
  entry("do", "Appearance: Dark", { also: "theme" }),
  entry("do", "Create channel"),
];
const quiet = () => ({ unread: false, mentions: undefined });
const loud = (one: Entry) => ({
  unread: one.name === "design" || one.name === "release",
  mentions: one.name === "release" ? "2" : undefined,
});

test("prefixes ask for one kind", () => {
  expect(asked("  general ")).toMatchObject({ letters: "general", alone: false });
  expect(asked("#gen")).toMatchObject({ kinds: ["channels"], letters: "gen", alone: true });
  expect(asked(" @ ana")).toMatchObject({ kinds: ["people"], letters: "ana" });
  expect(asked(">")).toMatchObject({ kinds: ["go", "do"], letters: "" });
  expect(asked("a#b")).toMatchObject({ letters: "a#b", alone: false });
});

test("before anything is written one sees where one was, what is new, and what one can do", () => {
  const actions = [
    ["Go to", "Drafts"],
    ["Do", "Appearance: Dark", "Create channel"],
  ];
  expect(
    shown(findable(lists(entries), loud).ask("", ["channels/general", "channels/gone"])),
  ).toEqual([["Recent", "general"], ["Unread", "release", "design"], ...actions]);
  expect(shown(findable(lists(entries), quiet).ask("", []))).toEqual([
    ["Channels", "general", "design", "release"],
    ...actions,
  ]);
  expect(shown(findable(lists([]), quiet).ask("", []))).toEqual([]);
});

test("letters find every kind, the best match on top", () => {
  const ask = (query: string): unknown => shown(findable(lists(entries), quiet).ask(query, []));
  expect(ask("des")).toEqual([
    ["Channels", "design"],
    ["People", "Désirée"],
  ]);
  expect(ask("desiree")).toEqual([["People", "Désirée"]]);
  expect(ask("theme")).toEqual([["Do", "Appearance: Dark"]]);
  expect(ask("#de")).toEqual([["Channels", "design"]]);
  expect(ask("@")).toEqual([["People", "Dev Mehta", "Désirée"]]);
  expect(ask(">dra")).toEqual([["Go to", "Drafts"]]);
  expect(ask("zzzz")).toEqual([]);
});

test("with two thousand channels the list is short, says how many there are, and comes at once", () => {
  const many = Array.from({ length: 2000 }, (_, index) =>
    entry("channels", `team-${index}-${["alerts", "général", "überblick"][index % 3]}`),
  );
  const found = findable(lists(many), quiet);
  const keys = ["t", "te", "tea", "team", "team-1", "team-19", "team-199", "uber", "general", "#t"];
  const rounds = Array.from({ length: 5 }, () => {
    const started = performance.now();
    for (const query of keys) found.ask(query, []);
    return (performance.now() - started) / keys.length;
  });
  expect(found.ask("team", []).groups[0]?.items).toHaveLength(8);
  expect(found.ask("team", []).more).toBe(1992);
  expect(found.ask("#team", []).groups[0]?.items).toHaveLength(60);
  // The quietest round, since the machine may have other things to do.
  expect(Math.min(...rounds)).toBeLessThan(16);
});
