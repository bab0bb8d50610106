//! State, socket, outbox, local database and loading wired together: what begins, follows and ends.

import type { Client } from "../client/client.ts";
import { isProblem, NetworkError } from "../client/errors.ts";
import { ownPlatform, type Platform } from "../realtime/platform.ts";
import { createRealtime, type Realtime } from "../realtime/realtime.ts";
import { createTyping, type Typing } from "../realtime/typing.ts";
import type { Account, ConversationId, UserId, WorkspaceId } from "../shapes.ts";
import { TYPING_EXPIRES_MS, type Input } from "../state/input.ts";
import type { State } from "../state/state.ts";
import { type Databases, memoryDatabases } from "./database.ts";
import { Drafts } from "./drafts.ts";
import { Home } from "./home.ts";
import { Loader } from "./loader.ts";
import { Marks } from "./marks.ts";
import { Reader } from "./reader.ts";
import { Sender } from "./sender.ts";
import type { Shared } from "./shared.ts";
import { Store } from "./store.ts";

export interface LiveOptions {
  readonly client: Client;
  /** `ws:` or `wss:` address of the socket. */
  readonly socketUrl: string;
  /** Where state and unsent messages outlive a reload; by default they do not. */
  readonly databases?: Databases | null;
  readonly auth?: "cookie" | "ticket";
  /** Clock, timers, randomness and sockets; by default the platform's own. */
  readonly platform?: Partial<Platform>;
  /** What went wrong without being anybody's call: for logs. */
  readonly onError?: (error: unknown) => void;
}

export interface StartOptions {
  /** Whom this browser last knew: what it kept is shown before the network answers. */
  readonly accountId?: UserId;
  /** Conversations to show first. */
  readonly show?: readonly ConversationId[];
}

export class Wiring {
  readonly store: Store;
  readonly home: Home;
  readonly realtime: Realtime;
  readonly sender: Sender;
  readonly loader: Loader;
  readonly reader: Reader;
  readonly marks: Marks;
  readonly drafts: Drafts;
  readonly typing: Typing;
  readonly shared: Shared;
  #cancelExpiry: (() => void) | null = null;
  #unhide: (() => void) | null = null;
  /** The server has said who one is and where, since the page began. */
  #confirmed = false;
  #confirming = false;
  #greetedBefore = false;
  /** Counts beginnings and ends, so that what was begun before an end is recognized. */
  #generation = 0;
  #live = false;

  constructor(options: LiveOptions) {
    const platform = { ...ownPlatform(), ...options.platform };
    const report = options.onError ?? (() => undefined);
    this.store = new Store((before, input) => this.#after(before, input));
    const shared: Shared = {
      client: options.client,
      platform,
      state: () => this.store.state,
      dispatch: (input) => this.store.dispatch(input),
      signedOut: () => this.forgetAccount(),
      report,
    };
    this.shared = shared;
    this.home = new Home({
      ...shared,
      databases: options.databases ?? memoryDatabases(),
      lead: () => this.#live && this.sender.start(),
    });
    this.realtime = createRealtime({
      url: options.socketUrl,
      client: options.client,
      auth: options.auth ?? "cookie",
      platform,
      onInput: (input) => this.#hear(input),
      getCursor: (workspaceId) => this.store.state.workspaces[workspaceId]?.cursor ?? null,
      onError: report,
    });
    this.sender = new Sender({ ...shared, written: () => this.home.written() });
    this.loader = new Loader({ ...shared, resync: (id) => this.realtime.resync(id) });
    this.reader = new Reader(shared);
    this.marks = new Marks(shared);
    this.drafts = new Drafts(shared);
    this.typing = createTyping(platform.clock, (channelId, state, rootId) =>
      this.realtime.typing(channelId, state, rootId),
    );
  }

  /** Shows what was kept, or loads the account with its workspaces; then goes live. */
  async start({ accountId, show = [] }: StartOptions): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    try {
      const account = accountId === undefined ? await this.#meet() : null;
      const userId = accountId ?? account?.id;
      if (userId === undefined || generation !== this.#generation) return;
      await this.home.open(userId);
      const kept = await this.home.restore(show);
      if (generation !== this.#generation) return;
      if (kept !== null) void this.#continue(generation, kept.rest).catch(this.shared.report);
      else await this.#begin(generation, userId, account);
    } catch (error) {
      if (isProblem(error, "unauthenticated")) this.forgetAccount();
      throw error;
    }
  }

  /** Ends socket and timers. Unsent messages stay stored. */
  stop(): void {
    this.#generation += 1;
    this.#live = false;
    this.#confirmed = false;
    this.#greetedBefore = false;
    this.sender.stop();
    this.reader.stop();
    this.drafts.stop();
    this.#cancelExpiry?.();
    this.#cancelExpiry = null;
    this.#unhide?.();
    this.#unhide = null;
    this.realtime.stop();
    this.home.close();
  }

  /** Ends the session on the server and erases everything of the account here. */
  async signOut(): Promise<void> {
    const userId = this.store.state.account?.id;
    try {
      await this.shared.client.auth.logOut();
    } catch (error) {
      if (!isProblem(error, "unauthenticated")) throw error;
    }
    this.home.tellSignedOut();
    this.forgetAccount();
    if (userId !== undefined) await this.home.erase(userId);
  }

  /** The network may be back, or the page is looked at again: try everything that waits. */
  nudge(): void {
    this.realtime.nudge();
    this.#tryAgain();
  }

  async addWorkspace(workspaceId: WorkspaceId): Promise<void> {
    if (this.store.state.workspaces[workspaceId] === undefined)
      await this.#fetchWorkspace(workspaceId);
    this.realtime.add(workspaceId);
  }

  forgetAccount(): void {
    this.store.dispatch({ type: "signed_out" });
  }

  /** Nothing was kept: everything is fetched before anything is shown. */
  async #begin(generation: number, userId: UserId, met: Account | null): Promise<void> {
    const account = met ?? (await this.#meet());
    if (account.id !== userId) {
      await this.home.erase(userId);
      await this.home.open(account.id);
    }
    // One after the other: who is signed out is told so once.
    const { items } = await this.shared.client.workspaces.list();
    await Promise.all(items.map(({ id }) => this.#fetchWorkspace(id)));
    this.#confirmed = true;
    await this.home.restoreSends();
    this.#goLive(generation);
  }

  /** What was kept is shown: the rest follows, while the server is asked for news. */
  async #continue(generation: number, rest: () => Promise<void>): Promise<void> {
    await rest();
    await this.home.restoreSends();
    this.#goLive(generation);
    if (generation === this.#generation) await this.#confirm();
  }

  #goLive(generation: number): void {
    if (generation !== this.#generation || this.store.state.account === null) return;
    this.#live = true;
    for (const id of Object.keys(this.store.state.workspaces)) this.realtime.add(id);
    this.realtime.start();
    this.reader.start();
    if (this.home.leads) this.sender.start();
    this.#unhide ??= this.shared.platform.onHidden(() => {
      this.drafts.hurry();
      this.reader.hurry();
      void this.home.write();
    });
  }

  async #meet(): Promise<Account> {
    const account = await this.shared.client.me.get();
    this.store.dispatch({ type: "account.loaded", account });
    return account;
  }

  /** Whether what was kept is still true of who one is and where. */
  async #confirm(): Promise<void> {
    if (this.#confirming) return;
    this.#confirming = true;
    try {
      const before = this.store.state.account?.id;
      const account = await this.shared.client.me.get();
      if (before === undefined || this.store.state.account?.id !== before) return;
      if (account.id !== before) return this.#meetStranger(before);
      this.store.dispatch({ type: "account.loaded", account });
      await this.#findWorkspaces();
      this.#confirmed = true;
    } catch (error) {
      if (isProblem(error, "unauthenticated")) this.forgetAccount();
      else if (!(error instanceof NetworkError)) this.shared.report(error);
    } finally {
      this.#confirming = false;
    }
  }

  /** Somebody else is signed in here: nothing may mix, and nothing of the other stays. */
  #meetStranger(before: UserId): void {
    this.forgetAccount();
    void this.home.erase(before);
  }

  async #fetchWorkspace(workspaceId: WorkspaceId): Promise<void> {
    try {
      const snapshot = await this.shared.client.workspaces.getSnapshot(workspaceId);
      this.store.dispatch({ type: "snapshot.loaded", snapshot });
    } catch (error) {
      // Lost between the list and the snapshot: then it is simply not there.
      if (!isProblem(error, "not_found")) throw error;
    }
  }

  /** Workspaces joined and left elsewhere while away. */
  async #findWorkspaces(): Promise<void> {
    const { items } = await this.shared.client.workspaces.list();
    const there = new Set(items.map(({ id }) => id));
    for (const id of Object.keys(this.store.state.workspaces)) {
      if (!there.has(id)) this.store.dispatch({ type: "workspace.lost", workspaceId: id });
    }
    await Promise.all(items.map(({ id }) => this.addWorkspace(id)));
  }

  #hear(input: Input): void {
    const account = this.store.state.account;
    const stranger =
      input.type === "frame" &&
      input.frame.type === "hello" &&
      account !== null &&
      input.frame.user_id !== account.id;
    if (stranger) this.#meetStranger(account.id);
    else this.store.dispatch(input);
  }

  /** What follows from a change, before anybody hears of it. */
  #after(before: State, input: Input): void {
    const { state } = this.store;
    for (const id of Object.keys(before.workspaces)) {
      if (state.workspaces[id] === undefined) this.realtime.remove(id);
    }
    // What is stored stays: who signs in again as the same person finds it.
    if (input.type === "signed_out") return this.stop();
    this.home.follow(before, input);
    if (before.connection.status !== "live" && state.connection.status === "live") this.#greeted();
    this.#scheduleExpiry();
    this.sender.pump();
    this.loader.attend();
  }

  #greeted(): void {
    this.#tryAgain();
    if (!this.#confirmed) void this.#confirm();
    else if (this.#greetedBefore) this.#findWorkspaces().catch(this.shared.report);
    this.#greetedBefore = true;
  }

  #tryAgain(): void {
    this.sender.nudge();
    this.reader.flush();
    this.drafts.flush();
    this.loader.hope();
  }

  #scheduleExpiry(): void {
    const { platform } = this.shared;
    const since = Object.values(this.store.state.typing).flatMap((people) => Object.values(people));
    if (since.length === 0 || this.#cancelExpiry !== null) return;
    const due = Math.min(...since) + TYPING_EXPIRES_MS - platform.clock();
    this.#cancelExpiry = platform.timers.after(Math.max(due, 0), () => {
      this.#cancelExpiry = null;
      this.store.dispatch({ type: "typing.expired", now: platform.clock() });
      this.#scheduleExpiry();
    });
  }
}
