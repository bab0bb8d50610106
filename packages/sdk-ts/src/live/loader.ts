//! Fetches what the state lacks: pages of timelines, channels that became visible, the directory.

import { isProblem, ProblemError } from "../client/errors.ts";
import type { HistoryQuery } from "../client/messages.ts";
import type { ChannelId, ConversationId, MessageId, WorkspaceId } from "../shapes.ts";
import type { Page } from "../state/input.ts";
import { needs, type Need } from "../state/needs.ts";
import type { Place, Timeline } from "../state/state.ts";
import { placeOf, rowAt } from "../state/timeline.ts";
import { Lookups, type SmallNeed } from "./lookups.ts";
import type { Shared } from "./shared.ts";

const PAGE_SIZE = 50;
const DIRECTORY_PAGE_SIZE = 200;
/** Directories beyond this are for searching, not for holding. */
const DIRECTORY_PAGES = 10;

export interface LoaderOptions extends Shared {
  /** Asks for a new base of a workspace. */
  resync(workspaceId: WorkspaceId): void;
}

export class Loader {
  readonly #options: LoaderOptions;
  readonly lookups: Lookups;
  #lastLoad = 0;
  readonly #filling = new Set<WorkspaceId>();
  /** Needs whose fetching failed: they wait until there is reason to hope. */
  readonly #tired = new Set<string>();

  constructor(options: LoaderOptions) {
    this.#options = options;
    this.lookups = new Lookups(options, () => this.attend());
  }

  /** Sees to what the state lacks; called after every change. */
  attend(): void {
    const small: SmallNeed[] = [];
    for (const need of needs(this.#options.state())) {
      if (isSmall(need)) small.push(need);
      else if (!this.#tired.has(keyOf(need))) this.#fulfil(need);
    }
    if (small.length > 0) this.lookups.attend(small);
  }

  /** The network may be back. */
  hope(): void {
    this.#tired.clear();
    this.lookups.hope();
    for (const [id, timeline] of Object.entries(this.#options.state().timelines)) {
      const lacking = !timeline.loaded && timeline.failed === "network";
      if (lacking) void this.load(id, "newest");
    }
    this.attend();
  }

  async open(channelId: ChannelId, rootId: MessageId | null, at: "newest" | number): Promise<void> {
    this.#options.dispatch({ type: "timeline.opened", channelId, rootId });
    const id = rootId ?? channelId;
    const timeline = this.#options.state().timelines[id];
    if (timeline === undefined) return;
    const busy = timeline.loading.newest || timeline.loading.around;
    if (at === "newest") {
      if (!busy && !timeline.loaded) await this.load(id, "newest");
    } else if (rowAt(timeline, at) === undefined) {
      await this.load(id, "around", at);
    }
  }

  /** Loads a page. Failure is shown in the timeline, not thrown. */
  async load(id: ConversationId, place: Place, around?: number): Promise<void> {
    const timeline = this.#options.state().timelines[id];
    const query = timeline && queryOf(timeline, place, around);
    if (timeline === undefined || !query) return;
    this.#lastLoad += 1;
    const loadId = String(this.#lastLoad);
    const { dispatch } = this.#options;
    dispatch({ type: "page.requested", conversationId: id, loadId, place });
    try {
      const page = await this.#fetch(timeline, { ...query, limit: PAGE_SIZE });
      dispatch({ type: "page.loaded", conversationId: id, loadId, page });
    } catch (error) {
      if (isProblem(error, "unauthenticated")) return this.#options.signedOut();
      if (this.#options.state().timelines[id]?.stale) this.#tired.add(timelineKey(id));
      const reason = error instanceof ProblemError ? error.code : "network";
      dispatch({ type: "page.failed", conversationId: id, loadId, reason });
    }
  }

  /** Brings the directory, or the part that matches, into the state. Throws when the server refuses. */
  async members(workspaceId: WorkspaceId, q?: string): Promise<void> {
    let cursor: string | undefined;
    for (let pages = 0; pages < DIRECTORY_PAGES; pages += 1) {
      const page = await this.#options.client.members.list(workspaceId, {
        limit: DIRECTORY_PAGE_SIZE,
        ...(q === undefined ? {} : { q }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      this.#options.dispatch({ type: "members.loaded", workspaceId, page });
      cursor = page.next_cursor;
      if (cursor === undefined) return;
    }
  }

  async #fetch({ channelId, rootId }: Timeline, query: HistoryQuery): Promise<Page> {
    const { messages } = this.#options.client;
    if (rootId === null) return messages.list(channelId, query);
    const { replies, ...page } = await messages.getThread(rootId, query);
    return { ...page, messages: replies };
  }

  #fulfil(need: BigNeed): void {
    if (need.kind === "snapshot") this.#options.resync(need.workspaceId);
    else if (need.kind === "channels") void this.#fill(need.workspaceId);
    else if (need.around === undefined) void this.load(need.conversationId, "newest");
    else void this.load(need.conversationId, "around", need.around);
  }

  async #fill(workspaceId: WorkspaceId): Promise<void> {
    if (this.#filling.has(workspaceId)) return;
    this.#filling.add(workspaceId);
    try {
      const snapshot = await this.#options.client.workspaces.getSnapshot(workspaceId);
      this.#options.dispatch({ type: "snapshot.merged", snapshot });
    } catch (error) {
      this.#tired.add(channelsKey(workspaceId));
      if (isProblem(error, "unauthenticated")) this.#options.signedOut();
      else this.#options.report(error);
    } finally {
      this.#filling.delete(workspaceId);
    }
  }
}

type BigNeed = Exclude<Need, SmallNeed>;

function isSmall(need: Need): need is SmallNeed {
  return ["message", "follow", "count", "own"].includes(need.kind);
}

function queryOf(timeline: Timeline, place: Place, around?: number): HistoryQuery | null {
  if (place === "newest") return {};
  if (place === "around") return around === undefined ? null : { around_seq: Math.max(1, around) };
  if (!timeline.loaded || timeline.stale || timeline.loading[place]) return null;
  const id = timeline.rootId ?? timeline.channelId;
  const [first, last] = [timeline.rows[0], timeline.rows.at(-1)];
  if (place === "older") {
    return first && timeline.hasOlder ? { before_seq: placeOf(first, id) } : null;
  }
  return timeline.hasNewer ? { after_seq: last === undefined ? 0 : placeOf(last, id) } : null;
}

function keyOf(need: BigNeed): string {
  if (need.kind === "timeline") return timelineKey(need.conversationId);
  return need.kind === "channels" ? channelsKey(need.workspaceId) : need.workspaceId;
}

const timelineKey = (id: ConversationId) => `timeline ${id}`;
const channelsKey = (workspaceId: WorkspaceId) => `channels ${workspaceId}`;
