//! What the parts of a live page share.

import type { Client } from "../client/client.ts";
import type { Platform } from "../realtime/platform.ts";
import type { Input } from "../state/input.ts";
import type { State } from "../state/state.ts";

export interface Shared {
  readonly client: Client;
  readonly platform: Platform;
  state(): State;
  dispatch(input: Input): void;
  /** The server knows the session no longer. */
  signedOut(): void;
  /** What went wrong without being anybody's call. */
  report(error: unknown): void;
}

/** Lets what has the same key happen one after the other, whatever becomes of it. */
export class Lines {
  readonly #lines = new Map<string, Promise<unknown>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lines.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#lines.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#lines.get(key) === mine) this.#lines.delete(key);
    }
  }
}
