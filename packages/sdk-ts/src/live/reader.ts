//! Tells the server how far one has read: at once here, gathered and never backwards there.

import type { Client } from "../client/client.ts";
import { isPassing, isProblem, NetworkError } from "../client/errors.ts";
import type { Platform } from "../realtime/platform.ts";
import type { ChannelId } from "../shapes.ts";
import type { Input } from "../state/input.ts";
import { channelOf } from "../state/selectors.ts";
import type { State } from "../state/state.ts";

/** Marks within this time become one call. */
const GATHER_MS = 300;
/** How long a server that has no time is left in peace. */
const AGAIN_MS = 10_000;

export interface ReaderOptions {
  readonly client: Pick<Client, "channels">;
  readonly platform: Platform;
  state(): State;
  dispatch(input: Input): void;
  signedOut(): void;
}

export class Reader {
  readonly #options: ReaderOptions;
  /** What the server has not been told yet. */
  readonly #marks = new Map<ChannelId, number>();
  readonly #busy = new Set<ChannelId>();
  readonly #timers = new Map<ChannelId, () => void>();

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  mark(channelId: ChannelId, seq?: number): void {
    const state = this.#options.state();
    const newest = channelOf(state, channelId)?.last_seq;
    if (newest === undefined) return;
    const upTo = Math.min(seq ?? newest, newest);
    if (upTo <= (state.reads[channelId]?.read_seq ?? 0)) return;
    this.#options.dispatch({ type: "read.marked", channelId, seq: upTo });
    this.#marks.set(channelId, upTo);
    this.#later(channelId);
  }

  /** Tells what is left to tell, when the network may be back. */
  flush(): void {
    for (const channelId of this.#marks.keys()) this.#later(channelId);
  }

  stop(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#marks.clear();
  }

  #later(channelId: ChannelId, ms = GATHER_MS): void {
    if (this.#timers.has(channelId) || this.#busy.has(channelId)) return;
    const cancel = this.#options.platform.timers.after(ms, () => {
      this.#timers.delete(channelId);
      void this.#tell(channelId);
    });
    this.#timers.set(channelId, cancel);
  }

  async #tell(channelId: ChannelId): Promise<void> {
    const seq = this.#marks.get(channelId);
    if (seq === undefined) return;
    // Taken away while the mark was gathered: the server would only say that it does not exist.
    if (channelOf(this.#options.state(), channelId) === undefined) {
      this.#marks.delete(channelId);
      return;
    }
    this.#busy.add(channelId);
    try {
      const read = await this.#options.client.channels.markRead(channelId, { seq });
      this.#options.dispatch({ type: "read.answered", read });
      this.#done(channelId, seq);
    } catch (error) {
      this.#busy.delete(channelId);
      if (isProblem(error, "unauthenticated")) return this.#options.signedOut();
      // Without a network the mark is kept, and so is one that came at a bad time; any other refusal
      // would only come again.
      if (error instanceof NetworkError) return;
      if (isPassing(error)) this.#later(channelId, AGAIN_MS);
      else this.#done(channelId, seq);
    }
  }

  #done(channelId: ChannelId, seq: number): void {
    this.#busy.delete(channelId);
    if (this.#marks.get(channelId) === seq) this.#marks.delete(channelId);
    else if (this.#marks.has(channelId)) this.#later(channelId);
  }
}
