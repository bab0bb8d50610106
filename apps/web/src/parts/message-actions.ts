//! What one can do with a message: the one list that feeds toolbar, menu, sheet and keyboard.
import Bookmark from "@lucide/svelte/icons/bookmark";
import BookmarkMinus from "@lucide/svelte/icons/bookmark-minus";
import Copy from "@lucide/svelte/icons/copy";
import EyeOff from "@lucide/svelte/icons/eye-off";
import History from "@lucide/svelte/icons/history";
import Link from "@lucide/svelte/icons/link";
import MessageSquareReply from "@lucide/svelte/icons/message-square-reply";
import Pencil from "@lucide/svelte/icons/pencil";
import Pin from "@lucide/svelte/icons/pin";
import PinOff from "@lucide/svelte/icons/pin-off";
import Quote from "@lucide/svelte/icons/quote";
import SmilePlus from "@lucide/svelte/icons/smile-plus";
import Trash from "@lucide/svelte/icons/trash-2";
import Users from "@lucide/svelte/icons/users";
import type { Component } from "svelte";
import { say } from "../strings.ts";
import type { Row } from "./rows.ts";

/** The names of the actions. */
export type ActionId =
  | "react"
  | "thread"
  | "quote"
  | "edit"
  | "pin"
  | "save"
  | "markUnread"
  | "copyLink"
  | "copyText"
  | "who"
  | "history"
  | "delete";

/** One action as it is offered. */
export interface MessageAction {
  readonly id: ActionId;
  readonly words: string;
  readonly icon: Component<{ size?: number }>;
  /** The key that does it on the focused message. */
  readonly keys?: string;
  /** Shown as a button while a message is pointed at; the others are in the menu. */
  readonly atHand?: true;
  readonly danger?: true;
  /** Actions that belong together stand together. */
  readonly group: "answer" | "keep" | "copy" | "change";
}

/** What the reader may do in a conversation, so that nothing is offered that the server would refuse. */
export interface Rights {
  /** In the channel, which is not archived. */
  readonly canPost: boolean;
  /** The same, and the thread, if this is one, is not locked. */
  readonly canReply: boolean;
  readonly joined: boolean;
  readonly canModerate: boolean;
  readonly inThread: boolean;
}

/** The keys of the focused message, for whoever lists them. */
export const messageKeys: readonly { readonly words: string; readonly keys: string }[] = [
  { words: say.message.edit, keys: "E" },
  { words: say.message.quote, keys: "R" },
  { words: say.message.thread, keys: "T" },
  { words: say.message.react, keys: "+" },
  { words: say.message.pin, keys: "P" },
  { words: say.message.copyLink, keys: "C" },
];

type Offer = Omit<MessageAction, "words" | "icon"> & {
  readonly words: (row: Row) => string;
  readonly icon: (row: Row) => MessageAction["icon"];
  readonly offered: (row: Row, rights: Rights) => boolean;
};

const always =
  <T>(value: T) =>
  (): T =>
    value;
const alive = (row: Row): boolean => !row.deleted;

const offers: readonly Offer[] = [
  {
    id: "react",
    words: always(say.message.react),
    icon: always(SmilePlus),
    keys: "+",
    atHand: true,
    group: "answer",
    offered: (row, { canPost }) => canPost && alive(row),
  },
  {
    id: "thread",
    words: (row) =>
      row.thread === undefined ? say.message.thread : say.thread.open(row.thread.reply_count),
    icon: always(MessageSquareReply),
    keys: "T",
    atHand: true,
    group: "answer",
    offered: (row, { canPost, inThread }) =>
      !inThread &&
      (row.thread !== undefined || row.replyTo !== undefined || (canPost && alive(row))),
  },
  {
    id: "quote",
    words: always(say.message.quote),
    icon: always(Quote),
    keys: "R",
    atHand: true,
    group: "answer",
    offered: (row, { canReply }) => canReply && alive(row),
  },
  {
    id: "edit",
    words: always(say.message.edit),
    icon: always(Pencil),
    keys: "E",
    group: "answer",
    offered: (row, { canPost }) => row.mine && canPost && alive(row),
  },
  {
    id: "save",
    words: (row) => (row.saved ? say.message.unsave : say.message.save),
    icon: (row) => (row.saved ? BookmarkMinus : Bookmark),
    group: "keep",
    offered: alive,
  },
  {
    id: "pin",
    words: (row) => (row.pinnedBy === undefined ? say.message.pin : say.message.unpin),
    icon: (row) => (row.pinnedBy === undefined ? Pin : PinOff),
    keys: "P",
    group: "keep",
    offered: (row, { canPost }) => canPost && alive(row),
  },
  {
    id: "markUnread",
    words: always(say.message.markUnread),
    icon: always(EyeOff),
    group: "keep",
    offered: (row, { joined }) => joined && row.place > 0,
  },
  {
    id: "copyLink",
    words: always(say.message.copyLink),
    icon: always(Link),
    keys: "C",
    group: "copy",
    offered: () => true,
  },
  {
    id: "copyText",
    words: always(say.message.copyText),
    icon: always(Copy),
    group: "copy",
    offered: alive,
  },
  {
    id: "who",
    words: always(say.message.who),
    icon: always(Users),
    group: "copy",
    offered: (row) => row.reactions.length > 0,
  },
  {
    id: "history",
    words: always(say.message.history),
    icon: always(History),
    group: "copy",
    offered: (row) => alive(row) && row.editedAt !== undefined,
  },
  {
    id: "delete",
    words: always(say.message.delete),
    icon: always(Trash),
    danger: true,
    group: "change",
    offered: (row, { canModerate }) => alive(row) && (row.mine || canModerate),
  },
];

/** What this reader can do with this message, in order. Nothing while it is on its way. */
export function actionsFor(row: Row, rights: Rights): MessageAction[] {
  if (row.delivery !== "sent" || row.id === undefined) return [];
  return offers
    .filter(({ offered }) => offered(row, rights))
    .map(({ id, words, icon, keys, atHand, danger, group }) => ({
      id,
      words: words(row),
      icon: icon(row),
      group,
      ...(keys === undefined ? {} : { keys }),
      ...(atHand === undefined ? {} : { atHand }),
      ...(danger === undefined ? {} : { danger }),
    }));
}

/** Actions with a gap (`null`) between those that do not belong together. */
export function grouped(actions: readonly MessageAction[]): (MessageAction | null)[] {
  return actions.flatMap((action, index) => {
    const before = actions[index - 1];
    return before === undefined || before.group === action.group ? [action] : [null, action];
  });
}
