//! How a person without a picture is drawn: initials and one of six colours.

const COLOURS = 6;

/** The first letters of the first and last word, as people sign: "Ana Ruiz" is AR. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = words[0];
  if (first === undefined) return "?";
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  const letters = last === undefined ? [...first].slice(0, 2) : [[...first][0], [...last][0]];
  return letters.join("").toUpperCase();
}

/** The same id has the same colour everywhere, 1 to 6. */
export function colour(id: string): number {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return (sum % COLOURS) + 1;
}
