//! What this browser keeps: shown before the network answers, brought up to date by events, erased with access.

import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import {
  canonical,
  createClient,
  createLive,
  draftOf,
  indexedDatabases,
  memoryDatabases,
  unreadIn,
  type Databases,
  type Live,
} from "../src/index.ts";
import { stateFrom } from "../src/state/cache.ts";
import { Machine, settled } from "./machine.ts";
import { Server } from "./server.ts";
import { Town, WORKSPACE } from "./town.ts";

/** IndexedDB as in a browser of which each test gets a new one; the only tab has the lock. */
function browser(): Databases {
  const databases = indexedDatabases();
  if (databases === null) throw new Error("fake-indexeddb is there");
  return { ...databases, lead: memoryDatabases().lead };
}

const kinds = [
  ["memory", memoryDatabases],
  ["IndexedDB", browser],
] as const;

describe.each(kinds)("a cache in %s", (_, make) => {
  let town: Town;
  let server: Server;
  let machine: Machine;
  let databases: Databases;
  let live: Live;
  let errors: unknown[];

  beforeEach(async () => {
    town = new Town("ana", "ben");
    town.createChannel("ana", "kitchen", "public");
    town.createChannel("ana", "attic", "private");
    town.enter("kitchen", "ben");
    town.send("kitchen", "ben", "hello");
    town.send("attic", "ana", "a secret");
    server = new Server(town, "ana");
    databases = make();
    await databases.erase("ana");
    await visit();
  });

  afterEach(async () => {
    live.stop();
    await quiet();
  });

  function open(): Live {
    machine = new Machine();
    errors = [];
    return createLive({
      client: createClient({ baseUrl: "http://tide.test", fetch: server.fetch as typeof fetch }),
      socketUrl: "ws://tide.test/api/realtime/ws",
      databases,
      platform: machine.platform,
      onError: (error) => errors.push(error),
    });
  }

  const after = () => Number(live.state.workspaces[WORKSPACE]?.cursor.split("-")[1]);
  const bodies = (id: string) => live.state.timelines[id]?.rows.map(({ body }) => body);

  function connect(): void {
    machine.socket.greets();
    machine.socket.says(...town.subscribe("ana", after()));
  }

  /** Waits until all that is being written or read has been. */
  const quiet = async () => {
    for (let turn = 0; turn < 20; turn += 1) await settled();
  };

  async function visit(): Promise<void> {
    live = open();
    await live.start();
    await quiet();
    connect();
    await live.openChannel("kitchen");
    await live.openChannel("attic");
    machine.pass(1_000);
    await quiet();
  }

  /** The page is closed and opened again; the server does not answer before it is told to. */
  async function reload(show: string[] = ["kitchen"]): Promise<void> {
    machine.pass(1_000);
    live.stop();
    await quiet();
    server.silent = true;
    live = open();
    await live.start({ accountId: "ana", show });
    server.silent = false;
  }

  it("is shown before the network answers", async () => {
    await reload();
    expect(live.state.account?.id).toBe("ana");
    expect(bodies("kitchen")).toEqual(["hello"]);
    expect(unreadIn(live.state, "kitchen").unread).toBe(1);
    await quiet();
    expect(bodies("attic")).toEqual(["a secret"]);
    expect(errors).toEqual([]);
  });

  it("is brought up to date by events since its cursor", async () => {
    const before = after();
    town.edit("kitchen", 1, "hello again");
    town.react("msg_kitchen_1", "ben", "🦀", true);
    town.send("kitchen", "ben", "more");
    town.send("attic", "ana", "from the phone");
    await reload();
    await quiet();
    machine.socket.greets();
    expect(machine.socket.said).toContainEqual({
      type: "subscribe",
      workspace_id: WORKSPACE,
      after_cursor: town.cursor(before),
    });
    machine.socket.says(...town.subscribe("ana", before));
    expect(bodies("kitchen")).toEqual(["hello again", "more"]);
    expect(bodies("attic")).toEqual(["a secret", "from the phone"]);
    const kept = live.state.timelines["kitchen"]?.rows[0];
    expect(kept?.reactions?.items).toEqual([{ emoji: "🦀", user_ids: ["ben"] }]);
    expect(unreadIn(live.state, "kitchen").unread).toBe(2);
    expect(canonical(live.state, WORKSPACE)?.reads).toEqual({
      kitchen: { readSeq: 0, unread: 2, mentions: 0 },
      attic: { readSeq: 2, unread: 0, mentions: 0 },
    });
  });

  it("erases channels that are gone, here and where it is kept", async () => {
    town.leave("attic", "ana");
    await reload();
    await quiet();
    connect();
    await quiet();
    expect(JSON.stringify(live.state)).not.toContain("a secret");
    // At once, not with the next writing.
    expect(await keptText()).not.toContain("a secret");
    await reload([]);
    await quiet();
    expect(live.state.workspaces[WORKSPACE]?.channels["kitchen"]).toBeDefined();
    expect(JSON.stringify(live.state)).not.toContain("a secret");
    expect(await keptText()).not.toContain("a secret");
  });

  const keptText = async () => {
    const database = await databases.open("ana");
    const parts = await database.read(() => true);
    database.close();
    return JSON.stringify([...parts]);
  };

  it("is replaced when the log cannot be continued", async () => {
    await reload();
    await quiet();
    town.epoch = "k2";
    town.edit("kitchen", 1, "restored");
    machine.socket.greets();
    machine.socket.says({
      type: "resync_required",
      workspace_id: WORKSPACE,
      reason: "other_epoch",
    });
    await quiet();
    await live.openChannel("kitchen");
    expect(bodies("kitchen")).toEqual(["restored"]);
    await reload();
    expect(bodies("kitchen")).toEqual(["restored"]);
    expect(live.state.workspaces[WORKSPACE]?.cursor).toBe(town.cursor());
  });

  it("forgets a move back that nobody answered", async () => {
    town.desks.mark("ana", "kitchen", 1);
    machine.socket.says(...(town.desks.told.get("ana") ?? []).map(({ frame }) => frame));
    server.silent = true;
    void live.markUnread("kitchen", 1);
    expect(unreadIn(live.state, "kitchen").unread).toBe(1);
    await reload();
    expect(unreadIn(live.state, "kitchen").unread).toBe(0);
  });

  it("forgets what somebody else had written there before", async () => {
    live.stop();
    await quiet();
    const database = await databases.open("ana");
    await database.write({ put: new Map([["junk", "an old secret"]]), remove: [], replace: false });
    database.close();
    await visit();
    town.send("kitchen", "ben", "more");
    machine.socket.says(...town.live("ana", after()));
    machine.pass(1_000);
    await quiet();
    expect(await keptText()).not.toContain("an old secret");
  });

  it("keeps texts that were never told", async () => {
    server.silent = true;
    live.setDraft("kitchen", null, "half a tho");
    await reload();
    expect(draftOf(live.state, "kitchen")).toBe("half a tho");
    await quiet();
    connect();
    await quiet();
    expect(town.desks.personal("ana").drafts).toMatchObject([{ body: "half a tho" }]);
  });

  it("sends what was typed while nobody answered, in order and once", async () => {
    server.fates.push("lose_answer", "unreachable", "unreachable");
    live.send("kitchen", "one");
    live.send("kitchen", "two");
    await quiet();
    await reload();
    await quiet();
    connect();
    await quiet();
    machine.pass(1_000);
    await quiet();
    machine.socket.says(...town.live("ana", after()));
    expect(bodies("kitchen")).toEqual(["hello", "one", "two"]);
    expect(live.state.outbox).toEqual([]);
  });

  it("never has a cursor that is newer than its rows", async () => {
    const database = await databases.open("ana");
    for (let number = 1; number <= 5; number += 1) {
      town.send("kitchen", "ben", `${number}`);
      machine.socket.says(...town.live("ana", after()));
      machine.pass(number % 2 === 0 ? 1_000 : 400);
      await quiet();
      const kept = stateFrom(await database.read(() => true));
      const cursor = Number(kept?.workspaces?.[WORKSPACE]?.cursor.split("-")[1]);
      const rows = kept?.timelines?.["kitchen"]?.rows ?? [];
      const there = town.log.filter(
        ({ seq, live: event }) => event.type === "message.created" && seq <= cursor,
      );
      expect(rows).toHaveLength(there.length - 1);
    }
    database.close();
  });

  it("goes with the sign-out", async () => {
    await live.signOut();
    await quiet();
    expect(live.state).toMatchObject({ account: null, signedOut: true, timelines: {} });
    expect(await keptText()).toBe("[]");
  });

  it("of somebody else is neither shown nor kept", async () => {
    live.stop();
    await quiet();
    server = new Server(town, "ben");
    live = open();
    await live.start({ accountId: "ana" });
    await quiet();
    expect(live.state).toMatchObject({ account: null, signedOut: true, timelines: {} });
    expect(await keptText()).toBe("[]");
  });

  it("that cannot be read is done without", async () => {
    live.stop();
    await quiet();
    databases = { ...databases, open: () => Promise.reject(new Error("blocked")) };
    live = open();
    await live.start({ accountId: "ana" });
    await quiet();
    connect();
    await live.openChannel("kitchen");
    live.send("kitchen", "all the same");
    await quiet();
    machine.socket.says(...town.live("ana", after()));
    expect(bodies("kitchen")).toEqual(["hello", "all the same"]);
    expect(errors).toEqual([new Error("blocked")]);
  });

  it("that another version wrote is done without", async () => {
    live.stop();
    await quiet();
    const database = await databases.open("ana");
    await database.write({ put: new Map([["schema", 0]]), remove: [], replace: false });
    database.close();
    live = open();
    await live.start({ accountId: "ana" });
    expect(live.state.workspaces[WORKSPACE]).toBeDefined();
    expect(server.calls.filter(({ path }) => path.endsWith("/snapshot"))).toHaveLength(2);
  });

  it("keeps no more than the newest rows of the channels opened last", async () => {
    for (let number = 1; number <= 60; number += 1) {
      const id = `room${number}`;
      town.createChannel("ana", id, "public");
      town.send(id, "ana", "first");
    }
    for (let number = 1; number <= 150; number += 1) town.send("kitchen", "ben", `${number}`);
    machine.socket.says(...town.live("ana", after()));
    live.closeChannel("kitchen");
    live.closeChannel("attic");
    for (let number = 1; number <= 48; number += 1) {
      await live.openChannel(`room${number}`);
      live.closeChannel(`room${number}`);
    }
    await live.openChannel("kitchen");
    await live.openChannel("room49");
    machine.pass(1_000);
    await quiet();
    const database = await databases.open("ana");
    const kept = stateFrom(await database.read(() => true));
    database.close();
    expect(Object.keys(kept?.timelines ?? {})).toHaveLength(50);
    expect(kept?.timelines?.["attic"]).toBeUndefined();
    expect(kept?.timelines?.["kitchen"]?.rows).toHaveLength(100);
    expect(live.state.timelines["attic"]).toBeUndefined();
  });
});

describe("a database that another tab will not let go", () => {
  it("is not waited for", async () => {
    const databases = browser();
    await databases.erase("ana");
    const held = indexedDB.open("clickclack-ana", 1);
    await new Promise((resolve) => held.addEventListener("success", resolve));
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const newer = indexedDB.open("clickclack-ana", 9);
    const opening = databases.open("ana").catch((error: unknown) => error);
    await settled();
    vi.advanceTimersByTime(1_000);
    expect(await opening).toBeInstanceOf(Error);
    vi.useRealTimers();
    held.result.close();
    await new Promise((resolve) => newer.addEventListener("success", resolve));
    newer.result.close();
    await new Promise((resolve) => {
      indexedDB.deleteDatabase("clickclack-ana").addEventListener("success", resolve);
    });
  });
});
