//! What one may no longer see is gone, and stays gone until it is given back.

import { beforeEach, describe, expect, it } from "vitest";

import { canonical, initialState, needs, reduce, type State } from "../src/index.ts";
import { Screen } from "./screen.ts";
import { AT, Town, WORKSPACE } from "./town.ts";

let town: Town;
let ben: Screen;

beforeEach(() => {
  town = new Town("ana", "ben", "cem");
  town.createChannel("ana", "kitchen", "private");
  town.createChannel("ana", "plaza", "public");
  town.enter("kitchen", "ben");
  town.enter("plaza", "ben");
  town.send("kitchen", "ana", "the cake is a secret");
  ben = new Screen(town, "ben");
  ben.connect();
  ben.open("kitchen");
});

const workspace = (screen = ben) => screen.state.workspaces[WORKSPACE];

function fresh(person: string): State {
  const begun = reduce(initialState, { type: "account.loaded", account: town.account(person) });
  return reduce(begun, { type: "snapshot.loaded", snapshot: town.snapshot(person) });
}

describe("access lost", () => {
  it("to a private channel erases it with its messages", () => {
    town.leave("kitchen", "ben");
    ben.hear();
    expect(workspace()?.channels["kitchen"]).toBeUndefined();
    expect(ben.state.timelines["kitchen"]).toBeUndefined();
    expect(JSON.stringify(ben.state)).not.toContain("secret");
  });

  it("to a channel erases all that one kept there, and what others quote of it", () => {
    const root = town.room("kitchen").messages[0];
    if (root === undefined) throw new Error("something was said in the kitchen");
    town.send("kitchen", "ana", "a secret reply", { rootId: root.id });
    town.send("plaza", "ana", "see there", { quoteOf: root.id });
    town.desks.setFollow("ben", root.id, true);
    town.desks.save("ben", root.id, true);
    town.desks.draft("ben", "kitchen", root.id, "a secret draft");
    town.desks.prefer("ben", "kitchen", { starred: true });
    ben.hear();
    ben.openThread(root.id);
    ben.open("plaza");
    ben.fulfil();
    expect(ben.state.messages[root.id]?.body).toBe("the cake is a secret");
    town.leave("kitchen", "ben");
    ben.hear();
    const { reads, follows, saved, drafts, preferences, timelines, messages } = ben.state;
    expect({ follows, saved, drafts, preferences }).toEqual({
      follows: {},
      saved: {},
      drafts: {},
      preferences: {},
    });
    expect([Object.keys(reads), Object.keys(timelines)]).toEqual([["plaza"], ["plaza"]]);
    expect(messages).toEqual({ [root.id]: null });
    expect(JSON.stringify(ben.state)).not.toContain("secret");
  });

  it("to a public channel only ends being in it", () => {
    town.leave("plaza", "ben");
    ben.hear();
    expect(workspace()?.channels["plaza"]).toBeDefined();
    expect(workspace()?.joined["plaza"]).toBeUndefined();
  });

  it("as a guest erases public channels too", () => {
    town.setRole("cem", "guest");
    town.enter("plaza", "cem");
    const cem = new Screen(town, "cem");
    cem.connect();
    expect(workspace(cem)?.channels["plaza"]).toBeDefined();
    town.leave("plaza", "cem");
    cem.hear();
    expect(workspace(cem)?.channels["plaza"]).toBeUndefined();
  });

  it("while away erases the channel at the next subscription", () => {
    town.leave("kitchen", "ben");
    town.send("kitchen", "ana", "he is gone");
    ben.resume();
    expect(workspace()?.channels["kitchen"]).toBeUndefined();
    expect(JSON.stringify(ben.state)).not.toMatch(/secret|gone/);
    expect(canonical(ben.state, WORKSPACE)).toEqual(canonical(fresh("ben"), WORKSPACE));
  });

  it("is not undone by answers from before", () => {
    const page = ben.ask("kitchen");
    const channel = town.room("kitchen").channel;
    const message = town.room("kitchen").messages[0];
    town.leave("kitchen", "ben");
    ben.hear();
    page();
    ben.apply({ type: "channel.answered", channel });
    if (message) ben.apply({ type: "message.answered", message });
    expect(workspace()?.channels["kitchen"]).toBeUndefined();
    expect(ben.state.timelines["kitchen"]).toBeUndefined();
  });

  it("while away is not undone by answers from before either", () => {
    const channel = town.setTopic("kitchen", "cake");
    town.leave("kitchen", "ben");
    ben.resume();
    ben.apply({ type: "channel.answered", channel });
    expect(workspace()?.channels["kitchen"]).toBeUndefined();
  });

  it("leaves what was being sent as failed, so that no text is lost", () => {
    ben.queue("kitchen", "wait for me", "nonce-wait");
    town.leave("kitchen", "ben");
    ben.hear();
    expect(ben.state.outbox).toMatchObject([
      { body: "wait for me", status: "failed", failure: { code: "access_lost" } },
    ]);
  });

  it("to the workspace erases everything of it", () => {
    town.removeMember("ben");
    ben.hear();
    expect(ben.state.workspaces).toEqual({});
    expect(ben.state.timelines).toEqual({});
    expect(JSON.stringify(ben.state)).not.toContain("secret");
  });

  it("to the workspace and given back while away asks for a fresh base", () => {
    town.removeMember("ben");
    town.join("ben", "member");
    ben.resume();
    expect(workspace()?.channels["kitchen"]).toBeUndefined();
    expect(workspace()?.joined).toEqual({});
    expect(canonical(ben.state, WORKSPACE)).toEqual(canonical(fresh("ben"), WORKSPACE));
  });
});

describe("access gained", () => {
  it("by an event brings the channel with it", () => {
    town.createChannel("ana", "cellar", "private");
    town.send("cellar", "ana", "old wine");
    town.enter("cellar", "ben");
    ben.hear();
    expect(workspace()?.channels["cellar"]).toMatchObject({ last_seq: 1 });
    expect(workspace()?.joined["cellar"]).toBe(true);
    ben.open("cellar");
    expect(ben.bodies("cellar")).toEqual(["old wine"]);
  });

  it("while away as a guest no longer is noted as missing until it is fetched", () => {
    town.setRole("cem", "guest");
    const cem = new Screen(town, "cem");
    cem.connect();
    expect(workspace(cem)?.channels).toEqual({});
    town.setRole("cem", "member");
    const [subscribed] = town.subscribe("cem", town.seq - 1);
    if (subscribed) cem.apply({ type: "frame", frame: subscribed, at: 0 });
    expect(needs(cem.state)).toEqual([
      { kind: "channels", workspaceId: WORKSPACE, channelIds: ["plaza"] },
    ]);
    cem.resume();
    expect(needs(cem.state)).toEqual([]);
    expect(canonical(cem.state, WORKSPACE)).toEqual(canonical(fresh("cem"), WORKSPACE));
  });

  it("again shows the whole history, edits of the time without access included", () => {
    town.leave("kitchen", "ben");
    ben.hear();
    town.edit("kitchen", 1, "the cake was a lie");
    town.enter("kitchen", "ben");
    ben.hear();
    ben.open("kitchen");
    expect(ben.bodies("kitchen")).toEqual(["the cake was a lie"]);
  });
});

describe("an event", () => {
  it("about a channel never seen does no harm", () => {
    const before = canonical(ben.state, WORKSPACE);
    town.createChannel("ana", "attic", "private");
    const message = town.send("attic", "ana", "hidden");
    const event = {
      id: "evt_x",
      cursor: town.cursor(),
      workspace_id: WORKSPACE,
      channel_id: "attic",
      created_at: AT,
      type: "message.created" as const,
      payload: { message },
    };
    ben.apply({ type: "frame", frame: { type: "event", event }, at: 0 });
    expect(canonical(ben.state, WORKSPACE)).toEqual(before);
    expect(workspace()?.cursor).toBe(town.cursor());
  });

  it("heard twice changes nothing the second time", () => {
    const after = town.seq;
    town.send("kitchen", "ana", "more");
    ben.hear();
    const before = ben.state;
    for (const frame of town.live("ben", after)) ben.apply({ type: "frame", frame, at: 0 });
    expect(ben.state).toBe(before);
  });

  it("of another epoch asks for a snapshot instead of being skipped", () => {
    const [frame] = town.live("ben", 0).slice(-1);
    if (frame?.type !== "event") throw new Error("the log has an event");
    const event = { ...frame.event, cursor: "k2-1" };
    ben.apply({ type: "frame", frame: { type: "event", event }, at: 0 });
    expect(needs(ben.state)).toEqual([{ kind: "snapshot", workspaceId: WORKSPACE }]);
  });
});

describe("a late directory page", () => {
  it("does not bring a removed member back, and a newer one does", () => {
    const page = { items: [...town.members.values()], as_of: town.cursor() };
    town.removeMember("cem");
    ben.hear();
    ben.apply({ type: "members.loaded", workspaceId: WORKSPACE, page });
    expect(workspace()?.members["cem"]).toBeUndefined();
    town.join("cem", "member");
    const newer = { items: [...town.members.values()], as_of: town.cursor() };
    ben.apply({ type: "members.loaded", workspaceId: WORKSPACE, page: newer });
    ben.hear();
    expect(workspace()?.members["cem"]).toBeDefined();
  });

  it("is not undone by the removal that it has seen the end of", () => {
    const heard = town.seq;
    town.removeMember("cem");
    town.join("cem", "member");
    const page = { items: [...town.members.values()], as_of: town.cursor() };
    ben.apply({ type: "members.loaded", workspaceId: WORKSPACE, page });
    const [removal] = town.live("ben", heard);
    if (removal) ben.apply({ type: "frame", frame: removal, at: 0 });
    expect(workspace()?.cursor).toBe(town.cursor(heard + 1));
    expect(workspace()?.members["cem"]).toBeDefined();
  });

  it("does not bring an old name back", () => {
    const page = ben.ask("kitchen");
    town.rename("ana", "Ana Ruiz");
    ben.hear();
    page();
    expect(workspace()?.users["ana"]?.name).toBe("Ana Ruiz");
  });
});

describe("a late snapshot", () => {
  it("from before what is applied changes nothing", () => {
    const snapshot = town.snapshot("ben");
    town.setTopic("kitchen", "cake");
    ben.hear();
    const before = ben.state;
    ben.apply({ type: "snapshot.loaded", snapshot });
    expect(ben.state).toBe(before);
  });

  it("of another account changes nothing", () => {
    const before = ben.state;
    ben.apply({ type: "snapshot.loaded", snapshot: town.snapshot("ana") });
    expect(ben.state).toBe(before);
  });
});
