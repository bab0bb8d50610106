//! Everything that can change the state.

import type {
  Account,
  Channel,
  ChannelId,
  ChannelPreferences,
  ConversationId,
  Draft,
  Member,
  MemberPage,
  Message,
  MessageId,
  MessagePage,
  PersonalState,
  ProblemCode,
  ReactionSet,
  ReadState,
  SavedMark,
  Sent,
  ServerFrame,
  Sidebar,
  Snapshot,
  ThreadFollow,
  ThreadSummary,
  User,
  Workspace,
  WorkspaceId,
} from "../shapes.ts";
import type {
  Connection,
  LocalPosition,
  Pending,
  Place,
  SendFailure,
  State,
  Timeline,
  Wish,
} from "./state.ts";

export type Input =
  | { readonly type: "account.loaded"; readonly account: Account }
  | { readonly type: "signed_out" }
  | { readonly type: "connection.changed"; readonly connection: Connection }
  /** What an earlier page of this account kept; it is shown until events bring it up to date. */
  | { readonly type: "cache.restored"; readonly kept: Partial<State> }
  /** More timelines of the same moment. */
  | {
      readonly type: "cache.timelines";
      readonly timelines: Readonly<Record<ConversationId, Timeline>>;
    }
  /** The base that events build on; the subscription goes on from its `as_of`. */
  | { readonly type: "snapshot.loaded"; readonly snapshot: Snapshot }
  /** Fills in what is missing while the events flow on. */
  | { readonly type: "snapshot.merged"; readonly snapshot: Snapshot }
  /** The server knows no such workspace for us. */
  | { readonly type: "workspace.lost"; readonly workspaceId: WorkspaceId }
  /** A frame of the socket and when it came, in milliseconds of the client's clock. */
  | { readonly type: "frame"; readonly frame: ServerFrame; readonly at: number }
  | { readonly type: "typing.expired"; readonly now: number }
  | TimelineInput
  | AnswerInput
  | SendInput
  | OwnInput;

/** A page of a channel or of a thread; of the latter with its root and whether one follows it. */
export interface Page extends MessagePage {
  readonly root?: Message;
  readonly follow?: ThreadFollow;
}

/** Reading a conversation's history. */
export type TimelineInput =
  | {
      readonly type: "timeline.opened";
      readonly channelId: ChannelId;
      readonly rootId: MessageId | null;
    }
  | {
      readonly type: "page.requested";
      readonly conversationId: ConversationId;
      readonly loadId: string;
      readonly place: Place;
    }
  | {
      readonly type: "page.loaded";
      readonly conversationId: ConversationId;
      readonly loadId: string;
      readonly page: Page;
    }
  | {
      readonly type: "page.failed";
      readonly conversationId: ConversationId;
      readonly loadId: string;
      readonly reason: ProblemCode | "network";
    }
  /** It is no longer on the screen; its newest rows stay. */
  | { readonly type: "timeline.closed"; readonly conversationId: ConversationId }
  | { readonly type: "timeline.dropped"; readonly conversationId: ConversationId };

/** Answers of the server to calls; each may come late. */
export type AnswerInput =
  | {
      readonly type: "members.loaded";
      readonly workspaceId: WorkspaceId;
      readonly page: MemberPage;
    }
  | {
      readonly type: "personal.loaded";
      readonly workspaceId: WorkspaceId;
      readonly personal: PersonalState;
    }
  | { readonly type: "user.answered"; readonly workspaceId: WorkspaceId; readonly user: User }
  | { readonly type: "workspace.answered"; readonly workspace: Workspace }
  | { readonly type: "channel.answered"; readonly channel: Channel }
  | { readonly type: "member.answered"; readonly member: Member }
  | { readonly type: "message.answered"; readonly message: Message }
  /** Messages to hold by themselves from now on. */
  | { readonly type: "messages.held"; readonly messages: readonly Message[] }
  /** One may not see it. */
  | { readonly type: "message.hidden"; readonly messageId: MessageId }
  | {
      readonly type: "reactions.answered";
      readonly message: Message;
      readonly reactions: ReactionSet;
    }
  | { readonly type: "thread.answered"; readonly thread: ThreadSummary }
  /** `asked` is the move that it answers, if it answers one. */
  | { readonly type: "read.answered"; readonly read: ReadState; readonly asked?: LocalPosition }
  | {
      readonly type: "follow.answered";
      readonly follow: ThreadFollow;
      readonly asked?: LocalPosition;
    }
  /** Whether one follows cannot be told. */
  | { readonly type: "follow.unknown"; readonly rootId: MessageId }
  | { readonly type: "saved.answered"; readonly saved: SavedMark }
  /** `body` is what was told. */
  | { readonly type: "draft.answered"; readonly draft: Draft; readonly body: string }
  | { readonly type: "preferences.answered"; readonly preferences: ChannelPreferences }
  | {
      readonly type: "sidebar.answered";
      readonly workspaceId: WorkspaceId;
      readonly sidebar: Sidebar;
    };

/** The way of one's own message. */
export type SendInput =
  | { readonly type: "send.queued"; readonly send: Pending }
  | { readonly type: "send.answered"; readonly nonce: string; readonly sent: Sent }
  | { readonly type: "send.failed"; readonly nonce: string; readonly failure: SendFailure }
  /** `order` puts it behind what waits now. */
  | { readonly type: "send.retried"; readonly nonce: string; readonly order: number }
  | { readonly type: "send.discarded"; readonly nonce: string };

/** What oneself does, before the server knows. */
export type OwnInput =
  | {
      readonly type: "read.marked";
      readonly conversationId: ConversationId;
      readonly place: number;
      readonly back?: boolean;
    }
  /** The server would not take the position. */
  | { readonly type: "read.refused"; readonly conversationId: ConversationId }
  | {
      readonly type: "draft.typed";
      readonly channelId: ChannelId;
      readonly rootId: MessageId | null;
      readonly body: string;
      readonly at: number;
    }
  | { readonly type: "draft.told"; readonly conversationId: ConversationId }
  | { readonly type: "wish.made"; readonly wish: Wish }
  | { readonly type: "wish.ended"; readonly id: string };

/** People by whom something was typed before this long ago type no more. */
export const TYPING_EXPIRES_MS = 5_000;
