//! What one keeps for oneself: positions of reading, followed threads, saved marks, preferences.

import { position } from "../cursor.ts";
import type {
  ConversationId,
  Message,
  PersonalState,
  ReadState,
  ThreadFollow,
  UserId,
  WorkspaceId,
} from "../shapes.ts";
import { hearDraft } from "./drafts.ts";
import { mergeEntity, omit, put, type Versioned } from "./merge.ts";
import { begin, countOn, hearAnswer, hearWord, moveTo, stay } from "./reading.ts";
import type { Counted, LocalPosition, Reading, State, WorkspaceState } from "./state.ts";
import { hereOf, inWorkspace, workspaceOf } from "./workspaces.ts";

type Readings<T extends Counted> = Readonly<Record<string, Reading<T>>>;

/** Takes the server's word about a channel in; `asked` is the move of one's own that it answers. */
export function hearRead(state: State, read: ReadState, asked?: LocalPosition): State {
  const here = hereOf(state, read.channel_id);
  const held = state.reads[read.channel_id];
  const heard = asked ? hearAnswer(held, read, here, asked) : hearWord(held, read, here);
  return withReads(state, put(state.reads, read.channel_id, heard));
}

/** Takes the server's word about a thread in. */
export function hearFollow(state: State, follow: ThreadFollow, asked?: LocalPosition): State {
  const heard = placeFollow(state, follow, asked);
  // A word that is older than the last list, about a thread that was not in it, may be outdated.
  const isOld = follow.version <= ownVersionOf(state, follow.channel_id);
  if (state.follows[follow.root_id] !== undefined || follow.version === 0 || !isOld) return heard;
  const wantedFollows = [...new Set([...heard.wantedFollows, follow.root_id])];
  return { ...heard, wantedFollows };
}

function ownVersionOf({ workspaces }: State, channelId: string): number {
  const all = Object.values(workspaces);
  return all.find(({ channels }) => channels[channelId] !== undefined)?.ownVersion ?? 0;
}

function placeFollow(state: State, follow: ThreadFollow, asked?: LocalPosition): State {
  const here = hereOf(state, follow.channel_id);
  const held = state.follows[follow.root_id];
  const heard = asked ? hearAnswer(held, follow, here, asked) : hearWord(held, follow, here);
  return withFollows(state, put(state.follows, follow.root_id, heard));
}

function withReads(state: State, reads: State["reads"]): State {
  return reads === state.reads ? state : { ...state, reads };
}

function withFollows(state: State, follows: State["follows"]): State {
  return follows === state.follows ? state : { ...state, follows };
}

/** Nobody needs to ask any more whether one follows this thread. */
export function unwantFollow(state: State, rootId: string): State {
  if (!state.wantedFollows.includes(rootId)) return state;
  return { ...state, wantedFollows: state.wantedFollows.filter((id) => id !== rootId) };
}

/** Reads on, or back on purpose, before the server knows. */
export function readTo(state: State, id: ConversationId, place: number, back: boolean): State {
  const [reads, follows] = [state.reads, state.follows];
  return withFollows(
    withReads(
      state,
      change(reads, id, (reading) => moveTo(reading, place, back)),
    ),
    change(follows, id, (reading) => moveTo(reading, place, back)),
  );
}

/** The server would not take a position of one's own. */
export function readRefused(state: State, id: ConversationId): State {
  return withFollows(
    withReads(state, change(state.reads, id, stay)),
    change(state.follows, id, stay),
  );
}

function change<T extends Counted>(
  readings: Readings<T>,
  id: string | undefined,
  by: (reading: Reading<T>) => Reading<T>,
): Readings<T> {
  const held = id === undefined ? undefined : readings[id];
  return id === undefined || held === undefined ? readings : put(readings, id, by(held));
}

/** A message came (1) or was deleted (-1) at this sequence of the log. */
export function countMessage(state: State, message: Message, at: number, unread: 1 | -1): State {
  const { channel_id, thread_root_id, seq, thread_seq } = message;
  const me = state.account?.id;
  if (me === undefined) return state;
  if (message.author.id === me) return unread === 1 ? sentAt(state, message, at) : state;
  const mentions = calls(message, me) ? unread : 0;
  const inChannel = workspaceOf(state, channel_id)?.joined[channel_id] ? seq : undefined;
  const count = <T extends Counted>(readings: Readings<T>, id?: string, place?: number) =>
    place === undefined
      ? readings
      : change(readings, id, (held) => countOn(held, { at, place, unread, mentions }));
  return withFollows(
    withReads(state, count(state.reads, channel_id, inChannel)),
    count(state.follows, thread_root_id, thread_seq),
  );
}

/** Whether a message names somebody or calls everybody. */
export function calls({ mentions }: Message, userId: UserId): boolean {
  return mentions?.everyone !== undefined || (mentions?.called.includes(userId) ?? false);
}

/**
 * Sending says that one has read up to there. The server says so too, and may have said since that
 * one went back: only what it had not counted then moves anything.
 */
export function sentAt(state: State, message: Message, at: number): State {
  const { channel_id, thread_root_id, seq, thread_seq } = message;
  const move = <T extends Counted>(readings: Readings<T>, id?: string, place?: number) =>
    place === undefined
      ? readings
      : change(readings, id, (held) => (at > held.asOf ? moveTo(held, place, false) : held));
  return withFollows(
    withReads(state, move(state.reads, channel_id, seq)),
    move(state.follows, thread_root_id, thread_seq),
  );
}

/** A reply came: whether one follows an old thread is asked once. */
export function wantFollow(state: State, { workspace_id, thread_root_id }: Message): State {
  if (thread_root_id === undefined || state.follows[thread_root_id] !== undefined) return state;
  const complete = state.workspaces[workspace_id]?.followsComplete ?? true;
  if (complete || state.wantedFollows.includes(thread_root_id)) return state;
  return { ...state, wantedFollows: [...state.wantedFollows, thread_root_id] };
}

/** One came into a channel: everything before has been read. The server's own word follows. */
export function startReading(state: State, read: ReadState): State {
  const held = state.reads[read.channel_id];
  const at = position(read.as_of).seq;
  if (held !== undefined && held.asOf >= at) return state;
  const base = { ...read, version: held?.base.version ?? 0 };
  // The server's own word may have been spoken right before its event.
  return withReads(state, put(state.reads, read.channel_id, begin(base, at - 1)));
}

/** Takes in all that one keeps in a workspace: what is not listed is there no longer. */
export function placePersonal(state: State, id: WorkspaceId, personal: PersonalState): State {
  const held = state.workspaces[id];
  if (held === undefined) return state;
  const counted = personal.follows.reduce(
    (next, follow) => placeFollow(next, follow),
    personal.reads.reduce((next, read) => hearRead(next, read), state),
  );
  const { version } = personal;
  const inside = (channelId: string) => held.channels[channelId] !== undefined;
  const placed: State = {
    ...withoutOldFollows(counted, personal, inside),
    saved: placeTable(counted.saved, personal.saved, {
      version,
      inside: (mark) => inside(mark.channel_id),
      key: (mark) => mark.message_id,
    }),
    preferences: placeTable(counted.preferences, personal.channel_preferences, {
      version,
      inside: (preferences) => inside(preferences.channel_id),
      key: (preferences) => preferences.channel_id,
    }),
    drafts: withoutLost(counted, personal, inside),
  };
  const drafted = personal.drafts.reduce(hearDraft, same(counted, placed));
  return inWorkspace(drafted, id, (workspace) => arranged(workspace, personal));
}

function arranged(workspace: WorkspaceState, personal: PersonalState): WorkspaceState {
  const sidebar = mergeEntity(workspace.sidebar, personal.sidebar);
  const followsComplete = personal.follows_complete;
  const ownVersion = Math.max(workspace.ownVersion, personal.version);
  const same =
    sidebar === workspace.sidebar &&
    followsComplete === workspace.followsComplete &&
    ownVersion === workspace.ownVersion &&
    !workspace.ownMissing;
  return same
    ? workspace
    : { ...workspace, sidebar, followsComplete, ownVersion, ownMissing: false };
}

interface Placing<T> {
  readonly version: number;
  inside(entry: T): boolean;
  key(entry: T): string;
}

/** The table with these entries; those of the workspace that are older and not listed are gone. */
function placeTable<T extends Versioned>(
  table: Readonly<Record<string, T>>,
  entries: readonly T[],
  { version, inside, key }: Placing<T>,
): Readonly<Record<string, T>> {
  const listed = new Set(entries.map(key));
  const gone = Object.entries(table).filter(
    ([id, entry]) => !listed.has(id) && entry.version <= version && inside(entry),
  );
  const left = gone.reduce((next, [id]) => omit(next, id), table);
  return entries.reduce(
    (next, entry) => put(next, key(entry), mergeEntity(next[key(entry)], entry)),
    left,
  );
}

const isEmpty = (table: object): boolean => Object.keys(table).length === 0;

/** Threads that are not listed are not followed, or too old to be named: those are asked for anew. */
function withoutOldFollows(
  state: State,
  { follows, follows_complete, version }: PersonalState,
  inside: (channelId: string) => boolean,
): State {
  const listed = new Set(follows.map(({ root_id }) => root_id));
  // A word about a channel that is not known anywhere came late: the channel was lost meanwhile.
  const elsewhere = (channelId: string) =>
    !inside(channelId) &&
    Object.values(state.workspaces).some(({ channels }) => channels[channelId] !== undefined);
  const old = Object.entries(state.follows)
    .filter(
      ([id, { base }]) => !listed.has(id) && base.version <= version && !elsewhere(base.channel_id),
    )
    .map(([id]) => id);
  // What an open thread knows stays until the answer. A page that is under way may tell how it was
  // before: then it is asked for as well.
  const open = old.filter((id) => state.timelines[id]?.open === true);
  const closed = old.filter((id) => !open.includes(id));
  const loading = Object.entries(state.timelines)
    .filter(([id, { rootId, loads }]) => rootId !== null && !listed.has(id) && !isEmpty(loads))
    .map(([id]) => id);
  if (old.length === 0 && (loading.length === 0 || follows_complete)) return state;
  return {
    ...state,
    follows: closed.reduce((next, id) => omit(next, id), state.follows),
    wantedFollows: [...new Set([...state.wantedFollows, ...open, ...loading])],
  };
}

function withoutLost(
  { drafts }: State,
  personal: PersonalState,
  inside: (channelId: string) => boolean,
): State["drafts"] {
  const listed = new Set(
    personal.drafts.map(({ channel_id, thread_root_id }) => thread_root_id ?? channel_id),
  );
  return Object.entries(drafts)
    .filter(
      ([id, { dirty, version, channelId }]) =>
        !dirty && version <= personal.version && !listed.has(id) && inside(channelId),
    )
    .reduce((next, [id]) => omit(next, id), drafts);
}

function same(before: State, after: State): State {
  const { saved, preferences, drafts, follows, wantedFollows } = before;
  const unchanged =
    after.saved === saved &&
    after.preferences === preferences &&
    after.drafts === drafts &&
    after.follows === follows &&
    after.wantedFollows === wantedFollows;
  return unchanged ? before : after;
}
