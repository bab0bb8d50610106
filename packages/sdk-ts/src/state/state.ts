//! What a client knows of one account: plain immutable data.

import type {
  Account,
  Channel,
  ChannelId,
  Cursor,
  Member,
  Message,
  ProblemCode,
  ReadState,
  User,
  UserId,
  Workspace,
  WorkspaceId,
} from "../shapes.ts";

export interface State {
  readonly account: Account | null;
  /** The credential is gone: time to sign in. */
  readonly signedOut: boolean;
  readonly connection: Connection;
  /** Those whose snapshot is here. */
  readonly workspaces: Readonly<Record<WorkspaceId, WorkspaceState>>;
  /** Who is not here is offline. */
  readonly presence: Readonly<Record<UserId, "online" | "away">>;
  /** Since when a person types, in milliseconds of the client's clock. */
  readonly typing: Readonly<Record<ChannelId, Readonly<Record<UserId, number>>>>;
  /** How far oneself has read. */
  readonly reads: Readonly<Record<ChannelId, ReadState>>;
  /** Only of channels that were opened. */
  readonly timelines: Readonly<Record<ChannelId, Timeline>>;
  /** One's own messages on their way, in the order of sending. */
  readonly outbox: readonly Pending[];
}

export interface Connection {
  readonly status: "idle" | "connecting" | "live" | "waiting";
  /** When the next try is due, while waiting, in milliseconds of the client's clock. */
  readonly retryAt?: number;
}

export interface WorkspaceState {
  readonly workspace: Workspace;
  readonly me: Member;
  readonly members: Readonly<Record<UserId, Member>>;
  readonly membersComplete: boolean;
  /** The newest known of everybody seen, departed authors too. */
  readonly users: Readonly<Record<UserId, User>>;
  /** Channels one may see. */
  readonly channels: Readonly<Record<ChannelId, Channel>>;
  /** Channels one is in. */
  readonly joined: Readonly<Record<ChannelId, true>>;
  /** Everything up to here is applied. */
  readonly cursor: Cursor;
  /** The replay after the last subscription is over. */
  readonly caughtUp: boolean;
  /** Visible channels whose content is not here yet. */
  readonly missing: readonly ChannelId[];
  /** The log cannot be continued from `cursor`: only a fresh snapshot helps. */
  readonly broken: boolean;
  /** At which sequence something was lost: older answers cannot bring it back. */
  readonly lostChannels: Readonly<Record<ChannelId, number>>;
  readonly lostMembers: Readonly<Record<UserId, number>>;
  /** At which sequence the word about a user is good: users have no version of their own. */
  readonly userSeqs: Readonly<Record<UserId, number>>;
}

export type Place = "newest" | "older" | "newer" | "around";

export interface Timeline {
  /** One unbroken stretch of the channel, by `seq`. A row keeps its identity until it changes. */
  readonly rows: readonly Message[];
  /** The first page is here. */
  readonly loaded: boolean;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly loading: Readonly<Record<Place, boolean>>;
  /** Why the last load failed; null after one that did not. */
  readonly failed: ProblemCode | "network" | null;
  /** Shown, but from before a jump in the log: a fresh page replaces it. */
  readonly stale: boolean;
  /** Loads under way by id. An answer of any other load is too late. */
  readonly loads: Readonly<Record<string, Load>>;
  /** What happened outside of `rows` while loads are under way, by `seq`: newer than their pages. */
  readonly aside: readonly Message[];
}

export interface Load {
  readonly place: Place;
  /** The state's position when it asked: an older page has missed something. */
  readonly since: Cursor;
}

export interface Pending {
  readonly nonce: string;
  readonly workspaceId: WorkspaceId;
  readonly channelId: ChannelId;
  readonly body: string;
  /** In milliseconds of the client's clock. */
  readonly queuedAt: number;
  /** `sending` also while offline; `sent` is acknowledged and about to appear in the timeline. */
  readonly status: "sending" | "sent" | "failed";
  readonly failure?: SendFailure;
}

export interface SendFailure {
  /** `access_lost`: the channel went away while the message waited. */
  readonly code: ProblemCode | "access_lost";
  readonly detail?: string;
}

export const initialState: State = {
  account: null,
  signedOut: false,
  connection: { status: "idle" },
  workspaces: {},
  presence: {},
  typing: {},
  reads: {},
  timelines: {},
  outbox: [],
};
