//! What this browser keeps of an account: read at the start, written after changes, shared by tabs.

import type { ConversationId, UserId } from "../shapes.ts";
import {
  isTimelinePart,
  type Parts,
  partsOf,
  stateFrom,
  timelinePart,
  timelinesFrom,
} from "../state/cache.ts";
import type { Input } from "../state/input.ts";
import { channelOf } from "../state/selectors.ts";
import type { Pending, State } from "../state/state.ts";
import type { Database, Databases, Tabs } from "./database.ts";
import type { Shared } from "./shared.ts";

/** Changes within this time are written together. */
const GATHER_MS = 1_000;
const KEPT_CHANNELS = 50;
const KEPT_THREADS = 30;

export interface HomeOptions extends Pick<Shared, "platform" | "state" | "dispatch" | "report"> {
  readonly databases: Databases;
  /** This tab is the one that sends. */
  lead(): void;
}

export class Home {
  readonly #options: HomeOptions;
  #userId: UserId | null = null;
  #database: Database | null = null;
  #tabs: Tabs | null = null;
  #pass: (() => void) | null = null;
  /** This tab sends. */
  #leads = false;
  /** No other tab does, so that it may write the cache too. */
  #alone = false;
  /** Nobody can say who leads: tabs send for themselves. */
  #apart = false;
  /** What the database holds, when nobody else can have written since. */
  #written: Parts | null = null;
  #recent: readonly ConversationId[] = [];
  #cancelWrite: (() => void) | null = null;
  #sendWrites: Promise<void> = Promise.resolve();
  #partWrites: Promise<void> = Promise.resolve();
  #hearing = false;
  #ready = false;

  constructor(options: HomeOptions) {
    this.#options = options;
  }

  /** Whether this tab is the one that sends. */
  get leads(): boolean {
    return this.#leads;
  }

  /** Opens an account's database. Without one the page works all the same. */
  async open(userId: UserId): Promise<void> {
    if (this.#userId === userId) return;
    this.close();
    this.#userId = userId;
    const { databases, report } = this.#options;
    this.#pass = databases.lead(userId, (alone) => this.#led(userId, alone));
    this.#tabs = databases.join(userId, (word) => this.#hear(word));
    try {
      const database = await databases.open(userId);
      if (this.#userId === userId) this.#database = database;
      else database.close();
    } catch (error) {
      report(error);
    }
  }

  /** Shows what was kept, named conversations at once and the others when `rest` is called. */
  async restore(show: readonly ConversationId[]): Promise<{ rest(): Promise<void> } | null> {
    const leading = this.#alone;
    const first = new Set(show.map(timelinePart));
    const parts = await this.#read((name) => !isTimelinePart(name) || first.has(name));
    const kept = parts && stateFrom(parts);
    if (!parts || !kept) return null;
    this.#options.dispatch({ type: "cache.restored", kept });
    this.#recent = (parts.get(RECENT) as readonly ConversationId[] | undefined) ?? [];
    const known = leading ? this.#matching(parts, kept.timelines ?? {}) : null;
    const rest = async () => {
      const more = await this.#read((name) => isTimelinePart(name) && !first.has(name));
      if (more === null) return;
      const timelines = timelinesFrom(more);
      this.#options.dispatch({ type: "cache.timelines", timelines });
      const others = known && this.#matching(more, timelines);
      // What fell out of the limits is forgotten by writing everything anew.
      this.#written = known && others && new Map([...known, ...others]);
    };
    return { rest };
  }

  /** The parts as they are held, if nothing but what was read is held under their names. */
  #matching(read: Parts, timelines: State["timelines"]): Parts | null {
    const state = this.#options.state();
    const held = this.#parts();
    const same = Object.entries(timelines).every(
      ([id, { rows }]) => state.timelines[id]?.rows === rows,
    );
    if (!same || ![...read.keys()].every((name) => held.has(name))) return null;
    return new Map([...read.keys()].map((name) => [name, held.get(name)]));
  }

  /** Takes in what earlier pages, and other tabs, have not sent yet. */
  async restoreSends(): Promise<void> {
    this.#ready = true;
    const { dispatch, report } = this.#options;
    let sends: Pending[] = [];
    try {
      sends = (await this.#database?.sends()) ?? [];
    } catch (error) {
      report(error);
    }
    for (const send of sends) {
      // Nobody could see or discard a failure in a channel that is gone.
      if (send.status === "failed" && !this.#seen(send)) this.#forget(send.nonce);
      else dispatch({ type: "send.queued", send });
    }
  }

  /** Notes that a conversation is looked at. */
  opened(id: ConversationId): void {
    if (this.#recent[0] === id) return;
    const { state, dispatch } = this.#options;
    this.#recent = [id, ...this.#recent.filter((other) => other !== id)];
    const { timelines } = state();
    const isChannel = (other: string) => channelOf(state(), other) !== undefined;
    const kept = new Set([
      ...this.#recent.filter(isChannel).slice(0, KEPT_CHANNELS),
      ...this.#recent.filter((other) => !isChannel(other)).slice(0, KEPT_THREADS),
    ]);
    const gone = this.#recent.filter((other) => !kept.has(other));
    this.#recent = this.#recent.filter((other) => kept.has(other));
    for (const other of gone) {
      if (timelines[other]?.open === false)
        dispatch({ type: "timeline.dropped", conversationId: other });
    }
  }

  /** Keeps up with a change: unsent messages at once, the rest a moment later. */
  follow(before: State, input: Input): void {
    const { outbox } = this.#options.state();
    if (!this.#hearing) this.#keepSends(before.outbox, outbox);
    const told = input.type.startsWith("send.") || input.type === "draft.typed";
    if (told && !this.#hearing && !this.#apart) this.#tell(input);
    if (!this.#alone || !this.#ready) return;
    // What one may no longer see is not kept for another second.
    if (lostSomething(before, this.#options.state())) void this.write();
    else if (this.#cancelWrite === null) {
      this.#cancelWrite = this.#options.platform.timers.after(GATHER_MS, () => {
        this.#cancelWrite = null;
        void this.write();
      });
    }
  }

  /** The session has ended on purpose: in all tabs. */
  tellSignedOut(): void {
    this.#tabs?.say({ type: "signed_out" } satisfies Input);
  }

  /** When every unsent message so far is stored; storage that fails delays nothing. */
  written(): Promise<void> {
    return this.#sendWrites;
  }

  /** Writes what changed, in one transaction: rows never lag behind the cursor beside them. */
  write(): Promise<void> {
    const { state, report } = this.#options;
    const database = this.#database;
    if (database === null || !this.#alone || state().account === null) return this.#partWrites;
    // Cut now: what comes later belongs to the next write.
    const parts = this.#parts();
    this.#partWrites = this.#partWrites
      .then(() => this.#write(database, parts))
      .catch((error: unknown) => {
        this.#written = null;
        report(error);
      });
    return this.#partWrites;
  }

  /** Ends everything here, after a last write of what is not kept yet. */
  close(): void {
    const [database, pass] = [this.#database, this.#pass];
    this.#tabs?.leave();
    if (this.#cancelWrite !== null) void this.write();
    this.#cancelWrite?.();
    const last = Promise.all([this.#partWrites, this.#sendWrites]);
    // The next tab leads when nothing of this one can come any more.
    void last.finally(() => {
      database?.close();
      pass?.();
    });
    this.#forgetAll();
  }

  #forgetAll(): void {
    this.#userId = this.#database = this.#tabs = this.#pass = this.#cancelWrite = null;
    this.#written = null;
    this.#leads = this.#alone = this.#apart = this.#ready = false;
    this.#recent = [];
  }

  /** Erases what is kept of an account. */
  async erase(userId: UserId): Promise<void> {
    if (this.#userId === userId) this.close();
    try {
      await this.#options.databases.erase(userId);
    } catch (error) {
      this.#options.report(error);
    }
  }

  #led(userId: UserId, alone: boolean): void {
    // An account that was left before its turn came.
    if (this.#userId !== userId) return;
    this.#leads = true;
    this.#alone = alone;
    this.#apart = !alone;
    this.#options.lead();
    // The tab that led before may have stored what it could no longer tell.
    if (this.#ready) void this.restoreSends();
  }

  async #read(choose: (name: string) => boolean): Promise<Parts | null> {
    try {
      return (await this.#database?.read(choose)) ?? null;
    } catch (error) {
      this.#options.report(error);
      return null;
    }
  }

  #parts(): Parts {
    const parts = partsOf(this.#options.state(), this.#recent);
    return parts.set(RECENT, this.#recent);
  }

  async #write(database: Database, parts: Parts): Promise<void> {
    const before = this.#written;
    const put = new Map([...parts].filter(([name, part]) => before?.get(name) !== part));
    const remove = [...(before?.keys() ?? [])].filter((name) => !parts.has(name));
    if (put.size === 0 && remove.length === 0) return;
    await database.write({ put, remove, replace: before === null });
    this.#written = this.#database === database ? parts : null;
  }

  #seen({ workspaceId, channelId }: Pending): boolean {
    return this.#options.state().workspaces[workspaceId]?.channels[channelId] !== undefined;
  }

  #keepSends(before: readonly Pending[], after: readonly Pending[]): void {
    if (before === after) return;
    for (const pending of after) {
      const held = before.find(({ nonce }) => nonce === pending.nonce);
      if (pending === held) continue;
      if (pending.status === "sent") this.#forget(pending.nonce);
      else this.#store((database) => database.putSend(pending));
    }
    for (const { nonce } of before) {
      if (!after.some((pending) => pending.nonce === nonce)) this.#forget(nonce);
    }
  }

  #forget(nonce: string): void {
    this.#store((database) => database.deleteSend(nonce));
  }

  #store(write: (database: Database) => Promise<void>): void {
    const database = this.#database;
    if (database === null) return;
    this.#sendWrites = this.#sendWrites.then(() => write(database)).catch(this.#options.report);
  }

  /** Others hear of an unsent message once it is stored: whichever of them leads may send it. */
  #tell(input: Input): void {
    const tabs = this.#tabs;
    if (tabs !== null && !this.#apart)
      void this.#sendWrites.then(() => tabs === this.#tabs && tabs.say(input));
  }

  #hear(word: unknown): void {
    const input = word as Input;
    if (this.#apart && input.type !== "signed_out") return;
    this.#hearing = true;
    try {
      this.#options.dispatch(input);
    } finally {
      this.#hearing = false;
    }
  }
}

const RECENT = "recent";

function lostSomething(before: State, { workspaces }: State): boolean {
  return Object.entries(before.workspaces).some(
    ([id, { lostChannels }]) => workspaces[id]?.lostChannels !== lostChannels,
  );
}
