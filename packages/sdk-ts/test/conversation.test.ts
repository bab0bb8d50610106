//! Threads, reactions, drafts and the like through the driver, with answers that come late or not at all.

import { beforeEach, describe, expect, it } from "vitest";

import {
  createClient,
  createLive,
  draftOf,
  followOf,
  isSaved,
  pendingIn,
  preferencesOf,
  quotedMessage,
  reactionsOf,
  readSeqOf,
  rootOf,
  typingIn,
  unreadIn,
  workspaceCounts,
  type Live,
  type Message,
  reduce,
  type ServerFrame,
} from "../src/index.ts";
import { Machine, settled } from "./machine.ts";
import { Server } from "./server.ts";
import { Town, WORKSPACE } from "./town.ts";

let town: Town;
let server: Server;
let machine: Machine;
let live: Live;
let told: number;
let root: Message;

beforeEach(async () => {
  town = new Town("ana", "ben");
  town.createChannel("ana", "kitchen", "public");
  town.enter("kitchen", "ben");
  root = town.send("kitchen", "ben", "cake?");
  server = new Server(town, "ana");
  machine = new Machine();
  told = 0;
  live = createLive({
    client: createClient({ baseUrl: "http://tide.test", fetch: server.fetch as typeof fetch }),
    socketUrl: "ws://tide.test/api/realtime/ws",
    platform: machine.platform,
  });
  await live.start();
  machine.socket.greets();
  machine.socket.says(...town.subscribe("ana", after()));
  told = own().length;
  await live.openChannel("kitchen");
});

const after = () => Number(live.state.workspaces[WORKSPACE]?.cursor.split("-")[1]);
const own = () => (town.desks.told.get("ana") ?? []).map(({ frame }) => frame);

/** Everything that the socket has to say. */
function hear(): void {
  machine.socket.says(...town.live("ana", after()), ...own().slice(told));
  told = own().length;
}

const says = (frame: ServerFrame) => machine.socket.says(frame);
const bodies = (id: string) => live.state.timelines[id]?.rows.map(({ body }) => body);
const calls = (part: string) => server.calls.filter(({ path }) => path.includes(part));

describe("a thread", () => {
  it("shows its root at once and its replies when they come", async () => {
    town.send("kitchen", "ben", "with cream", { rootId: root.id });
    hear();
    const opening = live.openThread("kitchen", root.id);
    expect(rootOf(live.state, root.id)?.body).toBe("cake?");
    await opening;
    expect(bodies(root.id)).toEqual(["with cream"]);
    expect(followOf(live.state, root.id)?.following).toBe(false);
    town.send("kitchen", "ben", "or without", { rootId: root.id });
    hear();
    expect(bodies(root.id)).toEqual(["with cream", "or without"]);
    expect(rootOf(live.state, root.id)?.thread).toMatchObject({ reply_count: 2, last_seq: 2 });
    expect(bodies("kitchen")).toEqual(["cake?"]);
  });

  it("pages both ways however long it is", async () => {
    for (let number = 1; number <= 120; number += 1)
      town.send("kitchen", "ben", `${number}`, { rootId: root.id });
    hear();
    await live.openThread("kitchen", root.id);
    expect([bodies(root.id)?.[0], bodies(root.id)?.length]).toEqual(["71", 50]);
    await live.loadOlder(root.id);
    await live.loadOlder(root.id);
    expect([bodies(root.id)?.[0], bodies(root.id)?.length]).toEqual(["1", 120]);
    expect(live.state.timelines[root.id]?.hasOlder).toBe(false);
  });

  it("takes a reply in order, shown in the channel too when that was wanted", async () => {
    await live.openThread("kitchen", root.id);
    server.held = [];
    live.reply("kitchen", root.id, "one");
    live.reply("kitchen", root.id, "two", { alsoInChannel: true });
    expect(pendingIn(live.state, root.id).map(({ body }) => body)).toEqual(["one", "two"]);
    expect(pendingIn(live.state, "kitchen").map(({ body }) => body)).toEqual(["two"]);
    for (let round = 0; round < 2; round += 1) {
      await settled();
      for (const go of server.held.splice(0)) go();
    }
    await settled();
    hear();
    expect(bodies(root.id)).toEqual(["one", "two"]);
    expect(bodies("kitchen")).toEqual(["cake?", "two"]);
    expect(live.state.outbox).toEqual([]);
    expect(followOf(live.state, root.id)).toMatchObject({ following: true, unread: 0 });
  });

  it("sends a reply once although its answer was lost", async () => {
    server.fates.push("lose_answer");
    live.reply("kitchen", root.id, "one", { quoteOf: root.id });
    await settled();
    machine.pass(1_000);
    await settled();
    expect(server.sends()).toHaveLength(2);
    expect(town.threads.get(root.id)?.replies).toHaveLength(1);
    expect(server.sends()[0]).toEqual(server.sends()[1]);
    expect(server.sends()[0]).toMatchObject({ quote_of: root.id });
  });

  it("that one follows counts what others say there, until it is read", async () => {
    town.desks.setFollow("ana", root.id, true);
    hear();
    town.send("kitchen", "ben", "@ana what do you say?", { rootId: root.id });
    town.send("kitchen", "ben", "well?", { rootId: root.id });
    hear();
    expect(unreadIn(live.state, root.id)).toEqual({ unread: 2, mentions: 1 });
    expect(unreadIn(live.state, "kitchen")).toEqual({ unread: 1, mentions: 0 });
    expect(workspaceCounts(live.state, WORKSPACE)).toMatchObject({ threads: 1, mentions: 1 });
    await live.openThread("kitchen", root.id);
    live.markThreadRead(root.id, 1);
    expect(unreadIn(live.state, root.id)).toEqual({ unread: 1, mentions: 0 });
    live.markAllRead(WORKSPACE);
    expect(workspaceCounts(live.state, WORKSPACE)).toMatchObject({ threads: 0, mentions: 0 });
    machine.pass(300);
    await settled();
    expect(town.desks.follow("ana", root.id)).toMatchObject({ read_seq: 2, unread: 0 });
  });

  it("is followed and left at once, and as before when the server will not have it", async () => {
    await live.openThread("kitchen", root.id);
    const following = live.followThread(root.id, true);
    expect(followOf(live.state, root.id)?.following).toBe(true);
    await following;
    expect(live.state.wishes).toEqual([]);
    expect(followOf(live.state, root.id)?.following).toBe(true);
    server.otherFates.push({ status: 404, code: "not_found" });
    const leaving = live.followThread(root.id, false);
    expect(followOf(live.state, root.id)?.following).toBe(false);
    await expect(leaving).rejects.toMatchObject({ code: "not_found" });
    expect(followOf(live.state, root.id)?.following).toBe(true);
  });

  it("counts on from what the server counted before some replies had been heard of", async () => {
    town.desks.setFollow("ana", root.id, true);
    const [frame] = own().slice(told);
    told = own().length;
    town.send("kitchen", "ben", "one", { rootId: root.id });
    hear();
    if (frame) says(frame);
    await settled();
    expect(unreadIn(live.state, root.id).unread).toBe(1);
  });

  it("counts as before while it is being opened", async () => {
    town.desks.setFollow("ana", root.id, true);
    hear();
    live.closeChannel("kitchen");
    for (let number = 2; number <= 60; number += 1) town.send("kitchen", "ana", `${number}`);
    town.send("kitchen", "ben", "one", { rootId: root.id });
    says({ type: "resync_required", workspace_id: WORKSPACE, reason: "too_old" });
    await settled();
    const opening = live.openThread("kitchen", root.id);
    expect(unreadIn(live.state, root.id).unread).toBe(1);
    await opening;
    expect(unreadIn(live.state, root.id).unread).toBe(1);
  });

  it("of an unknown age is asked about once when something happens there", async () => {
    town.desks.followLimit = 0;
    town.desks.setFollow("ana", root.id, true);
    says({ type: "resync_required", workspace_id: WORKSPACE, reason: "too_old" });
    await settled();
    told = own().length;
    expect(followOf(live.state, root.id)).toBeUndefined();
    for (const body of ["one", "two", "three"]) {
      town.send("kitchen", "ben", body, { rootId: root.id });
      hear();
      await settled();
    }
    expect(calls("/thread").map(({ method }) => method)).toEqual(["GET"]);
    expect(followOf(live.state, root.id)).toMatchObject({ following: true, unread: 3 });
  });

  it("shows who types in it, apart from who types in the channel", () => {
    const frame = { workspace_id: WORKSPACE, channel_id: "kitchen", user_id: "ben" } as const;
    says({ type: "typing", ...frame, thread_root_id: root.id, state: "started" });
    expect([typingIn(live.state, root.id), typingIn(live.state, "kitchen")]).toEqual([["ben"], []]);
    live.typing("kitchen", true, root.id);
    expect(machine.socket.said.at(-1)).toMatchObject({ type: "typing", thread_root_id: root.id });
    town.send("kitchen", "ben", "here", { rootId: root.id });
    hear();
    expect(typingIn(live.state, root.id)).toEqual([]);
  });
});

describe("reactions", () => {
  const shown = () => {
    const [message] = live.state.timelines["kitchen"]?.rows ?? [];
    return (
      message &&
      reactionsOf(live.state, message).map(({ emoji, count, mine }) => [emoji, count, mine])
    );
  };

  it("show at once and stay when answer and event come", async () => {
    town.react(root.id, "ben", "🦀", true);
    hear();
    const toggled = live.toggleReaction(root, "🦀");
    expect(shown()).toEqual([["🦀", 2, true]]);
    await toggled;
    hear();
    expect(shown()).toEqual([["🦀", 2, true]]);
    await live.toggleReaction(root, "🦀");
    hear();
    expect(shown()).toEqual([["🦀", 1, false]]);
  });

  it("toggled quickly end as they were left", async () => {
    const toggles = [1, 2, 3].map(() => live.toggleReaction(root, "🦞"));
    expect(shown()).toEqual([["🦞", 1, true]]);
    await Promise.all(toggles);
    hear();
    expect(shown()).toEqual([["🦞", 1, true]]);
    expect(town.message(root.id).reactions?.items).toHaveLength(1);
  });

  it("are taken back when the server will not have them", async () => {
    town.leave("kitchen", "ana");
    const strange = { ...root, id: "msg_nowhere" };
    await expect(live.react(strange, "🦀", true)).rejects.toMatchObject({ code: "not_found" });
    expect(live.state.wishes).toEqual([]);
  });
});

describe("marks and preferences", () => {
  it("show at once and hold", async () => {
    const all = [
      live.saveMessage(root, true),
      live.setChannelPreferences("kitchen", { starred: true }),
      live.pinMessage(root, true),
    ];
    expect(isSaved(live.state, root.id)).toBe(true);
    expect(preferencesOf(live.state, "kitchen")).toEqual({ starred: true, muted: false });
    await Promise.all(all);
    hear();
    expect(isSaved(live.state, root.id)).toBe(true);
    expect(preferencesOf(live.state, "kitchen").starred).toBe(true);
    expect(live.state.timelines["kitchen"]?.rows[0]?.pin).toBeDefined();
  });

  it("of a muted channel show only what calls", () => {
    town.desks.prefer("ana", "kitchen", { muted: true });
    town.send("kitchen", "ben", "noise");
    hear();
    expect(workspaceCounts(live.state, WORKSPACE)).toMatchObject({ unread: false, mentions: 0 });
    town.send("kitchen", "ben", "@ana!");
    hear();
    expect(workspaceCounts(live.state, WORKSPACE)).toMatchObject({ unread: true, mentions: 1 });
  });
});

describe("marking unread", () => {
  it("puts the position back, here and for good", async () => {
    town.send("kitchen", "ben", "two");
    town.send("kitchen", "ben", "three");
    hear();
    live.markRead("kitchen");
    await live.markUnread("kitchen", 2);
    expect(readSeqOf(live.state, "kitchen")).toBe(1);
    machine.pass(10_000);
    await settled();
    hear();
    expect(unreadIn(live.state, "kitchen").unread).toBe(2);
    expect(town.desks.read("ana", "kitchen").read_seq).toBe(1);
  });
});

describe("a quote", () => {
  it("is fetched when its message comes, and shown only to who may see it", async () => {
    town.createChannel("ben", "attic", "private");
    const secret = town.send("attic", "ben", "a secret");
    town.send("kitchen", "ben", "look", { quoteOf: secret.id });
    town.send("kitchen", "ben", "and look", { quoteOf: root.id });
    hear();
    expect(quotedMessage(live.state, secret.id).status).toBe("loading");
    await settled();
    expect(quotedMessage(live.state, secret.id).status).toBe("hidden");
    expect(quotedMessage(live.state, root.id)).toMatchObject({ message: { body: "cake?" } });
    town.editMessage(root.id, "pie?");
    town.enter("attic", "ana");
    hear();
    await settled();
    expect(quotedMessage(live.state, root.id)).toMatchObject({ message: { body: "pie?" } });
    expect(quotedMessage(live.state, secret.id)).toMatchObject({ message: { body: "a secret" } });
    town.leave("attic", "ana");
    hear();
    expect(quotedMessage(live.state, secret.id).status).toBe("hidden");
    expect(JSON.stringify(live.state)).not.toContain("a secret");
  });
});

describe("a pasted link", () => {
  it("leads to what one may see", async () => {
    town.createChannel("ben", "attic", "private");
    const secret = town.send("attic", "ben", "a secret");
    expect(await live.resolveMessage(root.id)).toMatchObject({ channel_id: "kitchen", seq: 1 });
    expect(await live.resolveMessage(secret.id)).toBe(null);
    expect(await live.resolveMessage("msg_nonsense")).toBe(null);
  });
});

describe("a draft", () => {
  const puts = () => calls("/drafts").map(({ body }) => (body as { body: string }).body);

  it("is told a moment after the last key, and once", async () => {
    for (const text of ["c", "ca", "cake"]) {
      live.setDraft("kitchen", null, text);
      machine.pass(300);
    }
    expect(puts()).toEqual([]);
    machine.pass(800);
    await settled();
    expect(puts()).toEqual(["cake"]);
    hear();
    expect(live.state.drafts["kitchen"]).toMatchObject({ body: "cake", dirty: false });
    live.setDraft("kitchen", null, "");
    machine.pass(800);
    await settled();
    expect(puts()).toEqual(["cake", ""]);
  });

  it("is told when the page goes out of sight", async () => {
    live.setDraft("kitchen", root.id, "half a tho");
    machine.hide();
    await settled();
    expect(puts()).toEqual(["half a tho"]);
    expect(town.desks.personal("ana").drafts).toMatchObject([{ thread_root_id: root.id }]);
  });

  it("from elsewhere is shown, but not over what is being typed here", () => {
    town.desks.draft("ana", "kitchen", undefined, "from the phone");
    hear();
    expect(draftOf(live.state, "kitchen")).toBe("from the phone");
    live.setDraft("kitchen", null, "typed here");
    town.desks.draft("ana", "kitchen", undefined, "from the phone again");
    hear();
    expect(draftOf(live.state, "kitchen")).toBe("typed here");
  });

  it("that was sent before the server answered does not come back", () => {
    live.setDraft("kitchen", null, "cake");
    const told = reduce(live.state, { type: "draft.told", conversationId: "kitchen" });
    const cleared = { channelId: "kitchen", rootId: null, body: "", at: machine.now };
    const sent = reduce(told, { type: "draft.typed", ...cleared });
    const draft = town.desks.draft("ana", "kitchen", undefined, "cake");
    const answered = reduce(sent, { type: "draft.answered", draft, body: "cake" });
    expect(draftOf(answered, "kitchen")).toBe("");
    // It is known to be the newer one, and will be told.
    expect(answered.drafts["kitchen"]).toMatchObject({ body: "", dirty: true });
  });

  it("that nobody heard of is not taken back on the server", async () => {
    live.setDraft("kitchen", null, "a");
    live.setDraft("kitchen", null, "");
    machine.pass(10_000);
    await settled();
    expect(puts()).toEqual([]);
    expect(live.state.drafts).toEqual({});
  });
});
