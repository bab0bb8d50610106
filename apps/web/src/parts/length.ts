//! How long a message may be, counted as the server counts: in characters, not in UTF-16 units.

/** Most characters of a message. */
export const MESSAGE_CHARS = 16_000;

/** Characters of a text. */
export function characters(text: string): number {
  return Array.from(text).length;
}

/** Whether a text can be sent. Short texts are not counted. */
export function fits(text: string): boolean {
  return text.length <= MESSAGE_CHARS || characters(text) <= MESSAGE_CHARS;
}

/** How many characters are left, once that is worth saying; below zero it is too long. */
export function leftOver(text: string): number | undefined {
  if (text.length < MESSAGE_CHARS - 500) return undefined;
  const left = MESSAGE_CHARS - characters(text);
  return left <= 500 ? left : undefined;
}
