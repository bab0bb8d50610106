//! Tells the server how far one has read: at once here, gathered and never backwards there.

import { isPassing, isProblem, NetworkError } from "../client/errors.ts";
import type { ConversationId, WorkspaceId } from "../shapes.ts";
import type { Input } from "../state/input.ts";
import { placeRead } from "../state/reading.ts";
import { channelOf, joinedChannels, rootOf } from "../state/selectors.ts";
import type { Counted, Reading } from "../state/state.ts";
import { followOf, lastPlaceOf, unreadIn, unreadThreads } from "../state/unread.ts";
import { Lines, type Shared } from "./shared.ts";

/** Marks within this time become one call. */
const GATHER_MS = 300;
/** So many marks are told at a time. */
const AT_ONCE = 4;
/** How long a server that has no time is left in peace. */
const AGAIN_MS = 10_000;
/** Beyond every thread: the server takes the newest reply for it. */
const THE_END = 1_000_000_000;

export class Reader {
  readonly #shared: Shared;
  readonly #timers = new Map<ConversationId, () => void>();
  readonly #lines = new Lines();
  /** A few at once: reading everything must not flood the server. */
  readonly #lanes = new Lines();
  #turn = 0;
  #running = false;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** From now on the server is told; what was read before waits for that. */
  start(): void {
    this.#running = true;
    this.flush();
  }

  /** Everything up to a place has been read; without it, everything. */
  mark(id: ConversationId, place?: number): void {
    const state = this.#shared.state();
    // In threads that one does not follow nothing is counted.
    if (state.follows[id] !== undefined && followOf(state, id)?.following === false) return;
    const newest = lastPlaceOf(state, id) ?? rootOf(state, id)?.thread?.last_seq;
    if (newest === undefined) {
      if (place === undefined && this.#reading(id) !== undefined) void this.#tell(id, THE_END);
      return;
    }
    const upTo = Math.min(place ?? newest, newest);
    const reading = this.#reading(id);
    if (reading === undefined || upTo <= placeRead(reading)) return;
    this.#shared.dispatch({ type: "read.marked", conversationId: id, place: upTo });
    this.#later(id);
  }

  /** Everything from a place on is unread again. */
  async unmark(id: ConversationId, place: number): Promise<void> {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
    const { dispatch } = this.#shared;
    // What had been read here may not have been told yet; the server never moves on by a move back.
    const behind = (this.#reading(id)?.base.read_seq ?? 0) < place - 1;
    dispatch({ type: "read.marked", conversationId: id, place: place - 1, back: true });
    try {
      if (behind) await this.#lines.run(id, () => this.#call(id, place - 1));
      dispatch(await this.#lines.run(id, () => this.#callBack(id, place)));
    } catch (error) {
      dispatch({ type: "read.refused", conversationId: id });
      if (isProblem(error, "unauthenticated")) this.#shared.signedOut();
      throw error;
    }
  }

  /** Reads everything in a workspace. */
  markAll(workspaceId: WorkspaceId): void {
    const state = this.#shared.state();
    for (const { id } of joinedChannels(state, workspaceId)) {
      if (unreadIn(state, id).unread > 0) this.mark(id);
    }
    for (const id of unreadThreads(state, workspaceId)) this.mark(id);
  }

  /** Tells what is left to tell, when the network may be back. */
  flush(): void {
    const { reads, follows } = this.#shared.state();
    for (const [id, { local }] of [...Object.entries(reads), ...Object.entries(follows)]) {
      if (local?.back === false) this.#later(id);
    }
  }

  /** Tells at once what waits, while the page goes away. */
  hurry(): void {
    for (const [id, cancel] of this.#timers) {
      cancel();
      void this.#tell(id, undefined, true);
    }
    this.#timers.clear();
  }

  stop(): void {
    this.#running = false;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #reading(id: ConversationId): Reading<Counted> | undefined {
    const { reads, follows } = this.#shared.state();
    return reads[id] ?? follows[id];
  }

  #later(id: ConversationId, ms = GATHER_MS): void {
    if (!this.#running || this.#timers.has(id)) return;
    const cancel = this.#shared.platform.timers.after(ms, () => {
      this.#timers.delete(id);
      void this.#tell(id);
    });
    this.#timers.set(id, cancel);
  }

  #lane(): string {
    this.#turn = (this.#turn + 1) % AT_ONCE;
    return String(this.#turn);
  }

  async #tell(id: ConversationId, place?: number, hurried = false): Promise<void> {
    const { dispatch, signedOut } = this.#shared;
    try {
      const work = () => this.#lines.run(id, () => this.#call(id, place));
      const answer = await (hurried ? work() : this.#lanes.run(this.#lane(), work));
      if (answer !== null) dispatch(answer);
    } catch (error) {
      if (isProblem(error, "unauthenticated")) return signedOut();
      // Without a network the mark is kept, and so is one that came at a bad time; any other refusal
      // would only come again.
      if (error instanceof NetworkError) return;
      if (isPassing(error)) this.#later(id, AGAIN_MS);
      else dispatch({ type: "read.refused", conversationId: id });
    }
  }

  /** Looked up when its turn comes: somebody may have gone back, or lost the channel, meanwhile. */
  async #call(id: ConversationId, place?: number): Promise<Input | null> {
    const local = this.#reading(id)?.local;
    const seq = place ?? (local?.back === false ? local.place : undefined);
    if (seq === undefined || !this.#running) return null;
    const { client, state } = this.#shared;
    const asked = { place: seq, back: false };
    if (channelOf(state(), id) !== undefined) {
      const read = await client.channels.markRead(id, { seq }, { keepalive: true });
      return { type: "read.answered", read, asked };
    }
    const follow = await client.threads.markRead(id, { seq }, { keepalive: true });
    return { type: "follow.answered", follow, asked };
  }

  async #callBack(id: ConversationId, seq: number): Promise<Input> {
    const { client, state } = this.#shared;
    const asked = { place: seq - 1, back: true };
    if (channelOf(state(), id) !== undefined) {
      const read = await client.channels.markUnread(id, { seq });
      return { type: "read.answered", read, asked };
    }
    const follow = await client.threads.markUnread(id, { seq });
    return { type: "follow.answered", follow, asked };
  }
}
