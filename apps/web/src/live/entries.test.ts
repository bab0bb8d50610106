//! Messages and waiting sends side by side: one row each, under one key from the key press on.
import {
  type Channel,
  initialState,
  type Message,
  type Pending,
  type State,
} from "@clickclack/sdk";
import { describe, expect, it } from "vitest";
import { entriesOf } from "./entries.ts";

const me = { id: "usr_me", name: "Ana Ruiz", kind: "human", deactivated: false } as const;
const at = "2026-11-20T09:46:00.000Z";

function message(seq: number, nonce: string): Message {
  return {
    id: `msg_${seq}`,
    workspace_id: "wsp_1",
    channel_id: "chn_1",
    seq,
    author: me,
    body: "hello",
    nonce,
    revision: 1,
    created_at: at,
    version: seq,
  };
}
function pending(nonce: string, status: Pending["status"] = "sending"): Pending {
  const queuedAt = Date.parse(at);
  return { nonce, workspaceId: "wsp_1", channelId: "chn_1", body: "hello", queuedAt, status };
}
function state(rows: Message[], outbox: Pending[], hasNewer = false): State {
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
  const member = {
    workspace_id: "wsp_1",
    user: me,
    role: "member",
    joined_at: at,
    version: 1,
  } as const;
  const loading = { newest: false, older: false, newer: false, around: false };
  return {
    ...initialState,
    account: { ...me, is_administrator: false, may_create_workspaces: true, created_at: at },
    outbox,
    workspaces: {
      wsp_1: {
        workspace: { id: "wsp_1", name: "Tidepool", created_at: at, version: 1 },
        me: member,
        members: { [me.id]: member },
        membersComplete: true,
        users: { [me.id]: me },
        channels: { chn_1: channel },
        joined: { chn_1: true },
        cursor: "a-1",
        caughtUp: true,
      } as unknown as State["workspaces"][string],
    },
    timelines: {
      chn_1: {
        rows,
        loaded: true,
        hasOlder: false,
        hasNewer,
        loading,
        failed: null,
        stale: false,
      } as unknown as State["timelines"][string],
    },
  };
}

describe("entriesOf", () => {
  it("keeps a send's key when it becomes a message", () => {
    const before = entriesOf(state([], [pending("nonce-1")]), "chn_1");
    const after = entriesOf(state([message(1, "nonce-1")], []), "chn_1");
    expect(before.map(({ key }) => key)).toEqual(after.map(({ key }) => key));
    expect(before[0]?.delivery).toBe("sending");
    expect(after[0]?.delivery).toBe("sent");
  });
  it("shows a send once while message and send are both known", () => {
    const both = entriesOf(state([message(1, "nonce-1")], [pending("nonce-1", "sent")]), "chn_1");
    expect(both.map(({ delivery }) => delivery)).toEqual(["sent"]);
  });
  it("says why a send failed", () => {
    const send = {
      ...pending("nonce-1", "failed"),
      failure: { code: "channel_archived" },
    } as Pending;
    expect(entriesOf(state([], [send]), "chn_1")[0]).toMatchObject({
      delivery: "failed",
      failure: expect.stringContaining("archived"),
    });
  });
  it("shows no sends below a stretch that does not reach the end", () => {
    expect(
      entriesOf(state([message(1, "nonce-0")], [pending("nonce-1")], true), "chn_1"),
    ).toHaveLength(1);
  });
});
