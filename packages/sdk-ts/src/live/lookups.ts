//! Fetches single things: quoted messages, messages that a link names, people, counts.

import { isProblem } from "../client/errors.ts";
import type { Member, Message, MessageId, User, UserId, WorkspaceId } from "../shapes.ts";
import type { Input } from "../state/input.ts";
import type { Need } from "../state/needs.ts";
import { messageOf } from "../state/selectors.ts";
import type { Shared } from "./shared.ts";

/** So many at once: a screen full of quotes must not hold up what one does. */
const AT_ONCE = 4;

export type SmallNeed = Extract<Need, { kind: "message" | "follow" | "count" | "own" }>;

export class Lookups {
  readonly #shared: Shared;
  readonly #flying = new Set<string>();
  /** Those whose fetching failed: they wait until there is reason to hope. */
  readonly #tired = new Set<string>();

  readonly #again: () => void;

  /** `again` is called when there is room for more. */
  constructor(shared: Shared, again: () => void) {
    this.#shared = shared;
    this.#again = again;
  }

  /** The network may be back. */
  hope(): void {
    this.#tired.clear();
  }

  /** Fetches what is needed, a few at a time. */
  attend(needs: readonly SmallNeed[]): void {
    for (const need of needs) {
      if (this.#flying.size >= AT_ONCE) return;
      const key = keyOf(need);
      if (this.#flying.has(key) || this.#tired.has(key)) continue;
      this.#flying.add(key);
      void this.#fetch(key, need);
    }
  }

  /** Finds a message that a link names; null when one may not see it. */
  async resolve(id: MessageId): Promise<Message | null> {
    const { client, dispatch, state } = this.#shared;
    try {
      const message = await client.messages.get(id);
      dispatch({ type: "messages.held", messages: [message] });
      return messageOf(state(), id) ?? null;
    } catch (error) {
      if (!isProblem(error, "not_found") && !isProblem(error, "malformed_request")) throw error;
      return null;
    }
  }

  /** The first of the people whom the server finds by a name. */
  async members(workspaceId: WorkspaceId, q: string): Promise<Member[]> {
    const { client, dispatch } = this.#shared;
    const page = await client.members.list(workspaceId, { q, limit: 20 });
    dispatch({ type: "members.loaded", workspaceId, page });
    return page.items;
  }

  async user(workspaceId: WorkspaceId, id: UserId): Promise<User | null> {
    const { client, dispatch } = this.#shared;
    try {
      const user = await client.users.get(id);
      dispatch({ type: "user.answered", workspaceId, user });
      return user;
    } catch (error) {
      if (!isProblem(error, "not_found")) throw error;
      return null;
    }
  }

  async #fetch(key: string, need: SmallNeed): Promise<void> {
    const { dispatch, report, signedOut } = this.#shared;
    let answer: Input | null = null;
    try {
      answer = await this.#call(need);
    } catch (error) {
      if (isProblem(error, "not_found")) answer = absent(need);
      else if (isProblem(error, "unauthenticated")) signedOut();
      else {
        this.#tired.add(key);
        report(error);
      }
    }
    this.#flying.delete(key);
    // What an answer does not settle must not be asked for again and again.
    if (need.kind === "follow" || need.kind === "count") this.#tired.add(key);
    if (answer === null) this.#again();
    else dispatch(answer);
  }

  async #call(need: SmallNeed): Promise<Input> {
    const { client } = this.#shared;
    switch (need.kind) {
      case "message": {
        const message = await client.messages.get(need.messageId);
        return { type: "messages.held", messages: [message] };
      }
      case "follow": {
        const { follow } = await client.messages.getThread(need.rootId, { limit: 1 });
        return { type: "follow.answered", follow };
      }
      case "own": {
        const { workspaceId } = need;
        const personal = await client.me.getState(workspaceId);
        return { type: "personal.loaded", workspaceId, personal };
      }
      case "count": {
        const read = await client.channels.markRead(need.channelId, { seq: need.place });
        return { type: "read.answered", read };
      }
    }
  }
}

function absent(need: SmallNeed): Input | null {
  if (need.kind === "message") return { type: "message.hidden", messageId: need.messageId };
  return need.kind === "follow" ? { type: "follow.unknown", rootId: need.rootId } : null;
}

function keyOf(need: SmallNeed): string {
  if (need.kind === "message") return need.messageId;
  if (need.kind === "own") return `own ${need.workspaceId}`;
  return need.kind === "follow" ? `follow ${need.rootId}` : `count ${need.channelId}`;
}
