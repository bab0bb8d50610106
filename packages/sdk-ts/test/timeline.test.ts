//! The timeline is one unbroken stretch, whatever pages and events make it.

import { beforeEach, describe, expect, it } from "vitest";

import { messageAt, type Place } from "../src/index.ts";
import { Screen } from "./screen.ts";
import { Town } from "./town.ts";

let town: Town;
let screen: Screen;

beforeEach(() => {
  town = new Town("ana", "ben");
  town.createChannel("ana", "kitchen", "public");
  for (let number = 1; number <= 30; number += 1) town.send("kitchen", "ben", `${number}`);
  screen = new Screen(town, "ana");
  screen.connect();
  screen.open("kitchen", 10);
});

const timeline = () => {
  const held = screen.state.timelines["kitchen"];
  if (held === undefined) throw new Error("the kitchen is open");
  return held;
};

const shown = () => [screen.bodies("kitchen")[0], screen.bodies("kitchen").at(-1)];

function load(place: Place, first: number, last: number): () => void {
  const loadId = `${place} ${first}`;
  screen.apply({ type: "page.requested", conversationId: "kitchen", loadId, place });
  const page = town.page("kitchen", first, last);
  return () => screen.apply({ type: "page.loaded", conversationId: "kitchen", loadId, page });
}

describe("a timeline", () => {
  it("opens at its newest end", () => {
    expect(shown()).toEqual(["21", "30"]);
    expect(timeline()).toMatchObject({ loaded: true, hasOlder: true, hasNewer: false });
  });

  it("puts history in front without touching a row", () => {
    const before = [...timeline().rows];
    load("older", 11, 20)();
    expect(shown()).toEqual(["11", "30"]);
    expect(
      timeline()
        .rows.slice(10)
        .every((row, index) => row === before[index]),
    ).toBe(true);
    load("older", 1, 10)();
    expect(timeline()).toMatchObject({ hasOlder: false, hasNewer: false });
  });

  it("appends what happens while history is on its way", () => {
    const older = load("older", 11, 20);
    town.send("kitchen", "ben", "31");
    screen.hear();
    older();
    expect(shown()).toEqual(["11", "31"]);
    expect(timeline().rows.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 21 }, (_, at) => at + 11),
    );
  });

  it("knows of a reaction that came while its page was on its way", () => {
    town.react("msg_kitchen_15", "ben", "🦞", true);
    screen.hear();
    const older = load("older", 11, 20);
    town.react("msg_kitchen_15", "ana", "🦞", true);
    town.react("msg_kitchen_16", "ana", "🦀", true);
    town.delete("kitchen", 16);
    screen.hear();
    older();
    const reactions = (seq: number) => messageAt(screen.state, "kitchen", seq)?.reactions?.items;
    expect(reactions(15)).toEqual([{ emoji: "🦞", user_ids: ["ben", "ana"] }]);
    expect(reactions(16)).toBeUndefined();
  });

  it("jumps to another stretch and notes that there is newer", () => {
    load("around", 3, 7)();
    expect(shown()).toEqual(["3", "7"]);
    expect(timeline()).toMatchObject({ hasOlder: true, hasNewer: true });
    town.send("kitchen", "ben", "31");
    screen.hear();
    expect(shown()).toEqual(["3", "7"]);
    load("newer", 8, 31)();
    expect(shown()).toEqual(["3", "31"]);
    expect(timeline().hasNewer).toBe(false);
  });

  it("drops a page of a stretch that it has left", () => {
    const older = load("older", 11, 20);
    load("around", 3, 7)();
    older();
    expect(shown()).toEqual(["3", "7"]);
  });

  it("drops a page asked for while it was leaving the stretch", () => {
    const around = load("around", 3, 7);
    const older = load("older", 11, 20);
    around();
    older();
    expect(shown()).toEqual(["3", "7"]);
  });

  it("takes no page from before the log jumped", () => {
    const newest = load("newest", 21, 30);
    town.edit("kitchen", 30, "edited while away");
    screen.apply({ type: "snapshot.loaded", snapshot: town.snapshot("ana") });
    newest();
    expect(timeline().stale).toBe(true);
    screen.fulfil();
    expect(shown()).toEqual(["1", "edited while away"]);
  });

  it("does not open again by a page that comes after it was closed", () => {
    const older = load("older", 11, 20);
    screen.apply({ type: "timeline.closed", conversationId: "kitchen" });
    older();
    expect(timeline()).toMatchObject({ open: false, hasOlder: true });
    expect(shown()).toEqual(["21", "30"]);
  });

  it("keeps its newest rows when it is closed, and nothing when it stood elsewhere", () => {
    for (let number = 31; number <= 150; number += 1) town.send("kitchen", "ben", `${number}`);
    screen.hear();
    screen.apply({ type: "timeline.closed", conversationId: "kitchen" });
    expect(shown()).toEqual(["51", "150"]);
    town.send("kitchen", "ben", "151");
    screen.hear();
    screen.apply({ type: "timeline.opened", channelId: "kitchen", rootId: null });
    expect(timeline()).toMatchObject({ open: true, hasNewer: false });
    expect(shown()).toEqual(["51", "151"]);
    load("around", 3, 7)();
    screen.apply({ type: "timeline.closed", conversationId: "kitchen" });
    expect(screen.state.timelines["kitchen"]).toBeUndefined();
  });

  it("takes no page of its earlier life", () => {
    const older = load("older", 11, 20);
    screen.apply({ type: "timeline.closed", conversationId: "kitchen" });
    town.edit("kitchen", 30, "edited while closed");
    screen.hear();
    screen.open("kitchen", 10);
    older();
    expect(shown()).toEqual(["21", "edited while closed"]);
  });

  it("shows a failure and forgets it with the next page", () => {
    const older = load("older", 11, 20);
    screen.apply({
      type: "page.failed",
      conversationId: "kitchen",
      loadId: "older 11",
      reason: "network",
    });
    expect(timeline()).toMatchObject({ failed: "network", loading: { older: false } });
    older();
    expect(shown()).toEqual(["21", "30"]);
    load("older", 11, 20)();
    expect(timeline().failed).toBe(null);
  });

  it("is refreshed after the log jumped, and forgets what it had wrong", () => {
    town.edit("kitchen", 30, "edited while away");
    town.delete("kitchen", 29);
    town.send("kitchen", "ben", "31");
    screen.apply({ type: "snapshot.loaded", snapshot: town.snapshot("ana") });
    expect(timeline().stale).toBe(true);
    expect(shown()).toEqual(["21", "30"]);
    screen.fulfil();
    expect(timeline().stale).toBe(false);
    expect(screen.bodies("kitchen").slice(-3)).toEqual(["", "edited while away", "31"]);
  });

  it("believes a restored server although its versions are lower", () => {
    const restored = new Town("ana", "ben");
    restored.epoch = "k2";
    restored.createChannel("ana", "kitchen", "public");
    restored.send("kitchen", "ben", "the beginning");
    screen.apply({ type: "snapshot.loaded", snapshot: restored.snapshot("ana") });
    screen.apply({
      type: "page.requested",
      conversationId: "kitchen",
      loadId: "anew",
      place: "newest",
    });
    screen.apply({
      type: "page.loaded",
      conversationId: "kitchen",
      loadId: "anew",
      page: restored.newest("kitchen"),
    });
    expect(screen.bodies("kitchen")).toEqual(["the beginning"]);
    expect(timeline().hasNewer).toBe(false);
  });

  it("keeps every other part of the state when a message comes", () => {
    town.createChannel("ben", "garden", "public");
    screen.hear();
    screen.open("garden");
    const before = screen.state;
    town.send("kitchen", "ben", "31");
    screen.hear();
    expect(screen.state.timelines["garden"]).toBe(before.timelines["garden"]);
    expect(screen.state.workspaces["wsp_1"]?.members).toBe(before.workspaces["wsp_1"]?.members);
    expect(timeline().rows[0]).toBe(before.timelines["kitchen"]?.rows[0]);
  });
});
