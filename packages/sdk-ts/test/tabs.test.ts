//! Several tabs of one account: what is typed in any of them goes out once, in order, whichever tab lives.

import { beforeEach, describe, expect, it } from "vitest";

import {
  createClient,
  createLive,
  draftOf,
  memoryDatabases,
  pendingIn,
  type Databases,
  type Live,
} from "../src/index.ts";
import { Machine, settled } from "./machine.ts";
import { Server } from "./server.ts";
import { Town, WORKSPACE } from "./town.ts";

let town: Town;
let server: Server;
let databases: Databases;

/** A page with its own socket; clock and database are those of the browser. */
class Tab {
  readonly machine = new Machine();
  readonly live: Live;

  constructor(name: string) {
    const { platform } = this.machine;
    this.live = createLive({
      client: createClient({ baseUrl: "http://tide.test", fetch: server.fetch as typeof fetch }),
      socketUrl: "ws://tide.test/api/realtime/ws",
      databases,
      platform: { ...platform, randomUUID: () => `${name}-${platform.randomUUID()}` },
    });
  }

  static async open(name: string): Promise<Tab> {
    const tab = new Tab(name);
    await tab.live.start({ accountId: "ana" });
    await quiet();
    tab.machine.socket.greets();
    tab.hear(town.subscribe("ana", tab.after()));
    await tab.live.openChannel("kitchen");
    await quiet();
    return tab;
  }

  after(): number {
    return Number(this.live.state.workspaces[WORKSPACE]?.cursor.split("-")[1]);
  }

  hear(frames = town.live("ana", this.after())): void {
    this.machine.socket.says(...frames);
  }

  bodies(): string[] {
    return this.live.state.timelines["kitchen"]?.rows.map(({ body }) => body) ?? [];
  }

  pending(): string[] {
    return pendingIn(this.live.state, "kitchen").map(({ body }) => body);
  }
}

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await settled();
}

const inTown = () => town.room("kitchen").messages.map(({ body }) => body);

beforeEach(() => {
  town = new Town("ana", "ben");
  town.createChannel("ana", "kitchen", "public");
  town.send("kitchen", "ben", "hello");
  server = new Server(town, "ana");
  databases = memoryDatabases();
});

describe("a message typed in one of two tabs", () => {
  it("goes out once, by the tab that leads, and ends as one row in both", async () => {
    const [first, second] = [await Tab.open("first"), await Tab.open("second")];
    second.live.send("kitchen", "from the second");
    expect(second.pending()).toEqual(["from the second"]);
    await quiet();
    expect(server.sends()).toHaveLength(1);
    for (const tab of [first, second]) {
      tab.hear();
      expect([tab.bodies(), tab.pending()]).toEqual([["hello", "from the second"], []]);
    }
    expect(await (await databases.open("ana")).sends()).toEqual([]);
  });

  it("waits in both while nobody answers, and goes in the order of typing", async () => {
    server.fates.push("unreachable");
    const [first, second] = [await Tab.open("first"), await Tab.open("second")];
    second.live.send("kitchen", "one");
    await quiet();
    first.live.send("kitchen", "two");
    await quiet();
    second.live.send("kitchen", "three");
    await quiet();
    for (const tab of [first, second]) expect(tab.pending()).toEqual(["one", "two", "three"]);
    first.machine.pass(1_000);
    await quiet();
    expect(inTown()).toEqual(["hello", "one", "two", "three"]);
    expect(server.sends()).toHaveLength(4);
  });

  it("is sent by the other when the tab that led is closed", async () => {
    server.fates.push("lose_answer");
    const [first, second] = [await Tab.open("first"), await Tab.open("second")];
    first.live.send("kitchen", "one");
    second.live.send("kitchen", "two");
    await quiet();
    first.live.stop();
    await quiet();
    expect(inTown()).toEqual(["hello", "one", "two"]);
    second.hear();
    expect([second.bodies(), second.pending()]).toEqual([["hello", "one", "two"], []]);
  });

  it("is not lost when its own tab is closed before anybody could send it", async () => {
    server.fates.push("unreachable");
    const [first, second] = [await Tab.open("first"), await Tab.open("second")];
    second.live.send("kitchen", "one");
    second.live.send("kitchen", "two");
    await quiet();
    second.live.stop();
    first.machine.pass(1_000);
    await quiet();
    expect(inTown()).toEqual(["hello", "one", "two"]);
  });

  it("that was refused can be sent again, or forgotten, from the other", async () => {
    server.fates.push({ status: 403, code: "forbidden" }, { status: 403, code: "forbidden" });
    const [first, second] = [await Tab.open("first"), await Tab.open("second")];
    const one = first.live.send("kitchen", "one");
    const two = second.live.send("kitchen", "two");
    await quiet();
    const states = (tab: Tab) => tab.live.state.outbox.map(({ status }) => status);
    expect([states(first), states(second)]).toEqual([
      ["failed", "failed"],
      ["failed", "failed"],
    ]);
    second.live.retry(one);
    first.live.discard(two);
    await quiet();
    expect(inTown()).toEqual(["hello", "one"]);
    second.hear();
    expect(second.live.state.outbox).toEqual([]);
  });
});

describe("a cache", () => {
  it("is written by one tab only, and by the other when that is closed", async () => {
    const writes: string[] = [];
    const { open } = databases;
    const named = (name: string): Databases => ({
      ...databases,
      open: async (userId) => {
        const database = await open(userId);
        return {
          ...database,
          write: (changes) => {
            writes.push(name);
            return database.write(changes);
          },
        };
      },
    });
    const shared = databases;
    databases = named("first");
    const first = await Tab.open("first");
    databases = { ...named("second"), lead: shared.lead, join: shared.join };
    const second = await Tab.open("second");
    const pass = async () => {
      for (const { machine } of [first, second]) machine.pass(1_000);
      await quiet();
    };
    await pass();
    town.send("kitchen", "ben", "more");
    for (const tab of [first, second]) tab.hear();
    await pass();
    expect(new Set(writes)).toEqual(new Set(["first"]));
    first.live.stop();
    await quiet();
    writes.length = 0;
    town.send("kitchen", "ben", "and more");
    second.hear();
    second.machine.pass(1_000);
    await quiet();
    expect(writes).toEqual(["second"]);
  });
});

describe("a draft", () => {
  it("is the same in both", async () => {
    const [first, second] = [await Tab.open("first"), await Tab.open("second")];
    second.live.setDraft("kitchen", null, "half a tho");
    await quiet();
    expect(draftOf(first.live.state, "kitchen")).toBe("half a tho");
  });
});

describe("signing out in one tab", () => {
  it("leaves nothing that another could write again", async () => {
    const [first, second] = [await Tab.open("first"), await Tab.open("second")];
    second.live.send("kitchen", "one");
    await quiet();
    await second.live.signOut();
    await quiet();
    first.machine.pass(10_000);
    await quiet();
    expect(first.live.state).toMatchObject({ account: null, signedOut: true });
    const parts = await (await databases.open("ana")).read(() => true);
    expect([...parts.keys()]).toEqual([]);
  });
});
