//! What the state lacks and only a call can bring; whoever drives the state asks after each change.

import type { ChannelId, ConversationId, MessageId, WorkspaceId } from "../shapes.ts";
import { isUnsure } from "./reading.ts";
import type { State } from "./state.ts";
import { placeOf } from "./timeline.ts";

export type Need =
  /** A fresh base: the log cannot be continued. */
  | { readonly kind: "snapshot"; readonly workspaceId: WorkspaceId }
  /** Channels that became visible while away. */
  | {
      readonly kind: "channels";
      readonly workspaceId: WorkspaceId;
      readonly channelIds: readonly ChannelId[];
    }
  /** What one keeps for oneself in a workspace. */
  | { readonly kind: "own"; readonly workspaceId: WorkspaceId }
  /** An outdated timeline; `around` is where it stands, absent at its newest end. */
  | {
      readonly kind: "timeline";
      readonly conversationId: ConversationId;
      readonly around?: number;
    }
  /** A message that another one quotes. */
  | { readonly kind: "message"; readonly messageId: MessageId }
  /** Whether one follows a thread, and what is unread in it. */
  | { readonly kind: "follow"; readonly rootId: MessageId }
  /** What is unread in a channel. */
  | { readonly kind: "count"; readonly channelId: ChannelId; readonly place: number };

export function needs(state: State): Need[] {
  return [
    ...workspaceNeeds(state),
    ...timelineNeeds(state),
    ...state.wantedMessages.map((messageId): Need => ({ kind: "message", messageId })),
    ...state.wantedFollows.map((rootId): Need => ({ kind: "follow", rootId })),
    ...countNeeds(state),
  ];
}

function workspaceNeeds(state: State): Need[] {
  return Object.entries(state.workspaces).flatMap(([workspaceId, held]): Need[] => {
    if (held.broken) return [{ kind: "snapshot", workspaceId }];
    // What brings the channels brings what one keeps in them as well.
    if (held.missing.length > 0)
      return [{ kind: "channels", workspaceId, channelIds: held.missing }];
    return held.ownMissing ? [{ kind: "own", workspaceId }] : [];
  });
}

function timelineNeeds(state: State): Need[] {
  return Object.entries(state.timelines).flatMap(([conversationId, timeline]): Need[] => {
    if (!timeline.stale || Object.keys(timeline.loads).length > 0) return [];
    const middle = timeline.rows[timeline.rows.length >>> 1];
    return timeline.hasNewer && middle !== undefined
      ? [{ kind: "timeline", conversationId, around: placeOf(middle, conversationId) }]
      : [{ kind: "timeline", conversationId }];
  });
}

const NONE: readonly Need[] = [];
const known = new WeakMap<State["reads"] | State["follows"], readonly Need[]>();

/** Looked through once for each change of the positions, not of anything else. */
function countNeeds({ reads, follows }: State): Need[] {
  const inChannels = memo(reads, () => {
    const found: Need[] = [];
    for (const channelId in reads) {
      const reading = reads[channelId];
      if (reading !== undefined && isUnsure(reading))
        found.push({ kind: "count", channelId, place: reading.base.read_seq });
    }
    return found;
  });
  const inThreads = memo(follows, () =>
    Object.entries(follows)
      .filter(([, reading]) => isUnsure(reading) && reading.base.following)
      .map(([rootId]) => ({ kind: "follow", rootId })),
  );
  return inChannels.length + inThreads.length === 0 ? [] : [...inChannels, ...inThreads];
}

function memo(table: State["reads"] | State["follows"], find: () => Need[]): readonly Need[] {
  const held = known.get(table);
  if (held !== undefined) return held;
  const found = find();
  known.set(table, found.length === 0 ? NONE : found);
  return found;
}
