//! Lines that go on by themselves: lists that count, quotes, and the inside of fences.
import { type Change, lineEnd, lineStart, put } from "./change.ts";
import { inFence } from "./code.ts";

/** The beginning of an item: quote marks, indentation, bullet or number, box. */
const ITEM = /^((?:\s*>)*\s*)([-*+]|\d{1,9}[.)])( +)(\[[ xX]\] +)?/;
const QUOTE = /^(?:\s*>)+ ?/;

interface Item {
  lead: string;
  bullet: string;
  gap: string;
  box: string;
  /** All of it, up to where its words begin. */
  size: number;
}

function itemOf(line: string): Item | undefined {
  const found = ITEM.exec(line);
  if (found === null) return undefined;
  const [all, lead = "", bullet = "", gap = "", box = ""] = found;
  return { lead, bullet, gap, box, size: all.length };
}

const numberOf = (bullet: string): number | undefined =>
  /^\d/.test(bullet) ? Number.parseInt(bullet, 10) : undefined;

function counted(bullet: string, by: (count: number) => number): string {
  const count = numberOf(bullet);
  return count === undefined ? bullet : `${by(count)}${bullet.slice(-1)}`;
}

/** What a line break does at a place: it carries a list, a quote or an indentation on, or ends it. */
export function broken(text: string, start: number, end: number): Change {
  const from = lineStart(text, start);
  const line = text.slice(from, lineEnd(text, end));
  const before = text.slice(from, start);
  if (inFence(text, start)) return put(start, end, `\n${/^[ \t]*/.exec(before)?.[0] ?? ""}`);
  const item = itemOf(line);
  const quote = QUOTE.exec(line)?.[0];
  const size = item?.size ?? quote?.length;
  if (size === undefined || before.length < size) return put(start, end, "\n");
  // An item without words is where the list ends.
  if (line.slice(size).trim() === "") return put(from, lineEnd(text, end), "");
  if (item === undefined) return put(start, end, `\n${quote ?? ""}`);
  const box = item.box === "" ? "" : "[ ] ";
  const next = counted(item.bullet, (count) => count + 1);
  return put(start, end, `\n${item.lead}${next}${item.gap}${box}`);
}

/** Starts each selected line as an item of a list, or ends the list when all of them are items. */
export function listed(text: string, start: number, end: number): Change {
  const from = lineStart(text, start);
  const to = lineEnd(text, end);
  const lines = text.slice(from, to).split("\n");
  const all = lines.every((line) => itemOf(line) !== undefined);
  const insert = lines
    .map((line) => {
      const item = itemOf(line);
      if (all && item !== undefined) return item.lead + line.slice(item.size);
      return item === undefined ? `- ${line}` : line;
    })
    .join("\n");
  return put(from, to, insert);
}

/** The last item before a line that a child of it or a sibling would follow. */
function above(text: string, from: number, fits: (indent: number) => boolean): Item | undefined {
  let at = from;
  while (at > 0) {
    const end = at - 1;
    at = lineStart(text, end);
    const item = itemOf(text.slice(at, end));
    if (item === undefined) return undefined;
    if (fits(item.lead.length)) return item;
  }
  return undefined;
}

/** Moves the items of the selected lines a step in or out; nothing where there is no step to take. */
export function indented(
  text: string,
  start: number,
  end: number,
  direction: "in" | "out",
): Change | undefined {
  const from = lineStart(text, start);
  const to = lineEnd(text, end);
  const lines = text.slice(from, to).split("\n");
  const first = itemOf(lines[0] ?? "");
  if (first === undefined || inFence(text, from)) return undefined;
  const own = first.lead.length;
  const parent = above(text, from, (lead) => (direction === "in" ? lead <= own : lead < own));
  const step =
    direction === "in"
      ? (parent?.lead.length ?? own) + (parent?.bullet.length ?? -1) + 1 - own
      : (parent?.lead.length ?? 0) - own;
  if (direction === "in" ? parent === undefined || step <= 0 : step >= 0) return undefined;
  const sibling = above(text, from, (lead) => lead <= own + step);
  const continues = sibling?.lead.length === own + step ? numberOf(sibling.bullet) : undefined;
  const moved = lines.map((line, index) => {
    const item = itemOf(line);
    if (item === undefined) return line;
    const lead = step > 0 ? item.lead + " ".repeat(step) : item.lead.slice(0, step);
    const bullet = index > 0 ? item.bullet : counted(item.bullet, () => (continues ?? 0) + 1);
    return lead + bullet + line.slice(item.lead.length + item.bullet.length);
  });
  const insert = moved.join("\n");
  const head = (moved[0]?.length ?? 0) - (lines[0]?.length ?? 0);
  const caret = Math.max(from, start + head);
  const tail = start === end ? caret : end + insert.length - (to - from);
  return { from, to, insert, select: [caret, tail] };
}
