//! Markdown put around what is selected, and taken off again.
import { type Change, lineStart, put } from "./change.ts";

const ADDRESS = /^https?:\/\/\S+$/i;

/** How many of a letter stand before a place, or behind it. */
function run(text: string, at: number, letter: string, step: 1 | -1): number {
  let count = 0;
  while (text[step === 1 ? at + count : at - 1 - count] === letter) count += 1;
  return count;
}

/** Whether a run of asterisks holds this mark: three are bold and italic at once. */
function holds(count: number, mark: string): boolean {
  if (mark[0] !== "*") return count >= mark.length;
  return mark === "*" ? count % 2 === 1 : count >= 2;
}

/** Puts marks around the selection, or takes them away when they are there. */
export function wrap(text: string, start: number, end: number, mark: string): Change {
  const size = mark.length;
  const letter = mark[0] ?? "";
  const inside = text.slice(start, end);
  const around = Math.min(run(text, start, letter, -1), run(text, end, letter, 1));
  if (holds(around, mark)) {
    const from = start - size;
    return { from, to: end + size, insert: inside, select: [from, from + inside.length] };
  }
  const within = Math.min(run(inside, 0, letter, 1), run(inside, inside.length, letter, -1));
  if (holds(within, mark) && inside.length > 2 * size) {
    const bare = inside.slice(size, -size);
    return { from: start, to: end, insert: bare, select: [start, start + bare.length] };
  }
  // Marks hold only where they touch words: blanks at the edges stay outside.
  const words = inside.trim();
  const lead = words === "" ? "" : inside.slice(0, inside.length - inside.trimStart().length);
  const tail = words === "" ? "" : inside.slice(inside.trimEnd().length);
  const body = words === "" ? inside : words;
  const from = start + lead.length + size;
  const insert = lead + mark + body + mark + tail;
  return { from: start, to: end, insert, select: [from, from + body.length] };
}

/** Makes the selection the words of a link, with its address selected to be typed over. */
export function linked(text: string, start: number, end: number): Change {
  const inside = text.slice(start, end);
  const isAddress = ADDRESS.test(inside);
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

/** An address pasted over words makes them a link to it. */
export function pasted(text: string, start: number, end: number, clip: string): Change | undefined {
  const words = text.slice(start, end);
  const address = clip.trim();
  if (!ADDRESS.test(address) || words.trim() === "" || /[\n[\]]/.test(words)) return undefined;
  if (ADDRESS.test(words)) return undefined; // one address in place of another
  return put(start, end, `[${words}](${address})`);
}

/** Puts selected text in code: in a line, or in a fence when it has several. */
export function coded(text: string, start: number, end: number): Change {
  const inside = text.slice(start, end);
  if (!inside.includes("\n")) return wrap(text, start, end, "`");
  const before = start === lineStart(text, start) ? "" : "\n";
  const after = text[end] === "\n" ? "" : "\n";
  return put(start, end, `${before}\`\`\`\n${inside}\n\`\`\`${after}`);
}
