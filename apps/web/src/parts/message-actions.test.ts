//! Nothing is offered that the server would refuse, and nothing that makes no sense.
import { describe, expect, it } from "vitest";
import { actionsFor, type ActionId, grouped, messageKeys, type Rights } from "./message-actions.ts";
import type { Row } from "./rows.ts";

const member: Rights = {
  canPost: true,
  canReply: true,
  joined: true,
  canModerate: false,
  inThread: false,
};
const outside: Rights = { ...member, canPost: false, canReply: false, joined: false };

function row(more: Partial<Row> = {}): Row {
  return {
    key: "ana:1",
    id: "msg_1",
    nonce: "nonce-1",
    author: { id: "ana", name: "Ana", kind: "human" },
    body: "hello",
    version: 1,
    createdAt: "2026-11-20T09:46:00.000Z",
    deleted: false,
    delivery: "sent",
    mine: false,
    calls: false,
    reactions: [],
    threadUnread: false,
    saved: false,
    place: 1,
    startsDay: false,
    continues: false,
    firstNew: false,
    ...more,
  };
}
const ids = (of: Row, rights: Rights): ActionId[] => actionsFor(of, rights).map(({ id }) => id);
const thread = {
  root_id: "msg_1",
  channel_id: "chn_1",
  locked: false,
  reply_count: 2,
  last_seq: 2,
  repliers: [],
  version: 3,
};

describe("actionsFor", () => {
  it("lets a member answer, keep and copy what another wrote", () => {
    expect(ids(row(), member)).toEqual([
      "react",
      "thread",
      "quote",
      "save",
      "pin",
      "markUnread",
      "copyLink",
      "copyText",
    ]);
  });
  it("lets the author edit and delete, and a moderator delete", () => {
    expect(ids(row({ mine: true }), member)).toContain("edit");
    expect(ids(row({ mine: true }), member)).toContain("delete");
    expect(ids(row(), { ...member, canModerate: true })).toContain("delete");
    expect(ids(row(), { ...member, canModerate: true })).not.toContain("edit");
  });
  it("lets who only looks in, or reads an archive, keep and copy", () => {
    expect(ids(row(), outside)).toEqual(["save", "copyLink", "copyText"]);
    expect(ids(row({ thread }), outside)).toContain("thread");
    expect(ids(row({ mine: true }), outside)).not.toContain("edit");
  });
  it("offers no thread in a thread, and no quoting in a locked one", () => {
    const locked = { ...member, inThread: true, canReply: false };
    expect(ids(row(), locked)).not.toContain("thread");
    expect(ids(row(), locked)).not.toContain("quote");
    expect(ids(row(), locked)).toContain("react");
  });
  it("leaves of a deleted message its thread and its place", () => {
    expect(ids(row({ deleted: true, mine: true }), member)).toEqual(["markUnread", "copyLink"]);
    expect(ids(row({ deleted: true, thread }), member)).toContain("thread");
  });
  it("offers nothing for what is on its way", () => {
    expect(ids(row({ delivery: "sending" }), member)).toEqual([]);
    expect(ids(row({ delivery: "failed" }), member)).toEqual([]);
    const { id: _, ...nameless } = row();
    expect(ids(nameless, member)).toEqual([]);
  });
  it("marks no root of a thread unread", () => {
    expect(ids(row({ place: 0 }), { ...member, inThread: true })).not.toContain("markUnread");
  });
  it("shows who reacted and what was said before, where somebody did and it was", () => {
    const reactions = [{ emoji: "🦀", count: 1, mine: false, userIds: ["ben"] }];
    expect(ids(row({ reactions }), outside)).toContain("who");
    expect(ids(row({ editedAt: "2026-11-20T09:47:00.000Z" }), outside)).toContain("history");
  });
  it("names what it undoes", () => {
    const words = actionsFor(row({ saved: true, pinnedBy: "Ben" }), member).map((one) => one.words);
    expect(words).toContain("Unpin");
    expect(words).toContain("Remove from saved");
  });
});

it("has one key for one action, and lists them all", () => {
  const all = actionsFor(row({ mine: true }), member);
  const keyed = all.flatMap(({ keys }) => keys ?? []);
  expect(new Set(keyed).size).toBe(keyed.length);
  expect(keyed.toSorted()).toEqual(messageKeys.map(({ keys }) => keys).toSorted());
});

it("puts a gap between groups only", () => {
  const list = grouped(actionsFor(row({ mine: true }), member));
  expect(list[0]).not.toBeNull();
  expect(list.at(-1)).not.toBeNull();
  expect(list.filter((one) => one === null)).toHaveLength(3);
  expect(grouped([])).toEqual([]);
});
