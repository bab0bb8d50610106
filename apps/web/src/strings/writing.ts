//! The words of writing and of what is written: composer, completion, drafts, texts.

/** Of the place where one writes. */
export const composerWords = {
  label: (name: string) => `Message #${name}`,
  reply: "Reply",
  replyHint: "Reply…",
  send: "Send",
  saves: (enter: boolean) => `${enter ? "Enter" : "Shift Enter"} saves, Esc cancels`,
  bold: "Bold",
  italic: "Italic",
  link: "Link",
  code: "Code",
  list: "List",
  mention: "Mention somebody",
  emoji: "Emoji",
  tools: "Format",
  titled: (words: string, keys: string) => (keys === "" ? words : `${words} (${keys})`),
  left: (count: number) => `${count.toLocaleString()} characters left`,
  tooLong: (most: number) => `Too long: at most ${most.toLocaleString()} characters`,
  /** Who types, and what is said of them. */
  typing: (names: readonly string[]): readonly [who: string, rest: string] => {
    const [first, second] = names;
    if (first === undefined) return ["", ""];
    if (second === undefined) return [first, " is typing…"];
    return [names.length === 2 ? `${first} and ${second}` : "Several people", " are typing…"];
  },
  quoting: (name: string) => `Quoting ${name}`,
  quotingHidden: "Quoting a message that you cannot see",
  unquote: "Remove quote",
  alsoInChannel: (name: string) => `Also send to #${name}`,
  suggestions: { person: "People", channel: "Channels", emoji: "Emoji" },
  suggested: (count: number) => (count === 1 ? "1 suggestion" : `${count} suggestions`),
  everyone: { channel: "Calls everybody in this channel", here: "Calls everybody who is here now" },
  outside: "not in this channel",
  oneself: "you",
} as const;

/** Of texts on the screen. */
export const proseWords = { someone: "someone", copyCode: "Copy code" } as const;

/** Of the setting about the Enter key. */
export const writingWords = {
  title: "Writing",
  enterSends: "Enter sends, Shift Enter breaks the line",
  enterBreaks: "Enter breaks the line, Shift Enter sends",
  note: "Kept on this device. Ctrl Enter always sends.",
} as const;
