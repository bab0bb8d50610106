//! How long a message may be, counted as the server counts: in characters, not in UTF-16 units.

/** Most characters of a message. */
export const MESSAGE_CHARS = 16_000;

/** Characters of a text. */
export function characters(text: string): number {
  return Array.from(text).length;
}

/** No text of more UTF-16 units fits, whatever they are: pasted megabytes are not counted. */
const MOST_UNITS = 2 * MESSAGE_CHARS;

/** Whether a text can be sent. Only a text that may or may not fit is counted. */
export function fits(text: string): boolean {
  if (text.length <= MESSAGE_CHARS) return true;
  return text.length <= MOST_UNITS && characters(text) <= MESSAGE_CHARS;
}

/** How many characters are left, once that is worth saying; below zero it is too long. */
export function leftOver(text: string): number | undefined {
  if (text.length < MESSAGE_CHARS - 500) return undefined;
  if (text.length > MOST_UNITS) return MESSAGE_CHARS - Math.ceil(text.length / 2);
  const left = MESSAGE_CHARS - characters(text);
  return left <= 500 ? left : undefined;
}
