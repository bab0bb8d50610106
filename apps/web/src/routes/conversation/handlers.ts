//! What happens when somebody does something with a message of a conversation.
import { messageOf } from "@clickclack/sdk";
import { copyText } from "../../live/clipboard.ts";
import { dialogs } from "../../live/dialogs.svelte.ts";
import { emojiMemory } from "../../live/emoji.svelte.ts";
import type { Conversation } from "../../live/entries.ts";
import { explain } from "../../live/explain.ts";
import { attempt, notices } from "../../live/notices.svelte.ts";
import { router } from "../../live/router.svelte.ts";
import { to } from "../../live/routes.ts";
import { session } from "../../live/session.svelte.ts";
import { type ActionId, actionsFor, type Rights } from "../../parts/message-actions.ts";
import type { Naming } from "../../parts/prose/naming.ts";
import { named } from "../../parts/prose/prose.ts";
import type { RowHandlers } from "../../parts/row-handlers.ts";
import type { Row } from "../../parts/rows.ts";
import { say } from "../../strings.ts";

/** What the screen of the conversation does itself. */
export interface Screen {
  readonly workspace: string;
  readonly conversation: Conversation;
  readonly naming: Naming;
  rights(): Rights;
  /** Opens a layer of a row beside an element. */
  open(kind: "menu" | "emoji" | "sheet", row: Row, at: HTMLElement): void;
  edit(row: Row | undefined): void;
  /** An edit of the row is saved. */
  edited(row: Row): void;
  quote(message: string): void;
}

/** The address of a message, in its thread where it is shown in one. */
function addressOf({ workspace, conversation: { channel, root } }: Screen, id: string): string {
  if (root === undefined) return to.message(workspace, channel, id);
  return id === root ? to.thread(workspace, channel, root) : to.reply(workspace, channel, root, id);
}

async function copy(text: string): Promise<void> {
  notices.tell((await copyText(text)) ? say.message.done.copied : say.message.done.notCopied);
}

function act(screen: Screen, action: ActionId, row: Row, at: HTMLElement): void {
  const { live, state } = session;
  const message = row.id === undefined ? undefined : messageOf(state, row.id);
  if (message === undefined) return;
  const { channel, root } = screen.conversation;
  const about = { channel, message: message.id };
  const doings: Record<ActionId, () => void> = {
    react: () => screen.open("emoji", row, at),
    thread: () =>
      router.go(to.thread(screen.workspace, channel, message.thread_root_id ?? message.id)),
    quote: () => screen.quote(message.id),
    edit: () => screen.edit(row),
    pin: () => attempt(live.pinMessage(message, message.pin === undefined)),
    save: () => attempt(live.saveMessage(message, !row.saved)),
    markUnread: () =>
      attempt(
        root === undefined
          ? live.markUnread(channel, row.place)
          : live.markThreadUnread(root, row.place),
      ),
    copyLink: () => void copy(location.origin + addressOf(screen, message.id)),
    copyText: () => void copy(named(row.body, screen.naming, row.people)),
    who: () => dialogs.open({ name: "reactions", ...about }),
    history: () => dialogs.open({ name: "history", ...about }),
    delete: () => dialogs.open({ name: "deleteMessage", ...about }),
  };
  doings[action]();
}

/** Reacts, or takes the reaction back. */
function toggle(row: Row, emoji: string): void {
  const message = row.id === undefined ? undefined : messageOf(session.state, row.id);
  if (message === undefined) return;
  const given = row.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
  if (!given) emojiMemory.used(emoji);
  attempt(session.live.toggleReaction(message, emoji));
}

/** The handlers of a conversation's rows. */
export function handlersOf(screen: Screen): RowHandlers {
  return {
    actions: (row) => actionsFor(row, screen.rights()),
    act: (action, row, at) => act(screen, action, row, at),
    get canReact() {
      return screen.rights().canPost;
    },
    toggle,
    more: (row, at) => screen.open("menu", row, at),
    hold(row, at) {
      if (actionsFor(row, screen.rights()).length > 0) screen.open("sheet", row, at);
    },
    threadAddress: (root) => to.thread(screen.workspace, screen.conversation.channel, root),
    messageAddress: (message, channel) => to.message(screen.workspace, channel, message),
    async save(row, body) {
      const message = row.id === undefined ? undefined : messageOf(session.state, row.id);
      if (message !== undefined) await session.live.edit(message, body);
      screen.edited(row);
    },
    edit: screen.edit,
    retry: (row) => session.live.retry(row.nonce),
    discard(row) {
      session.live.discard(row.nonce);
      // Its row is gone: the focus goes to where one writes.
      screen.edit(undefined);
    },
    explain,
  };
}
