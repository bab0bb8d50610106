//! The driver: what one types arrives once, in order, whatever the network does.

import { beforeEach, describe, expect, it } from "vitest";

import {
  createClient,
  createLive,
  memoryDatabases,
  pendingIn,
  readSeqOf,
  type Database,
  type Databases,
  type Live,
} from "../src/index.ts";
import { Machine, settled } from "./machine.ts";
import { Server } from "./server.ts";
import { Town, WORKSPACE } from "./town.ts";

let town: Town;
let server: Server;
let machine: Machine;
let databases: Databases;
let live: Live;

function open(): Live {
  return createLive({
    client: createClient({ baseUrl: "http://tide.test", fetch: server.fetch as typeof fetch }),
    socketUrl: "ws://tide.test/api/realtime/ws",
    databases,
    platform: machine.platform,
  });
}

beforeEach(async () => {
  town = new Town("ana", "ben");
  town.createChannel("ana", "kitchen", "public");
  town.createChannel("ana", "plaza", "public");
  town.send("kitchen", "ben", "hello");
  server = new Server(town, "ana");
  machine = new Machine();
  databases = memoryDatabases();
  live = open();
  await live.start();
  connect();
  await live.openChannel("kitchen");
});

const after = () => Number(live.state.workspaces[WORKSPACE]?.cursor.split("-")[1]);
const bodies = () => live.state.timelines["kitchen"]?.rows.map(({ body }) => body);
const stored = async () => (await databases.open("ana")).sends();
const inTown = (channel = "kitchen") => town.room(channel).messages.map(({ body }) => body);

function connect(): void {
  machine.socket.greets();
  machine.socket.says(...town.subscribe("ana", after()));
}

describe("sending", () => {
  it("shows at once, arrives once", async () => {
    live.send("kitchen", "cake?");
    expect(pendingIn(live.state, "kitchen").map(({ body }) => body)).toEqual(["cake?"]);
    await settled();
    machine.socket.says(...town.live("ana", after()));
    expect(bodies()).toEqual(["hello", "cake?"]);
    expect(live.state.outbox).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  it("goes in order, one at a time in a channel, and beside other channels", async () => {
    server.held = [];
    for (const body of ["one", "two", "three"]) live.send("kitchen", body);
    live.send("plaza", "elsewhere");
    await settled();
    expect(server.sends()).toHaveLength(2);
    expect(inTown("plaza")).toEqual(["elsewhere"]);
    for (let round = 0; round < 4; round += 1) {
      for (const go of server.held.splice(0)) go();
      await settled();
    }
    expect(inTown()).toEqual(["hello", "one", "two", "three"]);
  });

  it("is stored before it leaves", async () => {
    let written: () => void = () => undefined;
    const slow = (database: Database): Database => ({
      ...database,
      putSend: (send) =>
        new Promise((resolve) => (written = () => void database.putSend(send).then(resolve))),
    });
    const { open: openDatabase } = databases;
    databases.open = async (userId) => slow(await openDatabase(userId));
    live.stop();
    live = open();
    await live.start();
    live.send("kitchen", "cake?");
    await settled();
    expect(server.sends()).toEqual([]);
    written();
    await settled();
    expect(server.sends()).toHaveLength(1);
  });

  it.each(["unreachable", "lose_answer"] as const)(
    "is tried again with its nonce: %s",
    async (fate) => {
      server.fates.push(fate, fate);
      const nonce = live.send("kitchen", "cake?");
      await settled();
      machine.pass(250);
      await settled();
      expect(pendingIn(live.state, "kitchen")).toMatchObject([{ status: "sending" }]);
      machine.pass(500);
      await settled();
      expect(server.sends()).toEqual([1, 2, 3].map(() => ({ nonce, body: "cake?" })));
      expect(inTown()).toEqual(["hello", "cake?"]);
      expect(bodies()).toEqual(["hello", "cake?"]);
    },
  );

  it("waits as long as the server says, also when nudged", async () => {
    server.fates.push({ status: 429, code: "rate_limited", retry_after_s: 7 });
    live.send("kitchen", "cake?");
    live.send("kitchen", "behind it");
    await settled();
    live.nudge();
    machine.pass(4_000);
    await settled();
    expect(server.sends()).toHaveLength(1);
    machine.pass(3_000);
    await settled();
    expect(inTown()).toEqual(["hello", "cake?", "behind it"]);
  });

  it("goes at once when the network is back", async () => {
    server.fates.push("unreachable");
    live.send("kitchen", "cake?");
    await settled();
    live.nudge();
    await settled();
    expect(inTown()).toEqual(["hello", "cake?"]);
  });

  it("shows a refusal, and sends again or forgets when told", async () => {
    server.fates.push(
      { status: 403, code: "forbidden" },
      { status: 409, code: "channel_archived" },
    );
    const first = live.send("kitchen", "one");
    const second = live.send("kitchen", "two");
    await settled();
    expect(live.state.outbox.map(({ status, failure }) => [status, failure?.code])).toEqual([
      ["failed", "forbidden"],
      ["failed", "channel_archived"],
    ]);
    live.discard(first);
    live.retry(second);
    await settled();
    expect(inTown()).toEqual(["hello", "two"]);
    expect(await stored()).toEqual([]);
  });

  it("takes a new nonce when the old one stands for something else", async () => {
    server.fates.push({ status: 409, code: "nonce_conflict" });
    const nonce = live.send("kitchen", "cake?");
    await settled();
    live.retry(nonce);
    await settled();
    expect(new Set(server.sends().map((sent) => (sent as { nonce: string }).nonce)).size).toBe(2);
    expect(inTown()).toEqual(["hello", "cake?"]);
  });
});

describe("a reload", () => {
  async function reload(): Promise<void> {
    live.stop();
    live = open();
    await live.start();
    connect();
    await live.openChannel("kitchen");
    await settled();
    machine.socket.says(...town.live("ana", after()));
  }

  it("during a send that did not arrive sends it, in order", async () => {
    server.fates.push("unreachable");
    live.send("kitchen", "one");
    live.send("kitchen", "two");
    await settled();
    await reload();
    expect(inTown()).toEqual(["hello", "one", "two"]);
    expect(bodies()).toEqual(["hello", "one", "two"]);
    expect(live.state.outbox).toEqual([]);
  });

  it("during a send that arrived does not double it", async () => {
    server.fates.push("lose_answer");
    live.send("kitchen", "cake?");
    await settled();
    await reload();
    expect(inTown()).toEqual(["hello", "cake?"]);
    expect(bodies()).toEqual(["hello", "cake?"]);
    expect(await stored()).toEqual([]);
  });

  it("keeps a refused message refused", async () => {
    server.fates.push({ status: 403, code: "forbidden" });
    live.send("kitchen", "one");
    await settled();
    await reload();
    expect(live.state.outbox).toMatchObject([
      { body: "one", status: "failed", failure: { code: "forbidden" } },
    ]);
    expect(inTown()).toEqual(["hello"]);
  });

  it("by somebody else sends nothing of the account before", async () => {
    server.fates.push("unreachable");
    live.send("kitchen", "one");
    await settled();
    live.stop();
    server = new Server(town, "ben");
    live = open();
    await live.start();
    await settled();
    expect(live.state.outbox).toEqual([]);
    expect(inTown()).toEqual(["hello"]);
  });
});

describe("a connection lost and back", () => {
  it("sends what waited and shows what was missed", async () => {
    server.fates.push("unreachable");
    live.send("kitchen", "mine");
    await settled();
    machine.socket.ends(1006);
    town.send("kitchen", "ben", "theirs");
    live.nudge();
    connect();
    await settled();
    machine.socket.says(...town.live("ana", after()));
    expect(bodies()).toEqual(["hello", "theirs", "mine"]);
  });

  it("refreshes open timelines after a resync", async () => {
    town.edit("kitchen", 1, "hello again");
    machine.socket.says({
      type: "resync_required",
      workspace_id: WORKSPACE,
      reason: "too_far_behind",
    });
    await settled();
    expect(bodies()).toEqual(["hello again"]);
    expect(live.state.timelines["kitchen"]).toMatchObject({ stale: false, loaded: true });
  });

  it("as somebody else signs out instead of mixing", () => {
    machine.socket.ends(1006);
    machine.pass(250);
    machine.socket.greets("ben");
    expect(live.state).toMatchObject({ signedOut: true, workspaces: {} });
  });
});

describe("reading", () => {
  it("counts here at once, and is told once for many marks", async () => {
    const reads = () =>
      server.calls.filter(({ path }) => path.endsWith("/read")).map(({ body }) => body);
    live.markRead("kitchen");
    expect(readSeqOf(live.state, "kitchen")).toBe(1);
    town.send("kitchen", "ben", "more");
    machine.socket.says(...town.live("ana", after()));
    live.markRead("kitchen");
    live.markRead("kitchen", 1);
    machine.pass(300);
    await settled();
    expect(reads()).toEqual([{ seq: 2 }]);
    live.markRead("kitchen");
    machine.pass(10_000);
    await settled();
    expect(reads()).toHaveLength(1);
  });
});

describe("a reading position that comes at a bad time", () => {
  it("is told again later", async () => {
    server.readFates.push({ status: 429, code: "rate_limited" });
    live.markRead("kitchen");
    machine.pass(300);
    await settled();
    const told = () => server.calls.filter(({ path }) => path.endsWith("/read")).length;
    expect(told()).toBe(1);
    machine.pass(9_999);
    await settled();
    expect(told()).toBe(1);
    machine.pass(1);
    await settled();
    expect(told()).toBe(2);
    machine.pass(60_000);
    await settled();
    expect(told()).toBe(2);
  });
});

describe("reading what is taken away", () => {
  it("tells the server nothing about a channel that is gone", async () => {
    live.markRead("kitchen");
    town.removeMember("ana");
    machine.socket.says(...town.live("ana", after()));
    expect(live.state.workspaces[WORKSPACE]).toBeUndefined();
    machine.pass(10_000);
    await settled();
    expect(server.calls.filter(({ path }) => path.endsWith("/read"))).toEqual([]);
  });
});

describe("editing and deleting", () => {
  it("show when answered and stay when their events come", async () => {
    const message = town.send("kitchen", "ana", "mine");
    machine.socket.says(...town.live("ana", after()));
    await live.edit(message, "mine, corrected");
    expect(bodies()).toEqual(["hello", "mine, corrected"]);
    await live.delete(message);
    machine.socket.says(...town.live("ana", after()));
    expect(bodies()).toEqual(["hello", ""]);
  });
});

describe("listeners", () => {
  it("hear of every event once", () => {
    const heard: string[] = [];
    const stop = live.onEvent(({ type }) => heard.push(type));
    const from = after();
    town.send("kitchen", "ben", "more");
    machine.socket.says(...town.live("ana", from), ...town.live("ana", from));
    stop();
    town.send("kitchen", "ben", "unheard");
    machine.socket.says(...town.live("ana", after()));
    expect(heard).toEqual(["message.created"]);
  });

  it("see typing end by itself", () => {
    machine.socket.says({
      type: "typing",
      workspace_id: WORKSPACE,
      channel_id: "kitchen",
      user_id: "ben",
      state: "started",
    });
    machine.pass(4_999);
    expect(live.state.typing).not.toEqual({});
    machine.pass(1);
    expect(live.state.typing).toEqual({});
  });
});

describe("signing out", () => {
  it("erases state and storage, and the line stays closed", async () => {
    server.fates.push({ status: 403, code: "forbidden" });
    live.send("kitchen", "one");
    await settled();
    await live.signOut();
    expect(live.state).toMatchObject({ account: null, signedOut: true, outbox: [] });
    expect(await stored()).toEqual([]);
    machine.pass(600_000);
    expect(machine.sockets).toHaveLength(1);
  });
});
