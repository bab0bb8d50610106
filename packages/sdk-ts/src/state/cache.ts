//! What outlives the page: the state cut into parts that are kept, and put together again.

import type { Account, ConversationId, Message } from "../shapes.ts";
import { put } from "./merge.ts";
import { wantQuotes } from "./messages.ts";
import { stay } from "./reading.ts";
import {
  initialState,
  type Counted,
  type Reading,
  type State,
  type Timeline,
  type WorkspaceState,
} from "./state.ts";
import { emptyTimeline, KEPT_ROWS, withNewest } from "./timeline.ts";

/** Plain values by name. A part keeps its identity until it changes. */
export type Parts = Map<string, unknown>;

/** Written into every cache; what another version wrote is not read. */
export const CACHE_SCHEMA = 1;

const SCHEMA = "schema";
const ACCOUNT = "account";
const WORKSPACE = "workspace";
const TIMELINE = "timeline";
const KEPT_MESSAGES = 1_000;
const TABLES = ["reads", "follows", "saved", "drafts", "preferences"] as const;
const WORKSPACE_TABLES = ["channels", "members", "users", "userSeqs"] as const;

type Core = Omit<WorkspaceState, (typeof WORKSPACE_TABLES)[number]>;

/** The newest rows of a conversation. */
interface KeptTimeline {
  readonly channelId: string;
  readonly rootId: string | null;
  readonly rows: readonly Message[];
  readonly hasOlder: boolean;
}

const cores = new WeakMap<WorkspaceState, Core>();
const kepts = new WeakMap<readonly Message[], KeptTimeline>();
const shelves = new WeakMap<State["messages"], State["messages"]>();

/** The name of a conversation's part. */
export const timelinePart = (id: ConversationId): string => `${TIMELINE} ${id}`;

/** Whether a part holds a conversation's rows. */
export const isTimelinePart = (name: string): boolean => name.startsWith(`${TIMELINE} `);

/** The parts of a state that are worth keeping; of timelines, those that are named. */
export function partsOf(state: State, conversations: readonly ConversationId[]): Parts {
  const parts: Parts = new Map<string, unknown>([
    [SCHEMA, CACHE_SCHEMA],
    [ACCOUNT, state.account],
    ["messages", memo(shelves, state.messages, newestOf)],
  ]);
  for (const table of TABLES) parts.set(table, state[table]);
  for (const [id, workspace] of Object.entries(state.workspaces)) {
    // A log that cannot be continued leads nowhere.
    if (workspace.broken) continue;
    parts.set(`${WORKSPACE} ${id}`, memo(cores, workspace, coreOf));
    for (const table of WORKSPACE_TABLES) {
      parts.set(`${WORKSPACE} ${id} ${table}`, workspace[table]);
    }
  }
  for (const id of conversations) {
    const timeline = state.timelines[id];
    if (timeline === undefined || !timeline.loaded || timeline.stale || timeline.hasNewer) continue;
    parts.set(
      timelinePart(id),
      memo(kepts, timeline.rows, () => keptOf(timeline)),
    );
  }
  return parts;
}

function memo<K extends object, V>(known: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  const held = known.get(key);
  if (held !== undefined) return held;
  const made = make(key);
  known.set(key, made);
  return made;
}

function coreOf(workspace: WorkspaceState): Core {
  const { channels: _, members: __, users: ___, userSeqs: ____, ...core } = workspace;
  return core;
}

function keptOf({ channelId, rootId, rows, hasOlder }: Timeline): KeptTimeline {
  const kept = rows.length > KEPT_ROWS ? rows.slice(rows.length - KEPT_ROWS) : rows;
  return { channelId, rootId, rows: kept, hasOlder: hasOlder || kept.length < rows.length };
}

function newestOf(messages: State["messages"]): State["messages"] {
  const entries = Object.entries(messages);
  return entries.length <= KEPT_MESSAGES
    ? messages
    : Object.fromEntries(entries.slice(entries.length - KEPT_MESSAGES));
}

/**
 * The state that these parts were cut from, as far as it was kept. Null when another version of
 * this program wrote them or something is missing.
 */
export function stateFrom(parts: ReadonlyMap<string, unknown>): Partial<State> | null {
  const account = parts.get(ACCOUNT) as Account | undefined;
  if (parts.get(SCHEMA) !== CACHE_SCHEMA || account === undefined) return null;
  const workspaces: Record<string, WorkspaceState> = {};
  for (const [name, core] of parts) {
    const [kind, id, table] = name.split(" ");
    if (kind !== WORKSPACE || id === undefined || table !== undefined) continue;
    const tables = WORKSPACE_TABLES.map((each) => [each, parts.get(`${name} ${each}`)] as const);
    if (tables.some(([, value]) => value === undefined)) return null;
    const whole = { ...(core as Core), ...Object.fromEntries(tables) } as WorkspaceState;
    workspaces[id] = { ...whole, caughtUp: false };
  }
  const tables = [...TABLES, "messages" as const].map(
    (table) => [table, parts.get(table) ?? initialState[table]] as const,
  );
  const kept = Object.fromEntries(tables) as Pick<State, (typeof TABLES)[number] | "messages">;
  return {
    ...kept,
    account,
    workspaces,
    reads: withoutRetreats(kept.reads),
    follows: withoutRetreats(kept.follows),
    timelines: timelinesFrom(parts),
  };
}

/** A move back that nobody answered is forgotten with its page; the server says what became of it. */
function withoutRetreats<T extends Counted>(
  readings: Readonly<Record<string, Reading<T>>>,
): Readonly<Record<string, Reading<T>>> {
  return Object.entries(readings)
    .filter(([, { local }]) => local?.back === true)
    .reduce((next, [id, reading]) => put(next, id, stay(reading)), readings);
}

/** The timelines among these parts, as they stood. */
export function timelinesFrom(
  parts: ReadonlyMap<string, unknown>,
): Readonly<Record<ConversationId, Timeline>> {
  const timelines: Record<ConversationId, Timeline> = {};
  for (const [name, value] of parts) {
    if (!isTimelinePart(name)) continue;
    const { channelId, rootId, rows, hasOlder } = value as KeptTimeline;
    const newest = rows.at(-1);
    const last = (rootId === null ? newest?.seq : newest?.thread_seq) ?? 0;
    const empty = emptyTimeline(channelId, rootId, last);
    timelines[rootId ?? channelId] = { ...empty, open: false, rows, hasOlder, loaded: true };
  }
  return timelines;
}

/** Shows what an earlier page of this account left, where nothing is known yet. */
export function restore(state: State, kept: Partial<State>): State {
  if (Object.keys(state.workspaces).length > 0) return state;
  const account = state.account ?? kept.account ?? null;
  return wanted({ ...state, ...kept, account }, kept.timelines ?? {});
}

/** More timelines of the same moment: before any event was applied to the others. */
export function restoreTimelines(state: State, more: State["timelines"]): State {
  const fresh = Object.fromEntries(
    Object.entries(more)
      .filter(([id]) => !state.timelines[id]?.loaded)
      .map(([id, timeline]) => [id, adopt(timeline, state.timelines[id])]),
  );
  return wanted({ ...state, timelines: { ...state.timelines, ...fresh } }, fresh);
}

/** What was opened meanwhile stays open; pages that are under way still come. */
function adopt(timeline: Timeline, held: Timeline | undefined): Timeline {
  if (held === undefined) return timeline;
  const { open, loads, loading, aside, notes, last } = held;
  return withNewest({ ...timeline, open, loads, loading, aside, notes }, last);
}

function wanted(state: State, timelines: State["timelines"]): State {
  return Object.values(timelines).reduce((next, { rows }) => wantQuotes(next, rows), state);
}
