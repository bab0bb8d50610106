//! Brings what one has begun to write to the server, a moment after the last key.

import { isPassing, isProblem, NetworkError } from "../client/errors.ts";
import type { ChannelId, ConversationId, MessageId } from "../shapes.ts";
import { Lines, type Shared } from "./shared.ts";

/** How long somebody may pause between two keys without being told on. */
const PAUSE_MS = 800;
/** How long a server that has no time is left in peace. */
const AGAIN_MS = 10_000;

export class Drafts {
  readonly #shared: Shared;
  readonly #timers = new Map<ConversationId, () => void>();
  readonly #lines = new Lines();
  /** Texts that the server would not take: they are not told again. */
  readonly #refused = new Map<ConversationId, string>();

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  set(channelId: ChannelId, rootId: MessageId | null, body: string): void {
    const { dispatch, platform, state } = this.#shared;
    const before = state().drafts;
    dispatch({ type: "draft.typed", channelId, rootId, body, at: platform.clock() });
    if (state().drafts !== before) this.#later(rootId ?? channelId, PAUSE_MS);
  }

  /** Tells what waits: the network may be back. */
  flush(): void {
    for (const [id, { dirty, body }] of Object.entries(this.#shared.state().drafts)) {
      if (dirty && this.#refused.get(id) !== body && !this.#timers.has(id)) void this.#tell(id);
    }
  }

  /** Tells at once what waits, while the page goes away. */
  hurry(): void {
    this.#cancel();
    this.flush();
  }

  stop(): void {
    this.#cancel();
  }

  #cancel(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #later(id: ConversationId, ms: number): void {
    this.#timers.get(id)?.();
    const cancel = this.#shared.platform.timers.after(ms, () => {
      this.#timers.delete(id);
      void this.#tell(id);
    });
    this.#timers.set(id, cancel);
  }

  async #tell(id: ConversationId): Promise<void> {
    try {
      await this.#lines.run(id, () => this.#put(id));
    } catch (error) {
      if (isProblem(error, "unauthenticated")) return this.#shared.signedOut();
      if (error instanceof NetworkError) return;
      if (isPassing(error)) return this.#later(id, AGAIN_MS);
      const body = this.#shared.state().drafts[id]?.body;
      if (body !== undefined) this.#refused.set(id, body);
    }
  }

  async #put(id: ConversationId): Promise<void> {
    const { client, state, dispatch } = this.#shared;
    const held = state().drafts[id];
    if (held === undefined || !held.dirty) return;
    const { channelId, rootId, body } = held;
    const thread = rootId === undefined ? {} : { thread_root_id: rootId };
    const told = { channel_id: channelId, ...thread, body };
    dispatch({ type: "draft.told", conversationId: id });
    const draft = await client.drafts.put(told, { keepalive: true });
    this.#refused.delete(id);
    dispatch({ type: "draft.answered", draft, body });
  }
}
