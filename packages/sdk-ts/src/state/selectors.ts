//! Questions to the state.

import type {
  Channel,
  ChannelId,
  ConversationId,
  Message,
  MessageId,
  Presence,
  SidebarSection,
  User,
  UserId,
  Workspace,
  WorkspaceId,
} from "../shapes.ts";
import { findRow, freshest } from "./messages.ts";
import type { Pending, State, WorkspaceState } from "./state.ts";
import { rowAt } from "./timeline.ts";
import { wishedPreferences, wishedReactions, wishedSaved, wishedSections } from "./wishes.ts";
import { workspaceOf } from "./workspaces.ts";

export { placeOf } from "./timeline.ts";
export { workspaceOf } from "./workspaces.ts";

export function channelOf(state: State, channelId: ChannelId): Channel | undefined {
  return workspaceOf(state, channelId)?.channels[channelId];
}

const names = new Intl.Collator();
const sorted = new WeakMap<WorkspaceState["channels"], Channel[]>();
/** How a workspace's channels stood last: what is nearly in order is quickly put in order. */
const orders = new WeakMap<Workspace, readonly ChannelId[]>();

/** The channels one may see, by name, archived ones last. */
export function visibleChannels(state: State, workspaceId: WorkspaceId): Channel[] {
  const held = state.workspaces[workspaceId];
  if (held === undefined) return [];
  const known = sorted.get(held.channels);
  if (known !== undefined) return known;
  const before = new Set(orders.get(held.workspace));
  const ids = [...before, ...Object.keys(held.channels).filter((id) => !before.has(id))];
  const channels = ids
    .flatMap((id) => held.channels[id] ?? [])
    .toSorted(
      (a, b) =>
        Number(a.archived_at !== undefined) - Number(b.archived_at !== undefined) ||
        names.compare(a.name, b.name) ||
        (a.id < b.id ? -1 : 1),
    );
  sorted.set(held.channels, channels);
  orders.set(
    held.workspace,
    channels.map(({ id }) => id),
  );
  return channels;
}

/** The channels one is in, by name, without archived ones. */
export function joinedChannels(state: State, workspaceId: WorkspaceId): Channel[] {
  const joined = state.workspaces[workspaceId]?.joined ?? {};
  return visibleChannels(state, workspaceId).filter(
    ({ id, archived_at }) => archived_at === undefined && joined[id],
  );
}

/** The channel of a conversation; of a thread, once it was opened or followed. */
export function channelIdOf(state: State, id: ConversationId): ChannelId | undefined {
  if (channelOf(state, id) !== undefined) return id;
  return (
    state.timelines[id]?.channelId ??
    state.follows[id]?.base.channel_id ??
    state.messages[id]?.channel_id
  );
}

/** One's own messages on their way to a conversation, to be shown below its newest rows. */
export function pendingIn(state: State, id: ConversationId): Pending[] {
  return state.outbox.filter(({ channelId, rootId, alsoInChannel }) =>
    id === channelId ? rootId === undefined || alsoInChannel === true : rootId === id,
  );
}

export function userOf(state: State, workspaceId: WorkspaceId, userId: UserId): User | undefined {
  return state.workspaces[workspaceId]?.users[userId];
}

/** Who wrote a message, by the name the person has now. */
export function authorOf(state: State, message: Message): User {
  return userOf(state, message.workspace_id, message.author.id) ?? message.author;
}

export function presenceOf(state: State, userId: UserId): Presence {
  return state.presence[userId] ?? "offline";
}

/** Who types in a conversation, who began first at the front. */
export function typingIn(state: State, id: ConversationId): UserId[] {
  return Object.keys(state.typing[id] ?? {});
}

export function messageAt(state: State, id: ConversationId, place: number): Message | undefined {
  const timeline = state.timelines[id];
  return timeline === undefined ? undefined : rowAt(timeline, place);
}

/** A message wherever it is held. */
export function messageOf(state: State, id: MessageId): Message | undefined {
  return state.messages[id] ?? findRow(state, id);
}

/** The message on which a thread hangs. */
export function rootOf(state: State, rootId: MessageId): Message | undefined {
  return messageOf(state, rootId);
}

/** The freshest known form of a message that came from a list. */
export function currentMessage(state: State, message: Message): Message {
  return freshest(state, message);
}

/** What a message quotes, as far as one may see it. */
export type Quoted =
  | { readonly status: "known"; readonly message: Message }
  | { readonly status: "loading" }
  | { readonly status: "hidden" };

const LOADING: Quoted = { status: "loading" };
const HIDDEN: Quoted = { status: "hidden" };
const quotes = new WeakMap<Message, Quoted>();

/** A quoted message by its id. The same message gives the same answer. */
export function quotedMessage(state: State, id: MessageId): Quoted {
  const message = state.messages[id];
  if (message === undefined) return LOADING;
  if (message === null) return HIDDEN;
  const known = quotes.get(message) ?? { status: "known", message };
  quotes.set(message, known);
  return known;
}

/** A reaction as it is shown, with what oneself has just done. */
export interface ShownReaction {
  readonly emoji: string;
  readonly count: number;
  readonly mine: boolean;
  /** The first who reacted so first. */
  readonly userIds: readonly UserId[];
}

const NO_REACTIONS: readonly ShownReaction[] = [];
const shown = new WeakMap<
  object,
  { readonly me: UserId; readonly list: readonly ShownReaction[] }
>();

/** A message's reactions in the order of coming. Unchanged ones give the same list. */
export function reactionsOf(state: State, message: Message): readonly ShownReaction[] {
  const me = state.account?.id;
  const items = wishedReactions(state, message);
  if (items.length === 0 || me === undefined) return NO_REACTIONS;
  const held = shown.get(items);
  if (held?.me === me) return held.list;
  const list = items.map(({ emoji, user_ids }) => ({
    emoji,
    count: user_ids.length,
    mine: user_ids.includes(me),
    userIds: user_ids,
  }));
  shown.set(items, { me, list });
  return list;
}

export function isSaved(state: State, messageId: MessageId): boolean {
  return wishedSaved(state, messageId);
}

/** What one keeps about a channel. */
export function preferencesOf(
  state: State,
  channelId: ChannelId,
): { readonly starred: boolean; readonly muted: boolean } {
  return wishedPreferences(state, channelId);
}

/** The sidebar's sections as one arranged them. */
export function sidebarOf(state: State, id: WorkspaceId): readonly SidebarSection[] {
  return wishedSections(state, id);
}
