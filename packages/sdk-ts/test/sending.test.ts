//! One's own message becomes exactly one row, whichever way it is heard of first.

import { beforeEach, describe, expect, it } from "vitest";

import { isUnread, pendingIn, type Input, type Message, type MessagePage } from "../src/index.ts";
import { Screen } from "./screen.ts";
import { Town } from "./town.ts";

let town: Town;
let screen: Screen;

beforeEach(() => {
  town = new Town("ana", "ben");
  town.createChannel("ana", "kitchen", "public");
  town.enter("kitchen", "ben");
  town.send("kitchen", "ben", "hello");
  screen = new Screen(town, "ana");
  screen.connect();
  screen.open("kitchen");
});

const answer = (message: Message): Input => ({
  type: "send.answered",
  nonce: message.nonce,
  sent: { id: message.id, message },
});

type Source = "event" | "answer" | "page";
const orders: Source[][] = [
  ["event", "answer", "page"],
  ["event", "page", "answer"],
  ["answer", "event", "page"],
  ["answer", "page", "event"],
  ["page", "event", "answer"],
  ["page", "answer", "event"],
];

describe("a sent message heard of by", () => {
  it.each(orders)("%s, then %s, then %s is one row", (...order) => {
    screen.queue("kitchen", "cake?", "nonce-cake");
    const message = town.send("kitchen", "ana", "cake?", "nonce-cake");
    const page = screen.ask("kitchen");
    const sources: Record<Source, () => void> = {
      event: () => screen.hear(),
      answer: () => screen.apply(answer(message)),
      page,
    };
    for (const source of order) {
      sources[source]();
      const pending = pendingIn(screen.state, "kitchen").length;
      const rows = screen.bodies("kitchen").filter((body) => body === "cake?").length;
      // An acknowledged send may have both its row and a pending one for no moment.
      expect(rows + pending).toBe(1);
    }
    expect(screen.bodies("kitchen")).toEqual(["hello", "cake?"]);
    expect(pendingIn(screen.state, "kitchen")).toEqual([]);
    expect(isUnread(screen.state, "kitchen")).toBe(false);
  });
});

describe("the outbox", () => {
  it("keeps an acknowledged message pending until what lies before it is there", () => {
    screen.queue("kitchen", "second", "nonce-second");
    town.send("kitchen", "ben", "first");
    const message = town.send("kitchen", "ana", "second", "nonce-second");
    screen.apply(answer(message));
    expect(screen.bodies("kitchen")).toEqual(["hello"]);
    expect(pendingIn(screen.state, "kitchen").map(({ status }) => status)).toEqual(["sent"]);
    expect(isUnread(screen.state, "kitchen")).toBe(false);
    screen.apply({ type: "send.failed", nonce: "nonce-second", failure: { code: "internal" } });
    expect(pendingIn(screen.state, "kitchen").map(({ status }) => status)).toEqual(["sent"]);
    screen.hear();
    expect(screen.bodies("kitchen")).toEqual(["hello", "first", "second"]);
    expect(pendingIn(screen.state, "kitchen")).toEqual([]);
  });

  it("never shows a confirmed send as failed", () => {
    screen.queue("kitchen", "cake?", "nonce-cake");
    const message = town.send("kitchen", "ana", "cake?", "nonce-cake");
    screen.apply(answer(message));
    screen.apply({ type: "send.failed", nonce: "nonce-cake", failure: { code: "internal" } });
    screen.hear();
    screen.apply({ type: "send.failed", nonce: "nonce-cake", failure: { code: "internal" } });
    expect(screen.state.outbox).toEqual([]);
    expect(screen.bodies("kitchen")).toEqual(["hello", "cake?"]);
  });

  it("believes an event more than a failure that came before it", () => {
    screen.queue("kitchen", "cake?", "nonce-cake");
    town.send("kitchen", "ana", "cake?", "nonce-cake");
    screen.apply({ type: "send.failed", nonce: "nonce-cake", failure: { code: "unavailable" } });
    screen.hear();
    expect(screen.state.outbox).toEqual([]);
  });

  it("does not take somebody else's message with the same nonce for one's own", () => {
    screen.queue("kitchen", "mine", "nonce-same");
    town.send("kitchen", "ben", "theirs", "nonce-same");
    screen.hear();
    expect(pendingIn(screen.state, "kitchen").map(({ body }) => body)).toEqual(["mine"]);
  });

  it("keeps the order of sending, and puts a retried message at the end", () => {
    for (const name of ["one", "two", "three"]) screen.queue("kitchen", name, `nonce-${name}`);
    screen.apply({ type: "send.failed", nonce: "nonce-one", failure: { code: "rate_limited" } });
    expect(pendingIn(screen.state, "kitchen").map(({ body }) => body)).toEqual([
      "one",
      "two",
      "three",
    ]);
    screen.apply({ type: "send.retried", order: 100, nonce: "nonce-one" });
    expect(pendingIn(screen.state, "kitchen").map(({ body, status }) => [body, status])).toEqual([
      ["two", "sending"],
      ["three", "sending"],
      ["one", "sending"],
    ]);
  });

  it("cannot discard what may already be with the server", () => {
    screen.queue("kitchen", "cake?", "nonce-cake");
    screen.apply({ type: "send.discarded", nonce: "nonce-cake" });
    expect(screen.state.outbox).toHaveLength(1);
  });

  it("shows what a replayed send answers, the message as it is now", () => {
    screen.queue("kitchen", "draft", "nonce-draft");
    town.send("kitchen", "ana", "draft", "nonce-draft");
    const edited = town.edit("kitchen", 2, "final");
    screen.apply(answer(edited));
    expect(screen.bodies("kitchen")).toEqual(["hello", "final"]);
    screen.hear();
    expect(screen.bodies("kitchen")).toEqual(["hello", "final"]);
  });

  it("drops an acknowledged message when the log jumps past its event", () => {
    screen.queue("kitchen", "second", "nonce-second");
    town.send("kitchen", "ben", "first");
    screen.apply(answer(town.send("kitchen", "ana", "second", "nonce-second")));
    screen.connect();
    expect(screen.state.outbox).toEqual([]);
    expect(screen.bodies("kitchen")).toEqual(["hello", "first", "second"]);
  });
});

describe("a late answer", () => {
  it("does not undo a newer edit", () => {
    const older = town.edit("kitchen", 1, "hello there");
    town.edit("kitchen", 1, "hello everybody");
    screen.hear();
    screen.apply({ type: "message.answered", message: older });
    expect(screen.bodies("kitchen")).toEqual(["hello everybody"]);
  });

  it("does not bring a deleted message back", () => {
    const page = screen.ask("kitchen");
    const edited = town.edit("kitchen", 1, "hello there");
    town.delete("kitchen", 1);
    screen.hear();
    screen.apply({ type: "message.answered", message: edited });
    page();
    expect(
      screen.rows("kitchen").map(({ body, deleted_at }) => [body, deleted_at !== undefined]),
    ).toEqual([["", true]]);
  });

  it("leads the events without being undone by them", () => {
    const edited = town.edit("kitchen", 1, "hello there");
    screen.apply({ type: "message.answered", message: edited });
    const row = screen.rows("kitchen")[0];
    screen.hear();
    expect(screen.rows("kitchen")[0]).toBe(row);
  });

  it("knows what happened between its question and itself", () => {
    const lazy = new Screen(town, "ben");
    lazy.connect();
    const answerPage: () => void = lazy.ask("kitchen");
    town.edit("kitchen", 1, "edited meanwhile");
    town.send("kitchen", "ana", "sent meanwhile");
    lazy.hear();
    answerPage();
    expect(lazy.bodies("kitchen")).toEqual(["edited meanwhile", "sent meanwhile"]);
    expect(lazy.state.timelines["kitchen"]?.hasNewer).toBe(false);
  });

  it("of a page from before its question is refused", () => {
    const page: MessagePage = { ...town.newest("kitchen"), as_of: "k1-1" };
    screen.apply(
      { type: "page.requested", conversationId: "kitchen", loadId: "late", place: "newest" },
      { type: "page.loaded", conversationId: "kitchen", loadId: "late", page },
    );
    expect(screen.state.timelines["kitchen"]?.failed).toBe("resync_required");
  });
});
