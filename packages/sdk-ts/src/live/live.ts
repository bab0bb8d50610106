//! The one object that a page holds: state, socket, outbox and loading wired together.

import type { Client } from "../client/client.ts";
import { isProblem } from "../client/errors.ts";
import { ownPlatform, type Platform } from "../realtime/platform.ts";
import { createRealtime, type Realtime } from "../realtime/realtime.ts";
import { createTyping, type Typing } from "../realtime/typing.ts";
import type { ChannelId, Event, Message, WorkspaceId } from "../shapes.ts";
import { TYPING_EXPIRES_MS, type AnswerInput, type Input } from "../state/input.ts";
import { channelOf, messageAt, workspaceOf } from "../state/selectors.ts";
import type { State } from "../state/state.ts";
import { Loader } from "./loader.ts";
import { Reader } from "./reader.ts";
import { Sender } from "./sender.ts";
import { memoryStorage, OutboxKeeper, type OutboxStorage } from "./storage.ts";
import { Store } from "./store.ts";

export interface LiveOptions {
  readonly client: Client;
  /** `ws:` or `wss:` address of the socket. */
  readonly socketUrl: string;
  /** Where unsent messages outlive a reload; by default they do not. */
  readonly storage?: OutboxStorage;
  readonly auth?: "cookie" | "ticket";
  /** Clock, timers, randomness and sockets; by default the platform's own. */
  readonly platform?: Partial<Platform>;
  /** What went wrong without being anybody's call: for logs. */
  readonly onError?: (error: unknown) => void;
}

export function createLive(options: LiveOptions): Live {
  return new Live(options);
}

export class Live {
  readonly #client: Client;
  readonly #platform: Platform;
  readonly #report: (error: unknown) => void;
  readonly #store: Store;
  readonly #keeper: OutboxKeeper;
  readonly #realtime: Realtime;
  readonly #sender: Sender;
  readonly #loader: Loader;
  readonly #reader: Reader;
  readonly #typing: Typing;
  #cancelExpiry: (() => void) | null = null;
  #greetedBefore = false;

  constructor(options: LiveOptions) {
    this.#client = options.client;
    this.#platform = { ...ownPlatform(), ...options.platform };
    this.#report = options.onError ?? (() => undefined);
    this.#store = new Store((before, input) => this.#after(before, input));
    this.#keeper = new OutboxKeeper(options.storage ?? memoryStorage(), this.#report);
    this.#realtime = createRealtime({
      url: options.socketUrl,
      client: options.client,
      auth: options.auth ?? "cookie",
      platform: this.#platform,
      onInput: (input) => this.#hear(input),
      getCursor: (workspaceId) => this.state.workspaces[workspaceId]?.cursor ?? null,
      onError: this.#report,
    });
    const shared = {
      client: options.client,
      platform: this.#platform,
      state: () => this.state,
      dispatch: (input: Input) => this.#store.dispatch(input),
      signedOut: () => this.#forgetAccount(),
      written: () => this.#keeper.written(),
      resync: (workspaceId: WorkspaceId) => this.#realtime.resync(workspaceId),
      report: this.#report,
    };
    this.#sender = new Sender(shared);
    this.#loader = new Loader(shared);
    this.#reader = new Reader(shared);
    this.#typing = createTyping(this.#platform.clock, (channelId, state) =>
      this.#realtime.typing(channelId, state),
    );
  }

  /** Immutable: a new object after every change, whose unchanged parts keep their identity. */
  get state(): State {
    return this.#store.state;
  }

  /** Calls after every change; the answer ends it. */
  subscribe(listener: (state: State) => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** Calls once for every event applied; the answer ends it. */
  onEvent(listener: (event: Event) => void): () => void {
    return this.#store.onEvent(listener);
  }

  /** Loads the account with its workspaces and unsent messages, then goes live. */
  async start(): Promise<void> {
    try {
      // One after the other: who is signed out is told so once.
      const account = await this.#client.me.get();
      this.#store.dispatch({ type: "account.loaded", account });
      const workspaces = await this.#client.workspaces.list();
      await Promise.all(workspaces.items.map(({ id }) => this.#fetchWorkspace(id)));
      await this.#restore(account.id);
    } catch (error) {
      if (isProblem(error, "unauthenticated")) this.#forgetAccount();
      throw error;
    }
    for (const id of Object.keys(this.state.workspaces)) this.#realtime.add(id);
    this.#realtime.start();
    this.#sender.start();
  }

  /** Ends socket and timers. Unsent messages stay stored. */
  stop(): void {
    this.#sender.stop();
    this.#reader.stop();
    this.#cancelExpiry?.();
    this.#cancelExpiry = null;
    this.#greetedBefore = false;
    this.#realtime.stop();
  }

  /** Ends the session on the server and erases everything of the account here. */
  async signOut(): Promise<void> {
    try {
      await this.#client.auth.logOut();
    } catch (error) {
      if (!isProblem(error, "unauthenticated")) throw error;
    }
    this.#forgetAccount();
    await this.#keeper.clear();
  }

  /** The network may be back, or the page is looked at again: try everything that waits. */
  nudge(): void {
    this.#realtime.nudge();
    this.#sender.nudge();
    this.#reader.flush();
    this.#loader.hope();
  }

  /** Takes a workspace in that one has just created or joined. */
  async addWorkspace(workspaceId: WorkspaceId): Promise<void> {
    if (this.state.workspaces[workspaceId] === undefined) await this.#fetchWorkspace(workspaceId);
    this.#realtime.add(workspaceId);
  }

  /** Makes sure that a channel's timeline is loaded, at its end or around a message. */
  openChannel(channelId: ChannelId, at: "newest" | number = "newest"): Promise<void> {
    return this.#loader.open(channelId, at);
  }

  /** Forgets a channel's timeline. */
  closeChannel(channelId: ChannelId): void {
    this.#store.dispatch({ type: "timeline.closed", channelId });
  }

  loadOlder(channelId: ChannelId): Promise<void> {
    return this.#loader.load(channelId, "older");
  }

  loadNewer(channelId: ChannelId): Promise<void> {
    return this.#loader.load(channelId, "newer");
  }

  loadNewest(channelId: ChannelId): Promise<void> {
    return this.#loader.load(channelId, "newest");
  }

  loadAround(channelId: ChannelId, seq: number): Promise<void> {
    return this.#loader.load(channelId, "around", seq);
  }

  /** Brings the directory, or the people whose names match, into the state. */
  loadMembers(workspaceId: WorkspaceId, query?: string): Promise<void> {
    return this.#loader.members(workspaceId, query);
  }

  /** Sends a message: it shows at once, leaves in order, and survives a reload. */
  send(channelId: ChannelId, body: string): string {
    const workspace = workspaceOf(this.state, channelId)?.workspace;
    if (workspace === undefined) throw new RangeError("messages are sent to channels one may see");
    const nonce = this.#platform.randomUUID();
    this.#typing.set(channelId, false);
    this.#store.dispatch({
      type: "send.queued",
      send: {
        nonce,
        workspaceId: workspace.id,
        channelId,
        body,
        queuedAt: this.#platform.clock(),
        status: "sending",
      },
    });
    return nonce;
  }

  /** Sends a failed message again. */
  retry(nonce: string): void {
    const pending = this.state.outbox.find((held) => held.nonce === nonce);
    if (pending?.failure?.code === "nonce_conflict" && channelOf(this.state, pending.channelId)) {
      // The old nonce stands for something else for ever: only a new one can succeed.
      this.discard(nonce);
      this.send(pending.channelId, pending.body);
    } else {
      this.#store.dispatch({ type: "send.retried", nonce });
    }
  }

  /** Forgets a failed message. */
  discard(nonce: string): void {
    this.#store.dispatch({ type: "send.discarded", nonce });
  }

  /** Changes one's own message; refused when it was changed elsewhere in the meantime. */
  async edit(message: Message, body: string): Promise<void> {
    const { version } = messageAt(this.state, message.channel_id, message.seq) ?? message;
    const edited = await this.#client.messages.edit(message.id, { body, version });
    this.#store.dispatch({ type: "message.answered", message: edited });
  }

  async delete(message: Message): Promise<void> {
    const deleted = await this.#client.messages.delete(message.id);
    this.#store.dispatch({ type: "message.answered", message: deleted });
  }

  /** Everything up to here has been read; without `seq`, everything. */
  markRead(channelId: ChannelId, seq?: number): void {
    this.#reader.mark(channelId, seq);
  }

  /** Call on every key press, and with false when the text is cleared. */
  typing(channelId: ChannelId, active: boolean): void {
    this.#typing.set(channelId, active);
  }

  presence(state: "active" | "idle"): void {
    this.#realtime.presence(state);
  }

  /** Puts an answer of the server into the state. */
  apply(input: AnswerInput): void {
    this.#store.dispatch(input);
  }

  async #fetchWorkspace(workspaceId: WorkspaceId): Promise<void> {
    try {
      const snapshot = await this.#client.workspaces.getSnapshot(workspaceId);
      this.#store.dispatch({ type: "snapshot.loaded", snapshot });
    } catch (error) {
      // Lost between the list and the snapshot: then it is simply not there.
      if (!isProblem(error, "not_found")) throw error;
    }
  }

  async #restore(userId: string): Promise<void> {
    for (const send of await this.#keeper.restore(userId)) {
      // Nobody could see or discard a failure in a channel that is gone.
      const orphaned = send.status === "failed" && !channelOf(this.state, send.channelId);
      if (orphaned) this.#keeper.forget(send.nonce);
      else this.#store.dispatch({ type: "send.queued", send });
    }
  }

  #hear(input: Input): void {
    const { account } = this.state;
    const stranger =
      input.type === "frame" &&
      input.frame.type === "hello" &&
      account !== null &&
      input.frame.user_id !== account.id;
    // Another tab signed somebody else in: nothing may mix.
    if (stranger) this.#forgetAccount();
    else this.#store.dispatch(input);
  }

  /** What follows from a change, before anybody hears of it. */
  #after(before: State, input: Input): void {
    const { state } = this;
    for (const id of Object.keys(before.workspaces)) {
      if (state.workspaces[id] === undefined) this.#realtime.remove(id);
    }
    // What is stored stays: who signs in again as the same person finds it.
    if (input.type === "signed_out") return this.stop();
    if (state.account !== null) this.#keeper.follow(state.account.id, before.outbox, state.outbox);
    if (before.connection.status !== "live" && state.connection.status === "live") this.#greeted();
    this.#scheduleExpiry();
    this.#sender.pump();
    this.#loader.attend();
  }

  #greeted(): void {
    this.#sender.nudge();
    this.#reader.flush();
    this.#loader.hope();
    if (this.#greetedBefore) void this.#findWorkspaces();
    this.#greetedBefore = true;
  }

  /** Workspaces joined elsewhere while away. */
  async #findWorkspaces(): Promise<void> {
    try {
      const { items } = await this.#client.workspaces.list();
      await Promise.all(items.map(({ id }) => this.addWorkspace(id)));
    } catch (error) {
      this.#report(error);
    }
  }

  #scheduleExpiry(): void {
    const since = Object.values(this.state.typing).flatMap((people) => Object.values(people));
    if (since.length === 0 || this.#cancelExpiry !== null) return;
    const due = Math.min(...since) + TYPING_EXPIRES_MS - this.#platform.clock();
    this.#cancelExpiry = this.#platform.timers.after(Math.max(due, 0), () => {
      this.#cancelExpiry = null;
      this.#store.dispatch({ type: "typing.expired", now: this.#platform.clock() });
      this.#scheduleExpiry();
    });
  }

  #forgetAccount(): void {
    this.#store.dispatch({ type: "signed_out" });
  }
}
