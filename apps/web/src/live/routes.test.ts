//! Addresses: read, written, and refused.
import { describe, expect, it } from "vitest";
import { placeOf, safeReturn, to } from "./routes.ts";

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
  it("knows what it does not know", () => {
    for (const path of ["/nowhere", "/settings/nothing", "/w/a/x/b", "/w/a/c/b/d", "/%E0%A4%A"]) {
      expect(placeOf(path)).toEqual({ screen: "unknown" });
    }
  });
  it("reads back what it writes", () => {
    expect(placeOf(to.channel("wsp_1", "chn_2"))).toMatchObject({
      workspace: "wsp_1",
      channel: "chn_2",
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
