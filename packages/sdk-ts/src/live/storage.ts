//! Where unsent messages outlive a reload.

import type { ChannelId, UserId, WorkspaceId } from "../shapes.ts";
import type { Pending, SendFailure } from "../state/state.ts";

/** An unsent message as it is stored: plain data, its key is the nonce. */
export interface StoredSend {
  readonly nonce: string;
  readonly userId: UserId;
  readonly workspaceId: WorkspaceId;
  readonly channelId: ChannelId;
  readonly body: string;
  readonly queuedAt: number;
  /** Grows with every message of the account. */
  readonly order: number;
  readonly failure?: SendFailure;
}

/** Given by the page, over IndexedDB for example. */
export interface OutboxStorage {
  list(): Promise<StoredSend[]>;
  put(send: StoredSend): Promise<void>;
  delete(nonce: string): Promise<void>;
  clear(): Promise<void>;
}

/** Forgets everything with the page. */
export function memoryStorage(): OutboxStorage {
  const sends = new Map<string, StoredSend>();
  return {
    list: async () => [...sends.values()],
    put: async (send) => void sends.set(send.nonce, send),
    delete: async (nonce) => void sends.delete(nonce),
    clear: async () => sends.clear(),
  };
}

/** Keeps the storage in step with the state's outbox, one write after the other. */
export class OutboxKeeper {
  readonly #storage: OutboxStorage;
  readonly #report: (error: unknown) => void;
  readonly #orders = new Map<string, number>();
  #lastOrder = 0;
  #writes: Promise<void> = Promise.resolve();

  constructor(storage: OutboxStorage, report: (error: unknown) => void) {
    this.#storage = storage;
    this.#report = report;
  }

  /** What an earlier page of this account left, in the order of sending. */
  async restore(userId: UserId): Promise<Pending[]> {
    const stored = (await this.#storage.list()).filter((send) => send.userId === userId);
    const inOrder = stored.toSorted((a, b) => a.order - b.order);
    return inOrder.map(({ userId: _, order, ...send }) => {
      this.#orders.set(send.nonce, order);
      this.#lastOrder = Math.max(this.#lastOrder, order);
      return { ...send, status: send.failure === undefined ? "sending" : "failed" };
    });
  }

  /** Writes what changed between two outboxes. */
  follow(userId: UserId, before: readonly Pending[], after: readonly Pending[]): void {
    if (before === after) return;
    for (const pending of after) {
      const held = before.find(({ nonce }) => nonce === pending.nonce);
      if (pending === held) continue;
      if (pending.status === "sent") this.forget(pending.nonce);
      else this.#put(userId, pending, held?.status === "failed" && pending.status === "sending");
    }
    for (const { nonce } of before) {
      if (!after.some((pending) => pending.nonce === nonce)) this.forget(nonce);
    }
  }

  /** When everything said so far is stored; storage that fails delays nothing. */
  written(): Promise<void> {
    return this.#writes;
  }

  forget(nonce: string): void {
    this.#orders.delete(nonce);
    this.#write(() => this.#storage.delete(nonce));
  }

  clear(): Promise<void> {
    this.#orders.clear();
    this.#write(() => this.#storage.clear());
    return this.#writes;
  }

  /** A retried message goes to the end of the queue, here as in the state. */
  #put(userId: UserId, { status: _, ...send }: Pending, retried: boolean): void {
    const held = retried ? undefined : this.#orders.get(send.nonce);
    const order = held ?? Math.max(send.queuedAt, this.#lastOrder + 1);
    this.#lastOrder = Math.max(this.#lastOrder, order);
    this.#orders.set(send.nonce, order);
    this.#write(() => this.#storage.put({ ...send, userId, order }));
  }

  #write(write: () => Promise<void>): void {
    this.#writes = this.#writes.then(write).catch(this.#report);
  }
}
