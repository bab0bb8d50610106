//! What one has begun to write: one's own hand is newer than what comes from elsewhere.

import type { ChannelId, ConversationId, Draft, MessageId, WorkspaceId } from "../shapes.ts";
import { millisOf } from "../time.ts";
import { omit, put } from "./merge.ts";
import type { DraftText, State } from "./state.ts";

/** Somebody types here. */
export function typeDraft(
  state: State,
  {
    channelId,
    rootId,
    body,
    at,
  }: {
    readonly channelId: ChannelId;
    readonly rootId: MessageId | null;
    readonly body: string;
    readonly at: number;
  },
): State {
  const id = rootId ?? channelId;
  const held = state.drafts[id];
  if ((held?.body ?? "") === body) return state;
  const version = held?.version ?? 0;
  // What the server never heard of need not be taken back there.
  if (body === "" && version === 0 && held?.told !== true)
    return { ...state, drafts: omit(state.drafts, id) };
  const thread = rootId === null ? {} : { rootId };
  const told = held?.told === true ? { told: true as const } : {};
  const draft: DraftText = {
    channelId,
    ...thread,
    body,
    updatedAt: at,
    version,
    dirty: true,
    ...told,
  };
  return { ...state, drafts: put(state.drafts, id, draft) };
}

/** The server is being told: from now on only its word says that it has nothing. */
export function tellDraft(state: State, id: ConversationId): State {
  const held = state.drafts[id];
  if (held === undefined || held.told === true) return state;
  return { ...state, drafts: put(state.drafts, id, { ...held, told: true }) };
}

/** The server's word about a draft, from this device or another. */
export function hearDraft(state: State, draft: Draft): State {
  const id = draft.thread_root_id ?? draft.channel_id;
  const held = state.drafts[id];
  if (held !== undefined && draft.version <= held.version) return state;
  const keeps = held?.dirty === true && held.body !== draft.body;
  return {
    ...state,
    drafts: put(state.drafts, id, keeps ? { ...held, version: draft.version } : textOf(draft)),
  };
}

function textOf(draft: Draft): DraftText {
  const { channel_id, thread_root_id, body, updated_at, version } = draft;
  const thread = thread_root_id === undefined ? {} : { rootId: thread_root_id };
  const updatedAt = millisOf(updated_at);
  return { channelId: channel_id, ...thread, body, updatedAt, version, dirty: false };
}

/** The server has taken this text; what was typed since is still to be told. */
export function draftTold(state: State, draft: Draft, body: string): State {
  const id = draft.thread_root_id ?? draft.channel_id;
  const next = hearDraft(state, draft);
  const held = next.drafts[id];
  if (held === undefined || !held.dirty || held.body !== body) return next;
  return { ...next, drafts: put(next.drafts, id, { ...held, dirty: false }) };
}

/** What one has begun to write in a conversation. */
export function draftOf(state: State, id: ConversationId): string {
  return state.drafts[id]?.body ?? "";
}

/** One's unsent texts in a workspace, the newest first. */
export function draftsIn(state: State, workspaceId: WorkspaceId): DraftText[] {
  const channels = state.workspaces[workspaceId]?.channels ?? {};
  return Object.values(state.drafts)
    .filter(({ body, channelId }) => body !== "" && channels[channelId] !== undefined)
    .toSorted((a, b) => b.updatedAt - a.updatedAt);
}
