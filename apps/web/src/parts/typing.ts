//! Typing into fields: input methods, and Markdown put around what is selected.

/** Whether a key belongs to an input method that is still composing; it must not act then. */
export function composing(event: KeyboardEvent): boolean {
  // 229 is what browsers report for keys that an input method swallowed, Safari also for the key that ends it.
  return event.isComposing || event.keyCode === 229;
}

/** A stretch of text to put in place of another, and what is selected afterwards. */
export interface Change {
  from: number;
  to: number;
  insert: string;
  select: [number, number];
}

/** Puts marks around the selection, or takes them away when they are there. */
export function wrap(text: string, start: number, end: number, mark: string): Change {
  const size = mark.length;
  const inside = text.slice(start, end);
  if (text.slice(start - size, start) === mark && text.slice(end, end + size) === mark) {
    return {
      from: start - size,
      to: end + size,
      insert: inside,
      select: [start - size, end - size],
    };
  }
  return { from: start, to: end, insert: mark + inside + mark, select: [start + size, end + size] };
}

/** Makes the selection the words of a link, with its address selected to be typed over. */
export function linked(text: string, start: number, end: number): Change {
  const inside = text.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/i.test(inside);
  const words = isAddress ? "" : inside;
  const address = isAddress ? inside : "https://";
  const at = isAddress ? start + 1 : start + words.length + 3;
  return {
    from: start,
    to: end,
    insert: `[${words}](${address})`,
    select: [at, isAddress ? at : at + address.length],
  };
}

/** Starts each selected line as an item of a list. */
export function listed(text: string, start: number, end: number): Change {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const lines = text.slice(from, end).split("\n");
  const insert = lines.map((line) => (line.startsWith("- ") ? line : `- ${line}`)).join("\n");
  const caret = from + insert.length;
  return { from, to: end, insert, select: [caret, caret] };
}

/** Puts selected text in code: in a line, or in a fence when it has several. */
export function coded(text: string, start: number, end: number): Change {
  const inside = text.slice(start, end);
  if (!inside.includes("\n")) return wrap(text, start, end, "`");
  const before = start === 0 || text[start - 1] === "\n" ? "" : "\n";
  const insert = `${before}\`\`\`\n${inside}\n\`\`\`\n`;
  const caret = start + insert.length;
  return { from: start, to: end, insert, select: [caret, caret] };
}
