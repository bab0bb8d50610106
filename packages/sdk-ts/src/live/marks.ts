//! What one does to messages, threads and the sidebar: shown at once, taken back when refused.

import { isProblem } from "../client/errors.ts";
import type {
  ChannelId,
  Message,
  MessageId,
  Schemas,
  SidebarSection,
  WorkspaceId,
} from "../shapes.ts";
import type { Input } from "../state/input.ts";
import type { Wish } from "../state/state.ts";
import { Lines, type Shared } from "./shared.ts";

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

export class Marks {
  readonly #shared: Shared;
  readonly #lines = new Lines();
  #lastWish = 0;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  react(message: Message, emoji: string, on: boolean): Promise<void> {
    const { messages } = this.#shared.client;
    const wish = { kind: "reaction", messageId: message.id, emoji, on } as const;
    return this.#wish(`${message.id} ${emoji}`, wish, async () => {
      const reactions = on
        ? await messages.addReaction(message.id, emoji)
        : await messages.removeReaction(message.id, emoji);
      return { type: "reactions.answered", message, reactions };
    });
  }

  save({ id: messageId }: Message, on: boolean): Promise<void> {
    const { messages } = this.#shared.client;
    return this.#wish(`saved ${messageId}`, { kind: "saved", messageId, on }, async () => {
      const saved = on ? await messages.save(messageId) : await messages.unsave(messageId);
      return { type: "saved.answered", saved };
    });
  }

  follow(rootId: MessageId, on: boolean): Promise<void> {
    const { threads } = this.#shared.client;
    return this.#wish(`follow ${rootId}`, { kind: "follow", rootId, on }, async () => {
      const follow = on ? await threads.follow(rootId) : await threads.unfollow(rootId);
      return { type: "follow.answered", follow };
    });
  }

  prefer(channelId: ChannelId, change: Schemas["UpdateChannelPreferences"]): Promise<void> {
    const wish = { kind: "channel", channelId, ...change } as const;
    return this.#wish(`preferences ${channelId}`, wish, async () => {
      const { channels } = this.#shared.client;
      const preferences = await channels.updatePreferences(channelId, change);
      return { type: "preferences.answered", preferences };
    });
  }

  arrange(workspaceId: WorkspaceId, sections: readonly SidebarSection[]): Promise<void> {
    const wish = { kind: "sidebar", workspaceId, sections } as const;
    return this.#wish(`sidebar ${workspaceId}`, wish, async () => {
      const { workspaces } = this.#shared.client;
      const arranged = { sections: [...sections] };
      const sidebar = await workspaces.updatePreferences(workspaceId, arranged);
      return { type: "sidebar.answered", workspaceId, sidebar };
    });
  }

  async pin({ id }: Message, on: boolean): Promise<void> {
    const { messages } = this.#shared.client;
    const message = on ? await messages.pin(id) : await messages.unpin(id);
    this.#shared.dispatch({ type: "message.answered", message });
  }

  async updateThread(rootId: MessageId, change: Schemas["UpdateThread"]): Promise<void> {
    const thread = await this.#shared.client.threads.update(rootId, change);
    this.#shared.dispatch({ type: "thread.answered", thread });
  }

  /** In the order of doing: the last wish about a thing is the one that holds. */
  async #wish(key: string, wish: WithoutId<Wish>, call: () => Promise<Input>): Promise<void> {
    this.#lastWish += 1;
    const id = String(this.#lastWish);
    const { dispatch, signedOut } = this.#shared;
    dispatch({ type: "wish.made", wish: { ...wish, id } as Wish });
    try {
      dispatch(await this.#lines.run(key, call));
    } catch (error) {
      if (isProblem(error, "unauthenticated")) signedOut();
      throw error;
    } finally {
      dispatch({ type: "wish.ended", id });
    }
  }
}
