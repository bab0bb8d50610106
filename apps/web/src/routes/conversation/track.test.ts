//! Messages and waiting sends side by side: one row each, at its place, under one key from the key press on.
import {
  type Channel,
  initialState,
  type Message,
  type Pending,
  type State,
  type Timeline,
} from "@clickclack/sdk";
import { describe, expect, it } from "vitest";
import { placeIn, trackOf } from "./track.ts";

const me = { id: "usr_me", name: "Ana Ruiz", kind: "human", deactivated: false } as const;
const ben = { id: "usr_ben", name: "Ben", kind: "human", deactivated: false } as const;
const at = "2026-11-20T09:46:00.000Z";
const general = { channel: "chn_1" };

function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `msg_${seq}`,
    workspace_id: "wsp_1",
    channel_id: "chn_1",
    seq,
    author: me,
    body: "hello",
    nonce: `nonce-${seq}`,
    revision: 1,
    created_at: at,
    version: seq,
    ...more,
  };
}
function pending(nonce: string, more: Partial<Pending> = {}): Pending {
  return {
    nonce,
    workspaceId: "wsp_1",
    channelId: "chn_1",
    body: "hello",
    queuedAt: Date.parse(at),
    order: 1,
    status: "sending",
    ...more,
  };
}
function state(rows: Message[], more: Partial<State> = {}, id = "chn_1"): State {
  const channel: Channel = {
    id: "chn_1",
    workspace_id: "wsp_1",
    kind: "public",
    name: "general",
    topic: "",
    created_by: me.id,
    created_at: at,
    last_seq: rows.length,
    version: 1,
  };
  const member = { workspace_id: "wsp_1", user: me, role: "member", joined_at: at, version: 1 };
  return {
    ...initialState,
    account: { ...me, is_administrator: false, may_create_workspaces: true, created_at: at },
    workspaces: {
      wsp_1: {
        workspace: { id: "wsp_1", name: "Tidepool", created_at: at, version: 1 },
        me: member,
        members: { [me.id]: member },
        users: { [me.id]: me, [ben.id]: ben },
        channels: { chn_1: channel },
        joined: { chn_1: true },
        cursor: "a-1",
      } as unknown as State["workspaces"][string],
    },
    timelines: { [id]: { rows, loaded: true, failed: null } as unknown as Timeline },
    ...more,
  };
}
const keys = (of: State, newest = 1): (string | undefined)[] => {
  const track = trackOf(of, general, newest, undefined);
  return Array.from({ length: track.size }, (_, index) => track.rowAt(track.from + index)?.key);
};

describe("waiting sends", () => {
  it("keep their key when they become messages", () => {
    const before = keys(state([], { outbox: [pending("nonce-1")] }), 0);
    expect(before).toEqual(keys(state([message(1)])));
    expect(before).toHaveLength(1);
  });
  it("are shown once while message and send are both known", () => {
    const both = state([message(1)], { outbox: [pending("nonce-1", { status: "sent" })] });
    const track = trackOf(both, general, 1, undefined);
    expect(track.size).toBe(1);
    expect(track.rowAt(1)?.delivery).toBe("sent");
  });
  it("stand after everything that there is, also where that is not loaded", () => {
    const track = trackOf(
      state([message(1)], { outbox: [pending("n-2")] }),
      general,
      40,
      undefined,
    );
    expect(track).toMatchObject({ size: 41, newest: 40, first: 1, last: 1 });
    expect(track.rowAt(40)).toBeUndefined();
    expect(track.rowAt(41)?.delivery).toBe("sending");
    expect(track.rowAt(42)).toBeUndefined();
  });
  it("say why they failed", () => {
    const send = pending("n-1", { status: "failed", failure: { code: "channel_archived" } });
    const track = trackOf(state([], { outbox: [send] }), general, 0, undefined);
    expect(track.rowAt(1)).toMatchObject({
      delivery: "failed",
      failure: expect.stringContaining("archived"),
    });
  });
});

describe("a channel", () => {
  it("knows only what is loaded, each at its place", () => {
    const rows = [message(501), message(502)];
    const track = trackOf(state(rows), general, 900, 502);
    expect(track).toMatchObject({ from: 1, size: 900, first: 501, last: 502, newest: 900 });
    expect(track.rowAt(500)).toBeUndefined();
    expect(track.rowAt(501)?.id).toBe("msg_501");
    expect(track.rowAt(502)?.firstNew).toBe(true);
    expect(track.rowAt(503)).toBeUndefined();
    expect(track.rowAt(0)).toBeUndefined();
  });
  it("is as long as its newest row, where that is newer than what was told", () => {
    expect(trackOf(state([message(7)]), general, 6, undefined).size).toBe(7);
  });
  it("is empty when nothing was said", () => {
    expect(trackOf(state([]), general, 0, undefined)).toMatchObject({ size: 0, first: 1, last: 0 });
  });
  it("gives the same row while nothing of it changes, and another when something does", () => {
    const row = message(1, { author: ben });
    const first = state([row]);
    const [one, two] = [first, { ...first, typing: {} }].map((now) =>
      trackOf(now, general, 1, undefined).rowAt(1),
    );
    expect(two).toBe(one);
    const renamed = structuredClone(first);
    const users = renamed.workspaces["wsp_1"]?.users as Record<string, { name: string }>;
    users[ben.id] = { ...ben, name: "Benedict" } as never;
    const moved = { ...renamed, timelines: first.timelines };
    expect(trackOf(moved, general, 1, undefined).rowAt(1)?.author.name).toBe("Benedict");
    const saved = { ...first, saved: { msg_1: { message_id: "msg_1", saved: true } as never } };
    expect(trackOf(saved, general, 1, undefined).rowAt(1)?.saved).toBe(true);
  });
  it("shows of a quote what one may see", () => {
    const quoting = message(1, { quote_of: "msg_q" });
    const shown = (messages: State["messages"]) =>
      trackOf(state([quoting], { messages }), general, 1, undefined).rowAt(1)?.quote;
    expect(shown({})).toEqual({ status: "loading" });
    expect(shown({ msg_q: null })).toEqual({ status: "hidden" });
    const quoted = message(9, { id: "msg_q", author: ben, body: "before" });
    expect(shown({ msg_q: quoted })).toMatchObject({ status: "known", author: { name: "Ben" } });
  });
  it("says what a reply that is shown here replies to", () => {
    const reply = message(2, { thread_root_id: "msg_1", thread_seq: 1 });
    const track = trackOf(state([message(1), reply]), general, 2, undefined);
    expect(track.rowAt(2)?.replyTo).toMatchObject({ root: "msg_1", message: { id: "msg_1" } });
  });
});

describe("a thread", () => {
  const thread = { channel: "chn_1", root: "msg_9" };
  const reply = (place: number): Message => {
    const { seq: _, ...made } = message(place, { id: `msg_r${place}`, nonce: `reply-${place}` });
    return { ...made, thread_root_id: "msg_9", thread_seq: place };
  };
  const root = message(9, {
    thread: {
      root_id: "msg_9",
      channel_id: "chn_1",
      locked: false,
      reply_count: 2,
      last_seq: 2,
      repliers: [],
      version: 3,
    },
  });
  it("begins with what it hangs on, which shows no thread of its own there", () => {
    const now = state([reply(1), reply(2)], { messages: { msg_9: root } }, "msg_9");
    const track = trackOf(now, thread, 2, undefined);
    expect(track).toMatchObject({ from: 0, size: 3, first: 1, last: 2 });
    expect(track.rowAt(0)).toMatchObject({ id: "msg_9", place: 0 });
    expect(track.rowAt(0)?.thread).toBeUndefined();
    expect(track.rowAt(2)?.replyTo).toBeUndefined();
  });
  it("is only what it hangs on before anybody replies", () => {
    const now = state([], { messages: { msg_9: message(9) } }, "msg_9");
    expect(trackOf(now, thread, 0, undefined).size).toBe(1);
  });
});

it("finds the place of a message, or that it is elsewhere", () => {
  const thread = { channel: "chn_1", root: "msg_9" };
  const reply = message(12, { thread_root_id: "msg_9", thread_seq: 3 });
  expect(placeIn(reply, general)).toBe(12);
  expect(placeIn(reply, thread)).toBe(3);
  expect(placeIn(message(9), thread)).toBe(0);
  expect(placeIn(message(9), { channel: "chn_2" })).toBeUndefined();
  expect(placeIn(reply, { channel: "chn_1", root: "msg_1" })).toBeUndefined();
  const { seq: _, ...hidden } = reply;
  expect(placeIn(hidden, general)).toBeUndefined();
});
