//! Brings the outbox to the server: in order, one message at a time per conversation, each exactly once.

import { isPassing, isProblem, ProblemError } from "../client/errors.ts";
import { backoff } from "../realtime/backoff.ts";
import type { ConversationId, Sent } from "../shapes.ts";
import { conversationOf } from "../state/outbox.ts";
import type { Pending } from "../state/state.ts";
import type { Shared } from "./shared.ts";

export interface SenderOptions extends Shared {
  /** When everything queued so far is stored. */
  written(): Promise<void>;
}

interface Wait {
  readonly cancel: () => void;
  /** The server named the time: being online again does not shorten it. */
  readonly binding: boolean;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #flying = new Set<ConversationId>();
  readonly #waits = new Map<ConversationId, Wait>();
  readonly #attempts = new Map<ConversationId, number>();
  #running = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Begins to send: this page is the one that does. */
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

  /** Sends the first message of every conversation that neither sends nor waits. */
  pump(): void {
    if (!this.#running) return;
    for (const pending of this.#options.state().outbox) {
      const id = conversationOf(pending);
      if (pending.status !== "sending" || this.#flying.has(id) || this.#waits.has(id)) continue;
      this.#flying.add(id);
      void this.#fly(id, pending);
    }
  }

  /** The network may be back: what waits only for it goes at once. */
  nudge(): void {
    for (const [id, { cancel, binding }] of this.#waits) {
      if (binding) continue;
      cancel();
      this.#waits.delete(id);
    }
    this.pump();
  }

  async #fly(id: ConversationId, pending: Pending): Promise<void> {
    const { nonce } = pending;
    try {
      // Stored before it leaves: a reload now sends it again, and the nonce keeps it single.
      await this.#options.written();
      if (this.#isWaiting(nonce)) {
        const sent = await this.#send(pending);
        this.#attempts.delete(id);
        this.#options.dispatch({ type: "send.answered", nonce, sent });
      }
    } catch (error) {
      this.#failed(nonce, id, error);
    }
    this.#flying.delete(id);
    this.pump();
  }

  #send({ nonce, channelId, rootId, alsoInChannel, quoteOf, body }: Pending): Promise<Sent> {
    const { messages } = this.#options.client;
    const draft = { nonce, body, ...(quoteOf === undefined ? {} : { quote_of: quoteOf }) };
    if (rootId === undefined) return messages.send(channelId, draft);
    const also = alsoInChannel === true ? { also_in_channel: true } : {};
    return messages.sendReply(rootId, { ...draft, ...also });
  }

  #isWaiting(nonce: string): boolean {
    const { outbox } = this.#options.state();
    return (
      this.#running && outbox.some((held) => held.nonce === nonce && held.status === "sending")
    );
  }

  #failed(nonce: string, id: ConversationId, error: unknown): void {
    if (!this.#running) return;
    if (isProblem(error, "unauthenticated")) return this.#options.signedOut();
    if (error instanceof ProblemError && !isPassing(error)) {
      const { code, detail, title } = error;
      const failure = { code, detail: detail ?? title };
      return this.#options.dispatch({ type: "send.failed", nonce, failure });
    }
    this.#wait(id, error instanceof ProblemError ? error.retryAfterSeconds : undefined);
  }

  #wait(id: ConversationId, seconds: number | undefined): void {
    const attempt = this.#attempts.get(id) ?? 0;
    this.#attempts.set(id, attempt + 1);
    const { timers, random } = this.#options.platform;
    const delay = seconds === undefined ? backoff(attempt, random) : seconds * 1000;
    const cancel = timers.after(delay, () => {
      this.#waits.delete(id);
      this.pump();
    });
    this.#waits.set(id, { cancel, binding: seconds !== undefined });
  }
}
