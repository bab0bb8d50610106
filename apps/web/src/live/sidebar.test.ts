//! The sidebar of a workspace: arranged once, and not again for every message.
import { type Channel, initialState, type State } from "@clickclack/sdk";
import { describe, expect, it } from "vitest";
import { conversationsOf, sectionsOf } from "./sidebar.ts";

const at = "2026-11-20T09:46:00.000Z";
const me = { id: "usr_me", name: "Ana Ruiz", kind: "human", deactivated: false } as const;

function channel(name: string, more: Partial<Channel> = {}): Channel {
  return {
    id: `chn_${name}`,
    workspace_id: "wsp_1",
    kind: "public",
    name,
    topic: "",
    created_by: me.id,
    created_at: at,
    last_seq: 0,
    version: 1,
    ...more,
  };
}
interface World {
  channels: readonly Channel[];
  outside?: readonly string[];
  starred?: readonly string[];
  sections?: State["workspaces"][string]["sidebar"]["sections"];
}
function world({ channels, outside = [], starred = [], sections = [] }: World): State {
  const joined = channels.filter(({ name }) => !outside.includes(name));
  const mine = { workspace_id: "wsp_1", user: me, role: "member", joined_at: at, version: 1 };
  return {
    ...initialState,
    preferences: Object.fromEntries(
      starred.map((name) => {
        const channel_id = `chn_${name}`;
        return [channel_id, { channel_id, starred: true, muted: false, version: 1 }];
      }),
    ),
    workspaces: {
      wsp_1: {
        workspace: { id: "wsp_1", name: "Tidepool", created_at: at, version: 1 },
        me: mine,
        channels: Object.fromEntries(channels.map((one) => [one.id, one])),
        joined: Object.fromEntries(joined.map(({ id }) => [id, true])),
        sidebar: { sections, version: 1 },
      },
    },
  } as unknown as State;
}
const names = (state: State) => conversationsOf(state, "wsp_1").map((id) => id.slice(4));

describe("sectionsOf", () => {
  it("holds the channels that one is in, by name, without archived ones", () => {
    const state = world({
      channels: [
        channel("release"),
        channel("General"),
        channel("attic", { archived_at: at }),
        channel("elsewhere"),
        channel("ärger"),
      ],
      outside: ["elsewhere"],
    });
    expect(names(state)).toEqual(["ärger", "General", "release"]);
  });
  it("follows stars and sections", () => {
    const state = world({
      channels: [channel("a"), channel("b"), channel("c")],
      starred: ["c"],
      sections: [
        { key: "channels", collapsed: true, channel_ids: ["chn_b"] },
        { key: "starred", collapsed: false, channel_ids: [] },
      ],
    });
    expect(names(state)).toEqual(["b", "a", "c"]);
  });
  it("is the same until something about its order changes", () => {
    const sections: World["sections"] = [];
    const before = sectionsOf(world({ channels: [channel("a"), channel("b")], sections }), "wsp_1");
    const said = world({ channels: [channel("a", { last_seq: 9 }), channel("b")], sections });
    expect(sectionsOf(said, "wsp_1")).toBe(before);
    const renamed = world({ channels: [channel("z"), channel("b")], sections });
    expect(sectionsOf(renamed, "wsp_1")).not.toBe(before);
  });
  it("is empty where nothing is known", () => {
    expect(sectionsOf(initialState, "wsp_1")).toEqual([]);
    expect(conversationsOf(initialState, "wsp_2")).toEqual([]);
  });
});
