//! Fetches what the state lacks: pages of timelines, channels that became visible, the directory.

import type { Client } from "../client/client.ts";
import { isProblem, ProblemError } from "../client/errors.ts";
import type { HistoryQuery } from "../client/channels.ts";
import type { ChannelId, WorkspaceId } from "../shapes.ts";
import type { Input } from "../state/input.ts";
import { needs, type Need } from "../state/needs.ts";
import type { Place, State, Timeline } from "../state/state.ts";

const PAGE_SIZE = 50;
const DIRECTORY_PAGE_SIZE = 200;
/** Directories beyond this are for searching, not for holding. */
const DIRECTORY_PAGES = 10;

export interface LoaderOptions {
  readonly client: Pick<Client, "messages" | "workspaces" | "members">;
  state(): State;
  dispatch(input: Input): void;
  signedOut(): void;
  /** Asks for a new base of a workspace. */
  resync(workspaceId: WorkspaceId): void;
  report(error: unknown): void;
}

export class Loader {
  readonly #options: LoaderOptions;
  #lastLoad = 0;
  readonly #filling = new Set<WorkspaceId>();
  /** Needs whose fetching failed: they wait until there is reason to hope. */
  readonly #tired = new Set<string>();

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** Sees to what the state lacks; called after every change. */
  attend(): void {
    for (const need of needs(this.#options.state())) {
      if (!this.#tired.has(keyOf(need))) this.#fulfil(need);
    }
  }

  /** The network may be back. */
  hope(): void {
    this.#tired.clear();
    for (const [channelId, timeline] of Object.entries(this.#options.state().timelines)) {
      const lacking = !timeline.loaded && timeline.failed === "network";
      if (lacking) void this.load(channelId, "newest");
    }
    this.attend();
  }

  async open(channelId: ChannelId, at: "newest" | number): Promise<void> {
    const timeline = this.#options.state().timelines[channelId];
    const busy = timeline !== undefined && (timeline.loading.newest || timeline.loading.around);
    if (at === "newest") {
      if (!busy && !timeline?.loaded) await this.load(channelId, "newest");
    } else if (timeline === undefined || !holds(timeline, at)) {
      await this.load(channelId, "around", at);
    }
  }

  /** Loads a page. Failure is shown in the timeline, not thrown. */
  async load(channelId: ChannelId, place: Place, seq?: number): Promise<void> {
    const query = queryOf(this.#options.state().timelines[channelId], place, seq);
    if (query === null) return;
    this.#lastLoad += 1;
    const loadId = String(this.#lastLoad);
    const { client, dispatch } = this.#options;
    dispatch({ type: "page.requested", channelId, loadId, place });
    try {
      const page = await client.messages.list(channelId, { ...query, limit: PAGE_SIZE });
      dispatch({ type: "page.loaded", channelId, loadId, page });
    } catch (error) {
      if (isProblem(error, "unauthenticated")) return this.#options.signedOut();
      if (this.#options.state().timelines[channelId]?.stale)
        this.#tired.add(timelineKey(channelId));
      const reason = error instanceof ProblemError ? error.code : "network";
      dispatch({ type: "page.failed", channelId, loadId, reason });
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

  #fulfil(need: Need): void {
    if (need.kind === "snapshot") this.#options.resync(need.workspaceId);
    else if (need.kind === "channels") void this.#fill(need.workspaceId);
    else if (need.around === undefined) void this.load(need.channelId, "newest");
    else void this.load(need.channelId, "around", need.around);
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

function queryOf(timeline: Timeline | undefined, place: Place, seq?: number): HistoryQuery | null {
  if (place === "newest") return {};
  if (place === "around") return seq === undefined ? null : { around_seq: Math.max(1, seq) };
  if (timeline === undefined || !timeline.loaded || timeline.stale || timeline.loading[place])
    return null;
  const [first, last] = [timeline.rows[0], timeline.rows.at(-1)];
  if (place === "older") return first && timeline.hasOlder ? { before_seq: first.seq } : null;
  return timeline.hasNewer ? { after_seq: last?.seq ?? 0 } : null;
}

function holds({ rows }: Timeline, seq: number): boolean {
  const [first, last] = [rows[0], rows.at(-1)];
  return first !== undefined && last !== undefined && first.seq <= seq && seq <= last.seq;
}

function keyOf(need: Need): string {
  if (need.kind === "timeline") return timelineKey(need.channelId);
  return need.kind === "channels" ? channelsKey(need.workspaceId) : need.workspaceId;
}

const timelineKey = (channelId: ChannelId) => `timeline ${channelId}`;
const channelsKey = (workspaceId: WorkspaceId) => `channels ${workspaceId}`;
