//! Texts with their caret drawn in, for tables of tests: `a¦b`, or `a⟦bc⟧d` with a selection.
import { applied, type Edit } from "./change.ts";

function read(drawn: string): [text: string, start: number, end: number] {
  const bar = drawn.indexOf("¦");
  if (bar >= 0) return [drawn.replace("¦", ""), bar, bar];
  const start = drawn.indexOf("⟦");
  const end = drawn.indexOf("⟧") - 1;
  if (start < 0 || end < 0) throw new Error(`no caret in ${drawn}`);
  return [drawn.replace("⟦", "").replace("⟧", ""), start, end];
}

function draw(text: string, [start, end]: readonly [number, number]): string {
  if (start === end) return `${text.slice(0, start)}¦${text.slice(start)}`;
  return `${text.slice(0, start)}⟦${text.slice(start, end)}⟧${text.slice(end)}`;
}

/** What an edit makes of a drawn text, drawn again; nothing when it has nothing to do. */
export function drawn(edit: Edit, before: string): string | undefined {
  const [text, start, end] = read(before);
  const change = edit(text, start, end);
  return change === undefined ? undefined : draw(applied(text, change), change.select);
}
