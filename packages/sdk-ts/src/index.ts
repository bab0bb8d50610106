//! The SDK: a typed client, realtime with resume, and the state of an account as pure functions.

export * from "./shapes.ts";
export { createClient, type Client } from "./client/client.ts";
export { isProblem, NetworkError, ProblemError } from "./client/errors.ts";
export type { HistoryQuery } from "./client/channels.ts";
export type { PageQuery } from "./client/people.ts";
export type { EventQuery } from "./client/system.ts";
export type { CallOptions, ClientOptions } from "./client/transport.ts";
export { createLive, type Live, type LiveOptions } from "./live/live.ts";
export { memoryStorage, type OutboxStorage, type StoredSend } from "./live/storage.ts";
export type { Clock, Platform, Socket, Timers } from "./realtime/platform.ts";
export { createRealtime, type Realtime, type RealtimeOptions } from "./realtime/realtime.ts";
export { createTyping, type Typing } from "./realtime/typing.ts";
export { canonical, type Canonical } from "./state/canonical.ts";
export type { AnswerInput, Input, SendInput, TimelineInput } from "./state/input.ts";
export { mergeEntity, type Versioned } from "./state/merge.ts";
export { needs, type Need } from "./state/needs.ts";
export { reduce } from "./state/reduce.ts";
export * from "./state/selectors.ts";
export {
  initialState,
  type Connection,
  type Load,
  type Pending,
  type Place,
  type SendFailure,
  type State,
  type Timeline,
  type WorkspaceState,
} from "./state/state.ts";
