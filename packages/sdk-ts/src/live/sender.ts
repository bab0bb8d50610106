//! Brings the outbox to the server: in order, one message at a time per channel, each exactly once.

import type { Client } from "../client/client.ts";
import { isPassing, isProblem, ProblemError } from "../client/errors.ts";
import { backoff } from "../realtime/backoff.ts";
import type { Platform } from "../realtime/platform.ts";
import type { ChannelId } from "../shapes.ts";
import type { Input } from "../state/input.ts";
import type { Pending, State } from "../state/state.ts";

export interface SenderOptions {
  readonly client: Pick<Client, "messages">;
  readonly platform: Platform;
  state(): State;
  dispatch(input: Input): void;
  /** When everything queued so far is stored. */
  written(): Promise<void>;
  signedOut(): void;
}

interface Wait {
  readonly cancel: () => void;
  /** The server named the time: being online again does not shorten it. */
  readonly binding: boolean;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #flying = new Set<ChannelId>();
  readonly #waits = new Map<ChannelId, Wait>();
  readonly #attempts = new Map<ChannelId, number>();
  #running = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = true;
    this.pump();
  }

  stop(): void {
    this.#running = false;
    for (const { cancel } of this.#waits.values()) cancel();
    this.#waits.clear();
    this.#attempts.clear();
  }

  /** Sends the first message of every channel that neither sends nor waits. */
  pump(): void {
    if (!this.#running) return;
    for (const pending of this.#options.state().outbox) {
      const { channelId, status } = pending;
      if (status !== "sending" || this.#flying.has(channelId) || this.#waits.has(channelId))
        continue;
      this.#flying.add(channelId);
      void this.#fly(pending);
    }
  }

  /** The network may be back: what waits only for it goes at once. */
  nudge(): void {
    for (const [channelId, { cancel, binding }] of this.#waits) {
      if (binding) continue;
      cancel();
      this.#waits.delete(channelId);
    }
    this.pump();
  }

  async #fly({ nonce, channelId, body }: Pending): Promise<void> {
    try {
      // Stored before it leaves: a reload now sends it again, and the nonce keeps it single.
      await this.#options.written();
      if (this.#isWaiting(nonce)) {
        const sent = await this.#options.client.messages.send(channelId, { nonce, body });
        this.#attempts.delete(channelId);
        this.#options.dispatch({ type: "send.answered", nonce, sent });
      }
    } catch (error) {
      this.#failed(nonce, channelId, error);
    }
    this.#flying.delete(channelId);
    this.pump();
  }

  #isWaiting(nonce: string): boolean {
    const { outbox } = this.#options.state();
    return (
      this.#running && outbox.some((held) => held.nonce === nonce && held.status === "sending")
    );
  }

  #failed(nonce: string, channelId: ChannelId, error: unknown): void {
    if (!this.#running) return;
    if (isProblem(error, "unauthenticated")) return this.#options.signedOut();
    if (error instanceof ProblemError && !isPassing(error)) {
      const { code, detail, title } = error;
      const failure = { code, detail: detail ?? title };
      return this.#options.dispatch({ type: "send.failed", nonce, failure });
    }
    this.#wait(channelId, error instanceof ProblemError ? error.retryAfterSeconds : undefined);
  }

  #wait(channelId: ChannelId, seconds: number | undefined): void {
    const attempt = this.#attempts.get(channelId) ?? 0;
    this.#attempts.set(channelId, attempt + 1);
    const { timers, random } = this.#options.platform;
    const delay = seconds === undefined ? backoff(attempt, random) : seconds * 1000;
    const cancel = timers.after(delay, () => {
      this.#waits.delete(channelId);
      this.pump();
    });
    this.#waits.set(channelId, { cancel, binding: seconds !== undefined });
  }
}
