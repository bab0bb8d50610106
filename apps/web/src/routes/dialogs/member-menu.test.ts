//! The lines of a member's menu are those that the server would not refuse.
import type { Member, Role } from "@clickclack/sdk";
import { describe, expect, it } from "vitest";
import { memberMenu } from "./member-menu.ts";

function member(id: string, role: Role): Member {
  const user = { id, name: id, kind: "human", deactivated: false } as const;
  return { workspace_id: "wsp_1", user, role, joined_at: "2026-11-20T09:46:00.000Z", version: 1 };
}
const nothing = { onrole: () => undefined, ontransfer: () => undefined, onremove: () => undefined };
const labels = (me: Member, other: Member): string[] =>
  memberMenu(me, other, nothing).flatMap((item) => (item === null ? [] : [item.label]));

describe("a member's menu", () => {
  const owner = member("ana", "owner");
  it("lets the owner hand over", () => {
    expect(labels(owner, member("ben", "member"))).toEqual([
      "Make admin",
      "Make guest",
      "Hand workspace over",
      "Remove from workspace",
    ]);
  });
  it("lets admins do the rest", () => {
    expect(labels(member("chi", "admin"), member("ben", "guest"))).toEqual([
      "Make admin",
      "Make member",
      "Remove from workspace",
    ]);
  });
  it("offers nothing about the owner, bots and oneself, nor to others", () => {
    const chi = member("chi", "admin");
    expect(labels(chi, owner)).toEqual([]);
    expect(labels(chi, chi)).toEqual([]);
    expect(labels(owner, member("shipbot", "bot"))).toEqual([]);
    expect(labels(member("ben", "member"), member("dev", "member"))).toEqual([]);
  });
});
