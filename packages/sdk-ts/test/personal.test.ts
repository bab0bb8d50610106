//! Positions of reading, presence, typing and the end of a session.

import { beforeEach, describe, expect, it } from "vitest";

import {
  initialState,
  isUnread,
  presenceOf,
  readSeqOf,
  typingIn,
  unreadIn,
  type ServerFrame,
} from "../src/index.ts";
import { Screen } from "./screen.ts";
import { Town, WORKSPACE } from "./town.ts";

let town: Town;
let ana: Screen;

beforeEach(() => {
  town = new Town("ana", "ben");
  town.createChannel("ana", "kitchen", "public");
  town.enter("kitchen", "ben");
  for (const body of ["one", "two", "three"]) town.send("kitchen", "ben", body);
  ana = new Screen(town, "ana");
  ana.connect();
});

const frame = (said: ServerFrame, at = 0) => ana.apply({ type: "frame", frame: said, at });
/** Another device reads. */
const read = (seq: number) => {
  town.desks.mark("ana", "kitchen", seq);
  ana.hear();
};

describe("unread", () => {
  it("never moves back, whatever comes late", () => {
    expect(isUnread(ana.state, "kitchen")).toBe(true);
    ana.apply({ type: "read.marked", conversationId: "kitchen", place: 3 });
    expect(isUnread(ana.state, "kitchen")).toBe(false);
    read(2);
    ana.resume();
    expect(isUnread(ana.state, "kitchen")).toBe(false);
    expect(readSeqOf(ana.state, "kitchen")).toBe(3);
  });

  it("goes away when another device reads", () => {
    read(3);
    expect(isUnread(ana.state, "kitchen")).toBe(false);
  });

  it("does not come with one's own message", () => {
    read(3);
    town.send("kitchen", "ana", "four");
    ana.hear();
    expect(isUnread(ana.state, "kitchen")).toBe(false);
  });

  it("comes back on purpose, and not by a message that one sent before that", () => {
    town.send("kitchen", "ana", "four");
    town.desks.unmark("ana", "kitchen", 2);
    ana.resume();
    expect(readSeqOf(ana.state, "kitchen")).toBe(1);
    expect(unreadIn(ana.state, "kitchen").unread).toBe(2);
  });

  it("does not ring twice for an event heard twice", () => {
    town.send("kitchen", "ben", "four");
    ana.hear();
    ana.apply({ type: "read.marked", conversationId: "kitchen", place: 4 });
    const before = ana.state;
    for (const again of town.live("ana", 0)) frame(again);
    expect(ana.state).toBe(before);
  });

  it("grows with messages even when the channel's version does not", () => {
    const late = town.room("kitchen").channel;
    town.send("kitchen", "ben", "four");
    ana.hear();
    ana.apply({ type: "channel.answered", channel: late });
    expect(ana.state.workspaces[WORKSPACE]?.channels["kitchen"]?.last_seq).toBe(4);
  });
});

describe("presence", () => {
  const subscribed = (present: string[]): ServerFrame => ({
    type: "subscribed",
    workspace_id: WORKSPACE,
    cursor: town.cursor(),
    channel_ids: ["kitchen"],
    personal: town.desks.personal("ana"),
    presence: present.map((user_id) => ({ user_id, presence: "online" })),
  });

  it("shows a person once, however often the connection comes back", () => {
    frame(subscribed(["ana", "ben"]));
    frame({ type: "presence", user_id: "ben", presence: "online" });
    frame(subscribed(["ana", "ben"]));
    expect(Object.keys(ana.state.presence).toSorted()).toEqual(["ana", "ben"]);
  });

  it("takes who is not listed after a reconnect for offline", () => {
    frame(subscribed(["ana", "ben"]));
    frame(subscribed(["ana"]));
    expect(presenceOf(ana.state, "ben")).toBe("offline");
    expect(presenceOf(ana.state, "ana")).toBe("online");
  });
});

describe("typing", () => {
  const typing = (user_id: string, state: "started" | "stopped", at: number) =>
    frame({ type: "typing", workspace_id: WORKSPACE, channel_id: "kitchen", user_id, state }, at);

  it("ends when it is said, after a while, and with the message", () => {
    typing("ben", "started", 1000);
    expect(typingIn(ana.state, "kitchen")).toEqual(["ben"]);
    typing("ben", "stopped", 1500);
    expect(typingIn(ana.state, "kitchen")).toEqual([]);
    typing("ben", "started", 2000);
    ana.apply({ type: "typing.expired", now: 6999 });
    expect(typingIn(ana.state, "kitchen")).toEqual(["ben"]);
    ana.apply({ type: "typing.expired", now: 7000 });
    expect(typingIn(ana.state, "kitchen")).toEqual([]);
    typing("ben", "started", 8000);
    town.send("kitchen", "ben", "there");
    ana.hear();
    expect(ana.state.typing).toEqual({});
  });

  it("is not shown of oneself, nor kept while the connection is away", () => {
    typing("ana", "started", 0);
    expect(ana.state.typing).toEqual({});
    ana.apply({ type: "connection.changed", connection: { status: "live" } });
    typing("ben", "started", 0);
    ana.apply({ type: "connection.changed", connection: { status: "waiting", retryAt: 1 } });
    expect(ana.state.typing).toEqual({});
  });
});

describe("signing out", () => {
  it("leaves nothing behind, and late answers bring nothing back", () => {
    const snapshot = town.snapshot("ana");
    ana.apply({ type: "signed_out" }, { type: "snapshot.loaded", snapshot });
    expect(ana.state).toEqual({ ...initialState, signedOut: true });
  });
});

describe("a heartbeat", () => {
  it("moves the cursor over what one may not see, but not during a replay", () => {
    const beat: ServerFrame = {
      type: "heartbeat",
      cursors: [{ workspace_id: WORKSPACE, cursor: "k1-900" }],
    };
    const [subscribed] = town.subscribe("ana", town.seq);
    if (subscribed) frame(subscribed);
    frame(beat);
    expect(ana.state.workspaces[WORKSPACE]?.cursor).toBe(town.cursor());
    frame({ type: "caught_up", workspace_id: WORKSPACE, cursor: town.cursor() });
    frame(beat);
    expect(ana.state.workspaces[WORKSPACE]?.cursor).toBe("k1-900");
  });
});
