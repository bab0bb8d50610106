//! Keeps a socket open and every wanted workspace subscribed, from exactly where it was applied.

import type { Client } from "../client/client.ts";
import { isProblem } from "../client/errors.ts";
import type {
  ChannelId,
  Cursor,
  MessageId,
  ProblemCode,
  ServerFrame,
  TypingState,
  WorkspaceId,
} from "../shapes.ts";
import type { Input } from "../state/input.ts";
import type { Connection as Status } from "../state/state.ts";
import { backoff, STABLE_AFTER_MS } from "./backoff.ts";
import { openConnection, type Connection } from "./connection.ts";
import { ownPlatform, type Platform } from "./platform.ts";

export interface RealtimeOptions {
  /** `ws:` or `wss:` address of the socket. */
  readonly url: string;
  readonly client: Pick<Client, "workspaces" | "realtime" | "me">;
  /** `ticket` where the browser's cookie does not reach. */
  readonly auth?: "cookie" | "ticket";
  readonly platform?: Partial<Platform>;
  /** Applies an input. When it throws, the socket is opened anew from the last applied cursor. */
  onInput(input: Input): void;
  /** Where a workspace's applied events end; null when only a snapshot can tell. */
  getCursor(workspaceId: WorkspaceId): Cursor | null;
  /** What went wrong without ending anything: for logs. */
  onError?(error: unknown): void;
}

export interface Realtime {
  start(): void;
  stop(): void;
  add(workspaceId: WorkspaceId): void;
  remove(workspaceId: WorkspaceId): void;
  /** Takes a fresh snapshot of a workspace and goes on from there. */
  resync(workspaceId: WorkspaceId): void;
  /** The network may be back, or the page is looked at again: try at once. */
  nudge(): void;
  typing(channelId: ChannelId, state: TypingState, rootId?: MessageId): void;
  presence(state: "active" | "idle"): void;
}

const RESYNC = 4001;
const CREDENTIAL_GONE = 4003;
const RESTARTING = 1012;
/** A restarting server is given a moment, and its clients come back spread over two seconds. */
const RESTART_ATTEMPT = 3;
/** A refused subscription is tried again within four seconds. */
const REFUSED_ATTEMPT = 4;

export function createRealtime(options: RealtimeOptions): Realtime {
  return new Line(options);
}

class Line implements Realtime {
  readonly #options: RealtimeOptions;
  readonly #platform: Platform;
  readonly #wanted = new Set<WorkspaceId>();
  /** Those whose next subscription needs a snapshot first. */
  readonly #unsure = new Set<WorkspaceId>();
  readonly #fetching = new Set<WorkspaceId>();
  #connection: Connection | null = null;
  #presence: "active" | "idle" = "active";
  #running = false;
  /** When the server said hello on the socket that is open now. */
  #greetedAt: number | null = null;
  #attempt = 0;
  /** Counts sockets, so that what was begun for an earlier one is recognized. */
  #generation = 0;
  #cancelWait: (() => void) | null = null;
  /** How many times in a row an input could not be applied. */
  #applyFailures = 0;

  constructor(options: RealtimeOptions) {
    this.#options = options;
    this.#platform = { ...ownPlatform(), ...options.platform };
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempt = 0;
    this.#connect();
  }

  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#release();
    this.#show({ status: "idle" });
  }

  add(workspaceId: WorkspaceId): void {
    if (this.#wanted.has(workspaceId)) return;
    this.#wanted.add(workspaceId);
    this.#subscribe(workspaceId);
  }

  remove(workspaceId: WorkspaceId): void {
    this.#unsure.delete(workspaceId);
    if (!this.#wanted.delete(workspaceId)) return;
    this.#connection?.send({ type: "unsubscribe", workspace_id: workspaceId });
  }

  resync(workspaceId: WorkspaceId): void {
    if (!this.#wanted.has(workspaceId)) return;
    this.#unsure.add(workspaceId);
    this.#subscribe(workspaceId);
  }

  nudge(): void {
    if (!this.#running) return;
    if (this.#cancelWait === null) this.#connection?.probe();
    else this.#connect();
  }

  typing(channelId: ChannelId, state: TypingState, rootId?: MessageId): void {
    const thread = rootId === undefined ? {} : { thread_root_id: rootId };
    this.#connection?.send({ type: "typing", channel_id: channelId, ...thread, state });
  }

  presence(state: "active" | "idle"): void {
    if (this.#presence === state) return;
    this.#presence = state;
    this.#connection?.send({ type: "presence", state });
  }

  #connect(): void {
    this.#release();
    this.#show({ status: "connecting" });
    const generation = this.#generation;
    if (this.#options.auth === "ticket") void this.#openWithTicket(generation);
    else this.#open(generation, this.#options.url);
  }

  async #openWithTicket(generation: number): Promise<void> {
    try {
      const { ticket } = await this.#options.client.realtime.createTicket();
      if (generation !== this.#generation) return;
      const url = new URL(this.#options.url);
      url.searchParams.set("ticket", ticket);
      this.#open(generation, url.toString());
    } catch (error) {
      if (generation !== this.#generation) return;
      if (isProblem(error, "unauthenticated")) this.#signOut();
      else this.#retryLater(error);
    }
  }

  #open(generation: number, url: string): void {
    this.#connection = openConnection(this.#platform, url, {
      frame: (frame) => this.#hear(frame),
      closed: (code, greeted, cause) => {
        if (generation === this.#generation) this.#closed(code, greeted, cause);
      },
    });
  }

  #hear(frame: ServerFrame): void {
    try {
      this.#options.onInput({ type: "frame", frame, at: this.#platform.clock() });
    } catch (error) {
      this.#applyFailures += 1;
      throw error;
    }
    if (frame.type === "event") this.#applyFailures = 0;
    if (frame.type === "hello") this.#greeted();
    if (frame.type === "resync_required") this.resync(frame.workspace_id);
    if (frame.type === "error" && frame.ref !== undefined) this.#refused(frame.code, frame.ref);
  }

  #greeted(): void {
    this.#greetedAt = this.#platform.clock();
    this.#show({ status: "live" });
    if (this.#presence === "idle") this.#connection?.send({ type: "presence", state: "idle" });
    for (const workspaceId of this.#wanted) this.#subscribe(workspaceId);
  }

  /** A refused subscription is tried again after a moment; other refusals cost nothing. */
  #refused(code: ProblemCode, workspaceId: WorkspaceId): void {
    if (!this.#wanted.has(workspaceId)) return;
    if (code === "not_found") return this.#lost(workspaceId);
    if (code === "invalid_request") this.#unsure.add(workspaceId);
    const generation = this.#generation;
    const delay = backoff(REFUSED_ATTEMPT, this.#platform.random);
    this.#platform.timers.after(delay, () => {
      const current = generation === this.#generation && this.#wanted.has(workspaceId);
      if (current) this.#subscribe(workspaceId);
    });
  }

  #lost(workspaceId: WorkspaceId): void {
    if (!this.#wanted.delete(workspaceId)) return;
    this.#unsure.delete(workspaceId);
    this.#options.onInput({ type: "workspace.lost", workspaceId });
  }

  #subscribe(workspaceId: WorkspaceId): void {
    if (this.#greetedAt === null) return;
    const cursor = this.#unsure.has(workspaceId) ? null : this.#options.getCursor(workspaceId);
    if (cursor === null) {
      void this.#rebase(workspaceId);
    } else {
      this.#connection?.send({
        type: "subscribe",
        workspace_id: workspaceId,
        after_cursor: cursor,
      });
    }
  }

  /** Fetches a snapshot, makes it the base, and subscribes from there. */
  async #rebase(workspaceId: WorkspaceId): Promise<void> {
    if (this.#fetching.has(workspaceId)) return;
    this.#fetching.add(workspaceId);
    const generation = this.#generation;
    try {
      const snapshot = await this.#options.client.workspaces.getSnapshot(workspaceId);
      this.#fetching.delete(workspaceId);
      if (!this.#wanted.has(workspaceId) || !this.#running) return;
      this.#options.onInput({ type: "snapshot.loaded", snapshot });
      this.#unsure.delete(workspaceId);
      this.#subscribe(workspaceId);
    } catch (error) {
      this.#fetching.delete(workspaceId);
      if (!this.#running) return;
      if (isProblem(error, "unauthenticated")) this.#signOut();
      else if (isProblem(error, "not_found")) this.#lost(workspaceId);
      else if (generation === this.#generation) this.#retryLater(error);
      else this.#subscribe(workspaceId);
    }
  }

  #closed(code: number, greeted: boolean, cause: unknown): void {
    if (code === CREDENTIAL_GONE) return this.#signOut();
    // Without a hello the credential may be gone: a browser does not tell why a socket was refused.
    if (!greeted) void this.#checkCredential();
    // What cannot be applied, twice, is left out by starting from a snapshot.
    if (code === RESYNC || this.#applyFailures >= 2) {
      for (const workspaceId of this.#wanted) this.#unsure.add(workspaceId);
    }
    const since = this.#greetedAt ?? Infinity;
    if (this.#platform.clock() - since >= STABLE_AFTER_MS) this.#attempt = 0;
    if (code === RESTARTING) this.#attempt = Math.max(this.#attempt, RESTART_ATTEMPT);
    this.#retryLater(cause);
  }

  async #checkCredential(): Promise<void> {
    try {
      await this.#options.client.me.get();
    } catch (error) {
      const inside = !this.#running || this.#greetedAt !== null;
      if (!inside && isProblem(error, "unauthenticated")) this.#signOut();
    }
  }

  #retryLater(cause: unknown): void {
    if (cause !== undefined) this.#options.onError?.(cause);
    this.#release();
    const delay = backoff(this.#attempt, this.#platform.random);
    this.#attempt += 1;
    this.#cancelWait = this.#platform.timers.after(delay, () => this.#connect());
    this.#show({ status: "waiting", retryAt: this.#platform.clock() + delay });
  }

  #signOut(): void {
    this.stop();
    this.#options.onInput({ type: "signed_out" });
  }

  /** Lets go of the socket and of a waiting try: whatever they bring later is not heard. */
  #release(): void {
    this.#generation += 1;
    this.#cancelWait?.();
    this.#cancelWait = null;
    this.#connection?.drop();
    this.#connection = null;
    this.#greetedAt = null;
  }

  #show(connection: Status): void {
    this.#options.onInput({ type: "connection.changed", connection });
  }
}
