//! The contract's shapes under the names that people use.

export type {
  Account,
  AccountPage,
  AuthProviders,
  Channel,
  ChannelKind,
  ChannelMemberPage,
  ChannelPage,
  ChannelPreferences,
  ClientFrame,
  CreatedInvite,
  Draft,
  DraftList,
  Event,
  EventPage,
  FollowedThread,
  FollowedThreadPage,
  Health,
  Instance,
  Invite,
  InvitePage,
  InvitePreview,
  InviteRole,
  Member,
  MemberPage,
  Mentions,
  Message,
  MessageHistory,
  MessagePage,
  MessageRevision,
  PersonalState,
  Pin,
  PinList,
  Presence,
  PresenceList,
  Problem,
  ProblemCode,
  Reaction,
  ReactionList,
  ReactionPeople,
  ReactionSet,
  ReadState,
  ResyncReason,
  Role,
  SavedMark,
  SavedMessage,
  SavedPage,
  Sent,
  ServerFrame,
  Session,
  SessionList,
  Sidebar,
  SidebarSection,
  SignedIn,
  SignupPolicy,
  Snapshot,
  ThreadFollow,
  ThreadPage,
  ThreadSummary,
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
/** A channel's id, or that of the message on which a thread hangs. */
export type ConversationId = ChannelId | MessageId;
