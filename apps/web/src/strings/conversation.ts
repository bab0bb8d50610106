//! The words of a conversation: its rows, what one can do with a message, emoji, and threads.

const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

/** Names as people list them, the rest counted: "Ana, Ben and 3 others". */
function listed(names: readonly string[], total: number): string {
  const rest = total - names.length;
  const all = rest > 0 ? [...names, counted(rest, "other", "others")] : [...names];
  const last = all.pop() ?? "";
  return all.length === 0 ? last : `${all.join(", ")} and ${last}`;
}

/** Of emoji and who reacted with them. */
export const emojiWords = {
  picker: "Emoji",
  react: "Add a reaction",
  insert: "Insert an emoji",
  search: "Find an emoji",
  none: "No emoji of that name.",
  loading: "Fetching the emoji…",
  failed: "The emoji could not be loaded.",
  recent: "Used last",
  quick: "Quick",
  crustaceans: "Crustaceans and friends",
  found: (count: number) => counted(count, "emoji found", "emoji found"),
  groups: {
    smileys: "Smileys and feelings",
    people: "People and hands",
    animals: "Animals and nature",
    food: "Food and drink",
    travel: "Travel and places",
    activities: "Activities",
    objects: "Objects",
    symbols: "Symbols",
    flags: "Flags",
  },
  tone: "Skin tone",
  tones: ["Yellow", "Light", "Medium light", "Medium", "Medium dark", "Dark"],
  /** A chip: what stands on it, who reacted, and what pressing it does. */
  chip: (emoji: string, names: readonly string[], total: number) =>
    `${emoji} ${total}: ${listed(names, total)}`,
  chipMine: (emoji: string, names: readonly string[], total: number) =>
    `${emoji} ${total}: ${listed(names, total)}. Take yours back`,
  somebody: "somebody",
  you: "you",
  reactedTitle: "Who reacted",
  nobody: "Nobody has reacted, or no longer.",
} as const;

/** Of a thread and its pane. */
export const threadWords = {
  title: "Thread",
  close: "Close thread",
  label: (channel: string) => `Replies in a thread of ${channel}`,
  in: (channel: string) => `#${channel}`,
  replies: (count: number) => counted(count, "reply", "replies"),
  lastReply: (when: string) => `last one ${when}`,
  open: (count: number) => `Open thread, ${counted(count, "reply", "replies")}`,
  beginning: "No replies yet. Say the first one.",
  unread: "new replies",
  following: "Following",
  follow: "Follow",
  followHint: "Tell me of new replies",
  unfollowHint: "Tell me of new replies no longer",
  locked: "Locked",
  lockedBar: "This thread is locked. It can be read, not replied to.",
  lock: "Lock thread",
  unlock: "Unlock thread",
  menu: "Thread menu",
  rename: "Name thread",
  renameTitle: "Name this thread",
  name: "Name",
  nameHint: "Leave it empty for a thread without a name.",
  copyLink: "Copy link to thread",
  repliedTo: "replied to a thread:",
  repliedToUnknown: "replied to a thread",
  failed: "The thread could not be loaded.",
  gone: "This thread is not here, or no longer.",
  goneWords: "It was deleted, or you may not see it.",
} as const;

/** Of the list of messages. */
export const timelineWords = {
  label: (name: string) => `Messages in ${name}`,
  new: "New",
  jump: "Jump to latest",
  jumpNew: (count: number) =>
    count === 1 ? "1 new message" : `${count > 99 ? "99+" : count} new messages`,
  missing: "That message is not here, or no longer.",
} as const;

/** What a message says beside its text, and what one can do with it. */
export const messageWords = {
  tools: "Message actions",
  more: "More actions",
  react: "Add a reaction",
  quick: (emoji: string) => `React with ${emoji}`,
  thread: "Reply in thread",
  quote: "Reply with a quote",
  edit: "Edit message",
  copyLink: "Copy link",
  copyText: "Copy text",
  pin: "Pin to channel",
  unpin: "Unpin",
  save: "Save for later",
  unsave: "Remove from saved",
  markUnread: "Mark unread from here",
  who: "Show who reacted",
  history: "Show history",
  delete: "Delete message",
  done: {
    copied: "Copied.",
    notCopied: "The browser did not let this be copied.",
  },
  editField: "Edit message text",
  historyTitle: "History of the message",
  revision: (number: number) => (number === 1 ? "As sent" : `Edit ${number - 1}`),
  deleteTitle: "Delete this message?",
  deleteWords: "Its text and history go; a line says that it was here.",
  deleted: (name: string) => `${name} wrote something that was deleted.`,
  edited: "edited",
  editedAt: (time: string) => `Edited ${time}. Show history`,
  notSent: (words: string | undefined) => `Not sent. ${words ?? ""}`.trim(),
  pinnedBy: (name: string) => `Pinned by ${name}`,
  saved: "Saved for later",
  quoteBy: (name: string) => `Quote of ${name}`,
  quoteHidden: "A message that you cannot see.",
  quoteLoading: "Fetching the quoted message…",
  quoteDeleted: (name: string) => `${name} wrote something that was deleted.`,
  sheet: (name: string) => `Message of ${name}`,
} as const;
