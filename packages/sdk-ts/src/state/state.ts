//! What a client knows of one account: plain immutable data.

import type {
  Account,
  Channel,
  ChannelId,
  ChannelPreferences,
  ConversationId,
  Cursor,
  Member,
  Message,
  MessageId,
  ProblemCode,
  ReadState,
  SavedMark,
  Sidebar,
  SidebarSection,
  ThreadFollow,
  ThreadSummary,
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
  readonly typing: Readonly<Record<ConversationId, Readonly<Record<UserId, number>>>>;
  /** How far oneself has read channels. */
  readonly reads: Readonly<Record<ChannelId, Reading<ReadState>>>;
  /** Threads that one follows or does not, by their roots, and how far one has read them. */
  readonly follows: Readonly<Record<MessageId, Reading<ThreadFollow>>>;
  readonly saved: Readonly<Record<MessageId, SavedMark>>;
  readonly drafts: Readonly<Record<ConversationId, DraftText>>;
  readonly preferences: Readonly<Record<ChannelId, ChannelPreferences>>;
  /** Only of conversations that were opened. */
  readonly timelines: Readonly<Record<ConversationId, Timeline>>;
  /** Messages held by themselves: roots, quoted and looked-up ones; null is one that one may not see. */
  readonly messages: Readonly<Record<MessageId, Message | null>>;
  /** Quoted messages of which nothing is known yet. */
  readonly wantedMessages: readonly MessageId[];
  /** Threads with news of which nobody knows yet whether one follows them. */
  readonly wantedFollows: readonly MessageId[];
  /** What one did and the server has not answered yet, in the order of doing. */
  readonly wishes: readonly Wish[];
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
  /** How oneself arranged the sidebar. */
  readonly sidebar: Sidebar;
  /** A thread that is not among the follows is not followed. */
  readonly followsComplete: boolean;
  /** Version of the newest whole word about what one keeps here. */
  readonly ownVersion: number;
  /** Everything up to here is applied. */
  readonly cursor: Cursor;
  /** The replay after the last subscription is over. */
  readonly caughtUp: boolean;
  /** Visible channels whose content is not here yet. */
  readonly missing: readonly ChannelId[];
  /** What one keeps in a channel that was lost and given back is not here. */
  readonly ownMissing: boolean;
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
  readonly channelId: ChannelId;
  /** The message on which the thread hangs; null for the channel itself. */
  readonly rootId: MessageId | null;
  /** It is on the screen. */
  readonly open: boolean;
  /** One unbroken stretch of the conversation. A row keeps its identity until it changes. */
  readonly rows: readonly Message[];
  /** The newest place that is known to exist: `seq` in a channel, `thread_seq` in a thread. */
  readonly last: number;
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
  /** What happened outside of `rows` while loads are under way: newer than their pages. */
  readonly aside: readonly Message[];
  /** Changes, while loads are under way, of messages that their pages may bring. */
  readonly notes: readonly Note[];
}

export interface Load {
  readonly place: Place;
  /** The state's position when it asked: an older page has missed something. */
  readonly since: Cursor;
}

/** A change of a message that came without the message. */
export type Note =
  | {
      readonly kind: "reaction";
      /** Sequence of the event. */
      readonly at: number;
      readonly messageId: MessageId;
      readonly emoji: string;
      readonly userId: UserId;
      readonly on: boolean;
    }
  | { readonly kind: "thread"; readonly messageId: MessageId; readonly thread: ThreadSummary };

/** What the server says of a position of reading and of what stands after it. */
export interface Counted {
  readonly read_seq: number;
  readonly unread: number;
  readonly mentions: number;
  readonly version: number;
  readonly as_of: Cursor;
}

/** A position of reading, counted by the server and counted on by events. */
export interface Reading<T extends Counted> {
  readonly base: T;
  /** The sequence up to which the base is counted. */
  readonly asOf: number;
  /** What happened after the base was counted, in the order of the log. */
  readonly tail: readonly Later[];
  /** The tail holds everything that happened after this sequence. */
  readonly since: number;
  /** Up to which place of the conversation entries fell out of the tail. */
  readonly dropped: number;
  /** Where oneself is, as long as the server has not said so too. */
  readonly local: LocalPosition | null;
}

/** A message that came (1) or was deleted (-1), at a place of its conversation. */
export interface Later {
  /** Sequence of the event. */
  readonly at: number;
  readonly place: number;
  readonly unread: 1 | -1;
  readonly mentions: 1 | 0 | -1;
}

export interface LocalPosition {
  readonly place: number;
  /** Moved back on purpose. */
  readonly back: boolean;
}

/** What is unread: 0 to 100, where 100 stands for more than 99. */
export interface Counts {
  readonly unread: number;
  readonly mentions: number;
}

/** An unsent text. */
export interface DraftText {
  readonly channelId: ChannelId;
  readonly rootId?: MessageId;
  readonly body: string;
  /** In milliseconds of a client's clock. */
  readonly updatedAt: number;
  /** Of the server's word; 0 while it has none. */
  readonly version: number;
  /** The server does not have this text yet. */
  readonly dirty: boolean;
  /** The server may have heard of it, whether or not it has answered. */
  readonly told?: true;
}

/** Something that one did, shown before the server has answered. */
export type Wish = { readonly id: string } & (
  | {
      readonly kind: "reaction";
      readonly messageId: MessageId;
      readonly emoji: string;
      readonly on: boolean;
    }
  | { readonly kind: "saved"; readonly messageId: MessageId; readonly on: boolean }
  | { readonly kind: "follow"; readonly rootId: MessageId; readonly on: boolean }
  | {
      readonly kind: "channel";
      readonly channelId: ChannelId;
      readonly starred?: boolean;
      readonly muted?: boolean;
    }
  | {
      readonly kind: "sidebar";
      readonly workspaceId: WorkspaceId;
      readonly sections: readonly SidebarSection[];
    }
);

export interface Pending {
  readonly nonce: string;
  readonly workspaceId: WorkspaceId;
  readonly channelId: ChannelId;
  /** The message that it replies to. */
  readonly rootId?: MessageId;
  /** A reply that is to stand in the channel too. */
  readonly alsoInChannel?: boolean;
  readonly quoteOf?: MessageId;
  readonly body: string;
  /** In milliseconds of the client's clock. */
  readonly queuedAt: number;
  /** Grows with every message of the account, over all tabs. */
  readonly order: number;
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
  follows: {},
  saved: {},
  drafts: {},
  preferences: {},
  timelines: {},
  messages: {},
  wantedMessages: [],
  wantedFollows: [],
  wishes: [],
  outbox: [],
};
