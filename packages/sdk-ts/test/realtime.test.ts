//! The line to the server: never a gap, never a cursor ahead of what was applied.

import { beforeEach, describe, expect, it, vi, type Mock } from "vitest";

import {
  createRealtime,
  createTyping,
  initialState,
  NetworkError,
  ProblemError,
  reduce,
  type Account,
  type Client,
  type Input,
  type Realtime,
  type Snapshot,
  type State,
} from "../src/index.ts";
import { Machine, settled } from "./machine.ts";
import { Town, WORKSPACE } from "./town.ts";

let town: Town;
let machine: Machine;
let state: State;
let inputs: Input[];
let getSnapshot: Mock<() => Promise<Snapshot>>;
let getMe: Mock<() => Promise<Account>>;
let line: Realtime;
let poison: number | null;

const problem = (code: "unauthenticated" | "not_found") =>
  new ProblemError({ type: "x", title: code, status: 401, code, request_id: "r" });

function open(auth: "cookie" | "ticket" = "cookie"): void {
  const client = {
    workspaces: { getSnapshot },
    me: { get: getMe },
    realtime: { createTicket: async () => ({ ticket: "t-1", expires_at: "" }) },
  } as unknown as Client;
  line = createRealtime({
    url: "ws://tide.test/api/realtime/ws",
    client,
    auth,
    platform: machine.platform,
    onInput(input) {
      inputs.push(input);
      if (
        input.type === "frame" &&
        input.frame.type === "event" &&
        input.frame.event.cursor === town.cursor(poison ?? -1)
      ) {
        throw new Error("this event cannot be applied");
      }
      state = reduce(state, input);
    },
    getCursor: (id) => state.workspaces[id]?.cursor ?? null,
  });
}

beforeEach(() => {
  town = new Town("ana", "ben");
  town.createChannel("ana", "kitchen", "public");
  machine = new Machine();
  inputs = [];
  poison = null;
  getSnapshot = vi.fn<() => Promise<Snapshot>>(async () => town.snapshot("ana"));
  getMe = vi.fn<() => Promise<Account>>(async () => town.account("ana"));
  state = reduce(initialState, { type: "account.loaded", account: town.account("ana") });
  state = reduce(state, { type: "snapshot.loaded", snapshot: town.snapshot("ana") });
  open();
  line.add(WORKSPACE);
  line.start();
});

const subscriptions = () => machine.socket.said.filter(({ type }) => type === "subscribe");
const cursor = () => state.workspaces[WORKSPACE]?.cursor;
const lastSeq = () => state.workspaces[WORKSPACE]?.channels["kitchen"]?.last_seq;
const after = () => Number(cursor()?.split("-")[1]);

function catchUp(): void {
  machine.socket.greets();
  machine.socket.says(...town.subscribe("ana", after()));
}

describe("subscribing", () => {
  it("asks for what comes after the applied cursor, once greeted", () => {
    expect(machine.socket).toMatchObject({ protocols: ["clickclack.v1"] });
    expect(machine.socket.said).toEqual([]);
    machine.socket.greets();
    expect(machine.socket.said).toEqual([
      { type: "subscribe", workspace_id: WORKSPACE, after_cursor: town.cursor() },
    ]);
    expect(state.connection.status).toBe("live");
  });

  it("does not save the cursor of `subscribed`, only that of applied events", () => {
    const before = cursor();
    town.send("kitchen", "ben", "one");
    machine.socket.greets();
    const [subscribed, event] = town.subscribe("ana", after());
    if (subscribed?.type === "subscribed")
      machine.socket.says({ ...subscribed, cursor: town.cursor() });
    expect(cursor()).toBe(before);
    if (event) machine.socket.says(event);
    expect(cursor()).toBe(town.cursor());
  });

  it("goes on without a gap after a lost connection", () => {
    catchUp();
    town.send("kitchen", "ben", "heard");
    machine.socket.says(...town.live("ana", after()));
    machine.socket.ends(1006);
    town.send("kitchen", "ben", "missed");
    machine.pass(250);
    expect(machine.sockets).toHaveLength(2);
    machine.socket.greets();
    expect(subscriptions()).toEqual([
      { type: "subscribe", workspace_id: WORKSPACE, after_cursor: cursor() },
    ]);
    machine.socket.says(...town.subscribe("ana", after()));
    expect(lastSeq()).toBe(2);
    expect(cursor()).toBe(town.cursor());
  });

  it("takes a snapshot first when there is no cursor", async () => {
    state = reduce(state, { type: "workspace.lost", workspaceId: WORKSPACE });
    machine.socket.greets();
    expect(subscriptions()).toEqual([]);
    await settled();
    expect(subscriptions()).toEqual([
      { type: "subscribe", workspace_id: WORKSPACE, after_cursor: town.cursor() },
    ]);
  });

  it("opens with a ticket where there is no cookie", async () => {
    line.stop();
    open("ticket");
    line.start();
    await settled();
    expect(machine.socket.url).toBe("ws://tide.test/api/realtime/ws?ticket=t-1");
  });
});

describe("a refused subscription", () => {
  const refuse = (code: "unavailable" | "not_found" | "invalid_request", ref: string) =>
    machine.socket.says({ type: "error", code, detail: "no", ref });

  it("is tried again after a moment", () => {
    machine.socket.greets();
    refuse("unavailable", WORKSPACE);
    machine.pass(3_999);
    expect(subscriptions()).toHaveLength(1);
    machine.pass(1);
    expect(subscriptions()).toHaveLength(2);
  });

  it("for its cursor begins with a snapshot", async () => {
    machine.socket.greets();
    refuse("invalid_request", WORKSPACE);
    machine.pass(4_000);
    await settled();
    expect(getSnapshot).toHaveBeenCalledTimes(1);
    expect(subscriptions()).toHaveLength(2);
  });

  it("ends the workspace when it is not ours, and only then", () => {
    machine.socket.greets();
    refuse("not_found", "chn_elsewhere");
    expect(state.workspaces[WORKSPACE]).toBeDefined();
    refuse("not_found", WORKSPACE);
    expect(state.workspaces).toEqual({});
    machine.pass(10_000);
    expect(subscriptions()).toHaveLength(1);
  });

  it("is forgotten with its socket", () => {
    machine.socket.greets();
    refuse("unavailable", WORKSPACE);
    machine.socket.ends(1006);
    machine.pass(250);
    machine.socket.greets();
    machine.pass(4_000);
    expect(subscriptions()).toHaveLength(1);
  });
});

describe("an event that cannot be applied", () => {
  it("is not counted as applied, and comes again", () => {
    catchUp();
    const before = cursor();
    town.send("kitchen", "ben", "one");
    poison = town.seq;
    machine.socket.says(...town.live("ana", after()));
    expect(cursor()).toBe(before);
    expect(machine.socket.closed).toBe(true);
    poison = null;
    machine.pass(250);
    catchUp();
    expect(lastSeq()).toBe(1);
  });

  it("lets nothing behind it through on the same socket", () => {
    catchUp();
    const before = cursor();
    town.send("kitchen", "ben", "one");
    poison = town.seq;
    town.send("kitchen", "ben", "two");
    machine.socket.says(...town.live("ana", after()));
    expect(cursor()).toBe(before);
  });

  it("is left out by a snapshot when it fails again", async () => {
    catchUp();
    town.send("kitchen", "ben", "one");
    poison = town.seq;
    machine.socket.says(...town.live("ana", after()));
    machine.pass(250);
    catchUp();
    machine.pass(500);
    machine.socket.greets();
    await settled();
    expect(subscriptions()).toEqual([
      { type: "subscribe", workspace_id: WORKSPACE, after_cursor: town.cursor() },
    ]);
    expect(lastSeq()).toBe(1);
  });
});

describe("resync_required", () => {
  const resync = () =>
    machine.socket.says({ type: "resync_required", workspace_id: WORKSPACE, reason: "too_old" });

  it("brings a fresh snapshot and goes on from there", async () => {
    machine.socket.greets();
    for (let count = 0; count < 3; count += 1) town.send("kitchen", "ben", "while away");
    resync();
    resync();
    await settled();
    expect(getSnapshot).toHaveBeenCalledTimes(1);
    expect(lastSeq()).toBe(3);
    expect(subscriptions().at(-1)).toMatchObject({ after_cursor: town.cursor() });
  });

  it("ends the workspace when it is no longer ours", async () => {
    getSnapshot.mockRejectedValue(problem("not_found"));
    machine.socket.greets();
    resync();
    await settled();
    expect(state.workspaces).toEqual({});
  });

  it("tries again later when the snapshot does not come", async () => {
    getSnapshot.mockRejectedValueOnce(new NetworkError("offline"));
    machine.socket.greets();
    resync();
    await settled();
    expect(state.connection.status).toBe("waiting");
    machine.pass(250);
    machine.socket.greets();
    await settled();
    expect(getSnapshot).toHaveBeenCalledTimes(2);
    expect(subscriptions()).toHaveLength(1);
  });
});

describe("closing", () => {
  it("4001 takes snapshots before it subscribes again", async () => {
    catchUp();
    machine.socket.ends(4001);
    machine.pass(250);
    machine.socket.greets();
    expect(subscriptions()).toEqual([]);
    await settled();
    expect(getSnapshot).toHaveBeenCalledTimes(1);
    expect(subscriptions()).toHaveLength(1);
  });

  it("4003 signs out and never tries again", () => {
    catchUp();
    machine.socket.ends(4003);
    machine.pass(600_000);
    expect(state).toMatchObject({ signedOut: true, workspaces: {} });
    expect(machine.sockets).toHaveLength(1);
  });

  it("before a hello asks whether the credential still holds", async () => {
    getMe.mockRejectedValue(problem("unauthenticated"));
    machine.socket.ends(1006);
    await settled();
    machine.pass(600_000);
    expect(state.signedOut).toBe(true);
    expect(machine.sockets).toHaveLength(1);
  });

  it("1012 waits a moment, spread by chance", () => {
    catchUp();
    machine.chance = 0.5;
    machine.socket.ends(1012);
    machine.pass(999);
    expect(machine.sockets).toHaveLength(1);
    machine.pass(1);
    expect(machine.sockets).toHaveLength(2);
  });

  it("4008 resumes from the cursor", () => {
    catchUp();
    machine.socket.ends(4008);
    machine.pass(250);
    machine.socket.greets();
    expect(subscriptions()).toEqual([
      { type: "subscribe", workspace_id: WORKSPACE, after_cursor: cursor() },
    ]);
    expect(getSnapshot).not.toHaveBeenCalled();
  });
});

describe("trying again", () => {
  const delays = (count: number) =>
    Array.from({ length: count }, () => {
      machine.socket.ends(1006);
      const { retryAt } = state.connection;
      const delay = (retryAt ?? NaN) - machine.now;
      machine.pass(delay);
      return delay;
    });

  it("waits twice as long each time, thirty seconds at most", () => {
    expect(delays(9)).toEqual([250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  });

  it("takes any part of the wait, by chance", () => {
    machine.chance = 0.25;
    expect(delays(3)).toEqual([63, 125, 250]);
  });

  it("begins anew after a stable connection, not after a short one", () => {
    delays(4);
    machine.socket.greets();
    machine.pass(9_999);
    expect(delays(1)).toEqual([4000]);
    machine.socket.greets();
    machine.pass(10_000);
    expect(delays(1)).toEqual([250]);
  });

  it("does not wait when nudged", () => {
    delays(6);
    machine.socket.ends(1006);
    const { length } = machine.sockets;
    line.nudge();
    expect(machine.sockets).toHaveLength(length + 1);
    machine.socket.greets();
    machine.pass(30_000);
    expect(machine.sockets).toHaveLength(length + 1);
  });
});

describe("a silent socket", () => {
  it("is given up after 2.2 heartbeats, and any frame keeps it", () => {
    machine.socket.greets();
    machine.pass(54_000);
    machine.socket.says({ type: "heartbeat", cursors: [] });
    machine.pass(54_999);
    expect(machine.sockets[0]?.closed).toBe(false);
    machine.pass(1);
    expect(machine.sockets[0]?.closed).toBe(true);
    expect(state.connection.status).toBe("waiting");
  });

  it("is found out within five seconds of a nudge", () => {
    machine.socket.greets();
    line.nudge();
    expect(machine.socket.said.at(-1)).toEqual({ type: "ping", t: machine.now });
    machine.pass(5_000);
    expect(machine.sockets[0]?.closed).toBe(true);
  });

  it("that answers a nudge stays", () => {
    machine.socket.greets();
    line.nudge();
    machine.socket.says({ type: "pong", t: machine.now });
    machine.pass(5_000);
    expect(machine.sockets[0]?.closed).toBe(false);
  });

  it("that never greets is given up", () => {
    machine.pass(10_000);
    expect(machine.sockets[0]?.closed).toBe(true);
  });
});

describe("a closing socket", () => {
  it("is told nothing more", () => {
    machine.socket.greets();
    const said = machine.socket.said.length;
    machine.socket.closing = true;
    line.typing("kitchen", "started");
    expect(machine.socket.said).toHaveLength(said);
  });
});

describe("stopping", () => {
  it("leaves no timer and hears nothing more", () => {
    catchUp();
    const { socket } = machine;
    line.stop();
    expect(machine.waiting).toBe(0);
    const { length } = inputs;
    socket.says({ type: "heartbeat", cursors: [] });
    socket.ends(1006);
    expect(inputs).toHaveLength(length);
  });
});

describe("saying", () => {
  it("repeats typing every three seconds at most, and its end once", () => {
    const said: string[] = [];
    const typing = createTyping(machine.platform.clock, (_, what) => said.push(what));
    typing.set("kitchen", false);
    typing.set("kitchen", true);
    machine.pass(2_999);
    typing.set("kitchen", true);
    expect(said).toEqual(["started"]);
    machine.pass(1);
    typing.set("kitchen", true);
    typing.set("kitchen", false);
    typing.set("kitchen", false);
    expect(said).toEqual(["started", "started", "stopped"]);
  });

  it("says again on a new socket that one is idle", () => {
    machine.socket.greets();
    line.presence("idle");
    machine.socket.ends(1006);
    machine.pass(250);
    machine.socket.greets();
    expect(machine.socket.said[0]).toEqual({ type: "presence", state: "idle" });
  });
});
