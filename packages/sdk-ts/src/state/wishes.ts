//! What one did and the server has not answered yet, laid over what is known.

import type {
  ChannelId,
  Message,
  MessageId,
  Reaction,
  SidebarSection,
  WorkspaceId,
} from "../shapes.ts";
import { react } from "./notes.ts";
import type { State, Wish } from "./state.ts";

export function makeWish(state: State, wish: Wish): State {
  return { ...state, wishes: [...state.wishes, wish] };
}

export function endWish(state: State, id: string): State {
  const wishes = state.wishes.filter((wish) => wish.id !== id);
  return wishes.length === state.wishes.length ? state : { ...state, wishes };
}

/** A message's reactions as they will be. */
export function wishedReactions({ wishes, account }: State, message: Message): Reaction[] {
  const items = message.reactions?.items ?? [];
  if (account === null) return items;
  return wishes.reduce(
    (next, wish) =>
      wish.kind === "reaction" && wish.messageId === message.id
        ? react(next, wish.emoji, account.id, wish.on)
        : next,
    items,
  );
}

export function wishedSaved({ wishes, saved }: State, messageId: MessageId): boolean {
  const wish = wishes.findLast((held) => held.kind === "saved" && held.messageId === messageId);
  return wish?.kind === "saved" ? wish.on : saved[messageId]?.saved === true;
}

export function wishedFollow({ wishes, follows }: State, rootId: MessageId): boolean | undefined {
  const wish = wishes.findLast((held) => held.kind === "follow" && held.rootId === rootId);
  return wish?.kind === "follow" ? wish.on : follows[rootId]?.base.following;
}

export function wishedPreferences(
  { wishes, preferences }: State,
  channelId: ChannelId,
): { readonly starred: boolean; readonly muted: boolean } {
  const held = preferences[channelId];
  const known = { starred: held?.starred === true, muted: held?.muted === true };
  return wishes.reduce(
    (next, wish) =>
      wish.kind === "channel" && wish.channelId === channelId
        ? { starred: wish.starred ?? next.starred, muted: wish.muted ?? next.muted }
        : next,
    known,
  );
}

const NOTHING_ARRANGED: readonly SidebarSection[] = [];

export function wishedSections(
  { wishes, workspaces }: State,
  id: WorkspaceId,
): readonly SidebarSection[] {
  const wish = wishes.findLast((held) => held.kind === "sidebar" && held.workspaceId === id);
  if (wish?.kind === "sidebar") return wish.sections;
  return workspaces[id]?.sidebar.sections ?? NOTHING_ARRANGED;
}
