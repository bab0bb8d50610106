//! Where a message is read.
import type { Message } from "@clickclack/sdk";
import { describe, expect, it } from "vitest";
import { addressOf } from "./address.ts";

const message: Message = {
  id: "msg_3",
  workspace_id: "wsp_1",
  channel_id: "chn_2",
  author: { id: "usr_1", name: "Ana Ruiz", kind: "human", deactivated: false },
  body: "hello",
  nonce: "nonce-01",
  revision: 1,
  created_at: "2026-11-20T09:46:00.000Z",
  version: 1,
};

describe("addressOf", () => {
  it("is the channel for what stands in it, also for a reply shown there", () => {
    expect(addressOf({ ...message, seq: 4 })).toBe("/w/wsp_1/c/chn_2/m/msg_3");
    expect(addressOf({ ...message, seq: 4, thread_root_id: "msg_1", thread_seq: 2 })).toBe(
      "/w/wsp_1/c/chn_2/m/msg_3",
    );
  });
  it("is the thread for what stands only there", () => {
    expect(addressOf({ ...message, thread_root_id: "msg_1", thread_seq: 2 })).toBe(
      "/w/wsp_1/c/chn_2/t/msg_1/m/msg_3",
    );
  });
});
