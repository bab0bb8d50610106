//! What any two ways to the same position in a log must agree on.

import type {
  Channel,
  ChannelPreferences,
  Member,
  SavedMark,
  Sidebar,
  Workspace,
  WorkspaceId,
} from "../shapes.ts";
import type { Counts, DraftText, State, WorkspaceState } from "./state.ts";
import { followOf, readSeqOf, unreadIn } from "./unread.ts";

export interface Canonical {
  readonly workspace: Workspace;
  readonly me: Member;
  /** Absent while the directory is known in part only. */
  readonly members?: readonly Member[];
  readonly channels: readonly Channel[];
  readonly joined: readonly string[];
  /** How far one has read the channels that one is in, and what is unread there. */
  readonly reads: Readonly<Record<string, Counts & { readonly readSeq: number }>>;
  /** The threads that one follows. */
  readonly follows: Readonly<Record<string, Counts & { readonly readSeq: number }>>;
  readonly saved: readonly SavedMark[];
  readonly drafts: readonly DraftText[];
  readonly preferences: readonly ChannelPreferences[];
  readonly sidebar: Sidebar;
}

/**
 * A workspace as sorted plain data: equal after "old snapshot + events" and after a fresh snapshot
 * of the same position. Null when the workspace is not there.
 */
export function canonical(state: State, workspaceId: WorkspaceId): Canonical | null {
  const held = state.workspaces[workspaceId];
  if (held === undefined) return null;
  const seen = (channelId: string) => held.channels[channelId] !== undefined;
  const members = Object.values(held.members).toSorted((a, b) => order(a.user.id, b.user.id));
  return {
    workspace: held.workspace,
    me: held.me,
    ...(held.membersComplete ? { members } : {}),
    channels: Object.values(held.channels).toSorted((a, b) => order(a.id, b.id)),
    joined: Object.keys(held.joined).toSorted(order),
    ...reading(state, held),
    saved: sorted(state.saved).filter((mark) => mark.saved && seen(mark.channel_id)),
    drafts: sorted(state.drafts).filter((draft) => draft.body !== "" && seen(draft.channelId)),
    preferences: sorted(state.preferences).filter((own) => seen(own.channel_id)),
    sidebar: held.sidebar,
  };
}

function reading(state: State, { joined, channels }: WorkspaceState) {
  const inChannels = Object.keys(joined).map(
    (id) => [id, { readSeq: readSeqOf(state, id), ...unreadIn(state, id) }] as const,
  );
  const inThreads = Object.entries(state.follows).flatMap(([id, { base }]) => {
    const follow = followOf(state, id);
    if (follow?.following !== true || channels[base.channel_id] === undefined) return [];
    const { readSeq, unread, mentions } = follow;
    return [[id, { readSeq, unread, mentions }] as const];
  });
  return { reads: Object.fromEntries(inChannels), follows: Object.fromEntries(inThreads) };
}

function sorted<T>(table: Readonly<Record<string, T>>): T[] {
  return Object.entries(table)
    .toSorted(([a], [b]) => order(a, b))
    .map(([, entry]) => entry);
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
