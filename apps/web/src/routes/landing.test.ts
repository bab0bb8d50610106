//! Where one comes to when the address does not say.
import { initialState, type State } from "@clickclack/sdk";
import { beforeEach, describe, expect, it } from "vitest";
import { landingChannel, landingWorkspace, leaveTrace } from "./landing.ts";

function town(channels: readonly string[], outside: readonly string[] = []): State {
  const all = Object.fromEntries(
    channels.map((name) => [`chn_${name}`, { id: `chn_${name}`, workspace_id: "wsp_2", name }]),
  );
  const joined = channels.filter((name) => !outside.includes(name));
  const here = {
    workspace: { name: "Tidepool" },
    channels: all,
    joined: Object.fromEntries(joined.map((name) => [`chn_${name}`, true])),
  };
  return { ...initialState, workspaces: { wsp_2: here, wsp_1: here } } as unknown as State;
}

describe("landing", () => {
  beforeEach(() => localStorage.clear());

  it("is the oldest workspace and #general at first", () => {
    const state = town(["aside", "general"]);
    expect(landingWorkspace(state)).toBe("wsp_1");
    expect(landingChannel(state, "wsp_2")).toBe("chn_general");
  });
  it("is the first channel that one is in where there is no #general", () => {
    expect(landingChannel(town(["aside", "before"], ["aside"]), "wsp_2")).toBe("chn_before");
    expect(landingChannel(town(["aside"], ["aside"]), "wsp_2")).toBeUndefined();
  });
  it("is where one was last", () => {
    const state = town(["aside", "general"]);
    leaveTrace("wsp_2", "chn_aside");
    expect(landingWorkspace(state)).toBe("wsp_2");
    expect(landingChannel(state, "wsp_2")).toBe("chn_aside");
    expect(landingChannel(state, "wsp_1")).toBe("chn_general");
  });
  it("is nowhere that is gone", () => {
    leaveTrace("wsp_9", "chn_x");
    expect(landingWorkspace(town(["general"]))).toBe("wsp_1");
    leaveTrace("wsp_2", "chn_x");
    expect(landingChannel(town(["general"]), "wsp_2")).toBe("chn_general");
    expect(landingWorkspace(initialState)).toBeUndefined();
    expect(landingChannel(initialState, "wsp_2")).toBeUndefined();
  });
});
