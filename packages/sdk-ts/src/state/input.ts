//! Everything that can change the state.

import type {
  Account,
  Channel,
  ChannelId,
  Member,
  MemberPage,
  Message,
  MessagePage,
  ProblemCode,
  ReadState,
  Sent,
  ServerFrame,
  Snapshot,
  Workspace,
  WorkspaceId,
} from "../shapes.ts";
import type { Connection, Pending, Place, SendFailure } from "./state.ts";

export type Input =
  | { readonly type: "account.loaded"; readonly account: Account }
  | { readonly type: "signed_out" }
  | { readonly type: "connection.changed"; readonly connection: Connection }
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
  | { readonly type: "read.marked"; readonly channelId: ChannelId; readonly seq: number };

/** Reading a channel's history. */
export type TimelineInput =
  | {
      readonly type: "page.requested";
      readonly channelId: ChannelId;
      readonly loadId: string;
      readonly place: Place;
    }
  | {
      readonly type: "page.loaded";
      readonly channelId: ChannelId;
      readonly loadId: string;
      readonly page: MessagePage;
    }
  | {
      readonly type: "page.failed";
      readonly channelId: ChannelId;
      readonly loadId: string;
      readonly reason: ProblemCode | "network";
    }
  | { readonly type: "timeline.closed"; readonly channelId: ChannelId };

/** Answers of the server to calls; each may come late. */
export type AnswerInput =
  | {
      readonly type: "members.loaded";
      readonly workspaceId: WorkspaceId;
      readonly page: MemberPage;
    }
  | { readonly type: "workspace.answered"; readonly workspace: Workspace }
  | { readonly type: "channel.answered"; readonly channel: Channel }
  | { readonly type: "member.answered"; readonly member: Member }
  | { readonly type: "message.answered"; readonly message: Message }
  | { readonly type: "read.answered"; readonly read: ReadState };

/** The way of one's own message. */
export type SendInput =
  | { readonly type: "send.queued"; readonly send: Pending }
  | { readonly type: "send.answered"; readonly nonce: string; readonly sent: Sent }
  | { readonly type: "send.failed"; readonly nonce: string; readonly failure: SendFailure }
  | { readonly type: "send.retried"; readonly nonce: string }
  | { readonly type: "send.discarded"; readonly nonce: string };

/** People by whom something was typed before this long ago type no more. */
export const TYPING_EXPIRES_MS = 5_000;
