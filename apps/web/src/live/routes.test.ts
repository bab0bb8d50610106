//! Addresses: read, written, and refused.
import { describe, expect, it } from "vitest";
import { ownPath, placeOf, safeReturn, to } from "./routes.ts";

describe("placeOf", () => {
  it("reads every screen", () => {
    expect(placeOf("/")).toEqual({ screen: "home" });
    expect(placeOf("/sign-in")).toEqual({ screen: "sign-in" });
    expect(placeOf("/setup")).toEqual({ screen: "setup" });
    expect(placeOf("/magic/")).toEqual({ screen: "magic" });
    expect(placeOf("/invite/abc%2Fd")).toEqual({ screen: "invite", token: "abc/d" });
    expect(placeOf("/w/wsp_1")).toEqual({ screen: "workspace", workspace: "wsp_1" });
    expect(placeOf("/w/wsp_1/c/chn_2")).toEqual({
      screen: "workspace",
      workspace: "wsp_1",
      channel: "chn_2",
    });
    expect(placeOf("/settings")).toEqual({ screen: "settings", page: "profile" });
    expect(placeOf("/settings/security")).toEqual({ screen: "settings", page: "security" });
  });
  it("reads what is within a channel", () => {
    const channel = { screen: "workspace", workspace: "wsp_1", channel: "chn_2" };
    const path = "/w/wsp_1/c/chn_2";
    expect(placeOf(`${path}/m/msg_3`)).toEqual({ ...channel, message: "msg_3" });
    expect(placeOf(`${path}/pins`)).toEqual({ ...channel, pane: { kind: "pins" } });
    expect(placeOf(`${path}/t/msg_4`)).toEqual({
      ...channel,
      pane: { kind: "thread", root: "msg_4" },
    });
    expect(placeOf(`${path}/t/msg_4/m/msg_5/`)).toEqual({
      ...channel,
      pane: { kind: "thread", root: "msg_4", reply: "msg_5" },
    });
  });
  it("reads the views", () => {
    for (const view of ["threads", "saved", "drafts", "unreads"]) {
      expect(placeOf(`/w/wsp_1/${view}`)).toEqual({
        screen: "workspace",
        workspace: "wsp_1",
        view,
      });
    }
  });
  it.each([
    "/nowhere",
    "/settings/nothing",
    "/settings/profile/more",
    "/invite/a/b",
    "/w",
    "/w/wsp_a/x/chn_b",
    "/w/wsp_a/x",
    "/w/wsp_a/c",
    "/w/wsp_a/threads/b",
    "/w/wsp_a/c/chn_b/d",
    "/w/wsp_a/c/chn_b/m",
    "/w/wsp_a/c/chn_b/m/msg_d/e",
    "/w/wsp_a/c/chn_b/t",
    "/w/wsp_a/c/chn_b/t/msg_r/m",
    "/w/wsp_a/c/chn_b/t/msg_r/x/y",
    "/w/wsp_a/c/chn_b/t/msg_r/m/msg_y/z",
    "/w/wsp_a/c/chn_b/pins/c",
    "/w/wsp_a/__proto__",
    "/w/wsp_a/c/__proto__",
    "/w/wsp_a/c/chn_b/m/constructor",
    "/w/wsp_a/c/chn_b/t/chn_b",
    "/w/chn_b",
    "/w/wsp_",
    "/w/wsp_a b",
    "/w/__proto__",
    "/w/a",
    "/w/%E0%A4%A",
    "/%E0%A4%A",
  ])("does not know %s", (path) => {
    expect(placeOf(path)).toEqual({ screen: "unknown" });
  });
  it("reads back what it writes", () => {
    expect(placeOf(to.channel("wsp_1", "chn_2"))).toMatchObject({
      workspace: "wsp_1",
      channel: "chn_2",
    });
    const w = { screen: "workspace", workspace: "wsp_1" };
    const channel = { ...w, channel: "chn_2" };
    expect(placeOf(to.workspace("wsp_1"))).toEqual(w);
    expect(placeOf(to.view("wsp_1", "saved"))).toEqual({ ...w, view: "saved" });
    expect(placeOf(to.pins("wsp_1", "chn_2"))).toEqual({ ...channel, pane: { kind: "pins" } });
    expect(placeOf(to.message("wsp_1", "chn_2", "msg_3"))).toEqual({
      ...channel,
      message: "msg_3",
    });
    expect(placeOf(to.thread("wsp_1", "chn_2", "msg_4"))).toEqual({
      ...channel,
      pane: { kind: "thread", root: "msg_4" },
    });
    expect(placeOf(to.reply("wsp_1", "chn_2", "msg_4", "msg_5"))).toEqual({
      ...channel,
      pane: { kind: "thread", root: "msg_4", reply: "msg_5" },
    });
    expect(placeOf(to.invite("a/b?c"))).toEqual({ screen: "invite", token: "a/b?c" });
  });
});

it("returns to this page only", () => {
  expect(safeReturn("/w/wsp_1")).toBe("/w/wsp_1");
  for (const next of [
    null,
    "",
    "https://a.example",
    "//a.example",
    "/\\a.example",
    "/\t/a.example",
    "javascript:1",
  ]) {
    expect(safeReturn(next)).toBe("/");
  }
});

describe("ownPath", () => {
  const origin = "https://chat.example";
  it("knows this page's addresses", () => {
    expect(ownPath("https://chat.example/w/wsp_a/c/chn_b/m/msg_d", origin)).toBe(
      "/w/wsp_a/c/chn_b/m/msg_d",
    );
    expect(ownPath("https://chat.example", origin)).toBe("/");
    expect(ownPath("/magic#token=x", origin)).toBe("/magic#token=x");
  });
  it.each([
    "https://chat.example:8443/w/a",
    "http://chat.example/w/a",
    "https://chat.example.evil/w/a",
    "https://chat.example@evil/w/a",
    "//evil/w/a",
    "mailto:ana@chat.example",
    "javascript:alert(1)",
    "https://",
    "/api/health",
    "/api",
    "/assets/page.js",
    "/metrics",
  ])("leaves %s alone", (href) => {
    expect(ownPath(href, origin)).toBeUndefined();
  });
});
