//! The contract's shapes under the names that people use.

export type {
  Account,
  AccountPage,
  AuthProviders,
  Channel,
  ChannelKind,
  ChannelMemberPage,
  ChannelPage,
  ClientFrame,
  CreatedInvite,
  Event,
  EventPage,
  Health,
  Instance,
  Invite,
  InvitePage,
  InvitePreview,
  InviteRole,
  Member,
  MemberPage,
  Message,
  MessageHistory,
  MessagePage,
  MessageRevision,
  PersonalState,
  Presence,
  PresenceList,
  Problem,
  ProblemCode,
  ReadState,
  ResyncReason,
  Role,
  Sent,
  ServerFrame,
  Session,
  SessionList,
  SignedIn,
  SignupPolicy,
  Snapshot,
  Ticket,
  TypingState,
  User,
  Workspace,
  WorkspaceCreation,
  WorkspaceList,
} from "./generated/api.ts";

import type { components } from "./generated/api.ts";

/** Every shape of the contract by its name there. */
export type Schemas = components["schemas"];

export type UserId = Schemas["UserId"];
export type WorkspaceId = Schemas["WorkspaceId"];
export type ChannelId = Schemas["ChannelId"];
export type MessageId = Schemas["MessageId"];
export type SessionId = Schemas["SessionId"];
export type InviteId = Schemas["InviteId"];
export type Cursor = Schemas["Cursor"];
