//! What the state lacks and only a call can bring; whoever drives the state asks after each change.

import type { ChannelId, WorkspaceId } from "../shapes.ts";
import type { State } from "./state.ts";

export type Need =
  /** A fresh base: the log cannot be continued. */
  | { readonly kind: "snapshot"; readonly workspaceId: WorkspaceId }
  /** Channels that became visible while away. */
  | {
      readonly kind: "channels";
      readonly workspaceId: WorkspaceId;
      readonly channelIds: readonly ChannelId[];
    }
  /** An outdated timeline; `around` is where it stands, absent at its newest end. */
  | { readonly kind: "timeline"; readonly channelId: ChannelId; readonly around?: number };

export function needs(state: State): Need[] {
  return [...workspaceNeeds(state), ...timelineNeeds(state)];
}

function workspaceNeeds(state: State): Need[] {
  return Object.entries(state.workspaces).flatMap(([workspaceId, held]): Need[] => {
    if (held.broken) return [{ kind: "snapshot", workspaceId }];
    return held.missing.length === 0
      ? []
      : [{ kind: "channels", workspaceId, channelIds: held.missing }];
  });
}

function timelineNeeds(state: State): Need[] {
  return Object.entries(state.timelines).flatMap(([channelId, timeline]): Need[] => {
    if (!timeline.stale || Object.keys(timeline.loads).length > 0) return [];
    const middle = timeline.rows[timeline.rows.length >>> 1];
    return timeline.hasNewer && middle !== undefined
      ? [{ kind: "timeline", channelId, around: middle.seq }]
      : [{ kind: "timeline", channelId }];
  });
}
