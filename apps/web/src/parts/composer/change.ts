//! One step of editing: a stretch of text put in place of another.

/** What is replaced, by what, and what is selected afterwards. */
export interface Change {
  from: number;
  to: number;
  insert: string;
  select: [number, number];
}

/** Makes a change of a text and its selection; nothing when there is nothing to do. */
export type Edit = (text: string, start: number, end: number) => Change | undefined;

/** Puts a text in place of a stretch, with the caret behind it. */
export function put(from: number, to: number, insert: string): Change {
  const caret = from + insert.length;
  return { from, to, insert, select: [caret, caret] };
}

/** The text after a change. */
export function applied(text: string, { from, to, insert }: Change): string {
  return text.slice(0, from) + insert + text.slice(to);
}

/** Where the line of a place begins. */
export const lineStart = (text: string, at: number): number =>
  at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;

/** Where the line of a place ends, without its break. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}
