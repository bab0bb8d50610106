//! The SDK: a typed client, realtime with resume, and the state of an account as pure functions.

export * from "./shapes.ts";
export { createClient, type Client } from "./client/client.ts";
export { isProblem, NetworkError, ProblemError } from "./client/errors.ts";
export type { OwnQuery, ThreadQuery } from "./client/conversation.ts";
export type { HistoryQuery } from "./client/messages.ts";
export type { PageQuery } from "./client/people.ts";
export type { EventQuery } from "./client/system.ts";
export type { CallOptions, ClientOptions } from "./client/transport.ts";
export {
  memoryDatabases,
  type Changes,
  type Database,
  type Databases,
  type Tabs,
} from "./live/database.ts";
export { indexedDatabases } from "./live/indexed.ts";
export {
  createLive,
  type Live,
  type LiveOptions,
  type ReplyOptions,
  type SendOptions,
  type StartOptions,
} from "./live/live.ts";
export type { Clock, Platform, Socket, Timers } from "./realtime/platform.ts";
export { createRealtime, type Realtime, type RealtimeOptions } from "./realtime/realtime.ts";
export { createTyping, type Typing } from "./realtime/typing.ts";
export { canonical, type Canonical } from "./state/canonical.ts";
export type {
  AnswerInput,
  Input,
  OwnInput,
  Page,
  SendInput,
  TimelineInput,
} from "./state/input.ts";
export { draftOf, draftsIn } from "./state/drafts.ts";
export { mergeEntity, type Versioned } from "./state/merge.ts";
export { needs, type Need } from "./state/needs.ts";
export { reduce } from "./state/reduce.ts";
export * from "./state/selectors.ts";
export {
  accountCounts,
  callsMe,
  followOf,
  isUnread,
  readSeqOf,
  unreadIn,
  unreadThreads,
  unreadWorkspace,
  workspaceCounts,
  type WorkspaceCounts,
} from "./state/unread.ts";
export {
  initialState,
  type Connection,
  type Counts,
  type DraftText,
  type Load,
  type Pending,
  type Place,
  type Reading,
  type SendFailure,
  type State,
  type Timeline,
  type Wish,
  type WorkspaceState,
} from "./state/state.ts";
