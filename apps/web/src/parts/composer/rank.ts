//! Finding what somebody means by a few letters.

/** Letters without case and marks: "Zoë" is found by "zoe". */
export function fold(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/** Whether all letters stand in a text, in their order. */
function scattered(letters: string, text: string): boolean {
  let at = 0;
  for (const letter of text) if (letter === letters[at]) at += 1;
  return at >= letters.length;
}

/** How far a text is from what is looked for: 0 is the same, nothing is no match. */
export function distance(query: string, text: string): number | undefined {
  const sought = fold(query);
  const found = fold(text);
  if (sought === "" || found === sought) return 0;
  if (found.startsWith(sought)) return 1;
  const words = found.split(/[\s_.-]+/).filter(Boolean);
  if (words.some((word) => word.startsWith(sought))) return 2;
  if (
    words
      .map((word) => word[0])
      .join("")
      .startsWith(sought)
  )
    return 3;
  if (found.includes(sought)) return 4;
  return sought.length > 1 && scattered(sought.replaceAll(/\s/g, ""), found) ? 5 : undefined;
}

/** The best matches, the nearest first; among equals in the order in which they came. */
export function nearest<T>(
  query: string,
  all: Iterable<T>,
  words: (one: T) => readonly string[],
  most: number,
): T[] {
  const found: { one: T; far: number }[] = [];
  for (const one of all) {
    const far = Math.min(...words(one).map((word) => distance(query, word) ?? Infinity));
    if (far !== Infinity) found.push({ one, far });
  }
  return found
    .toSorted((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ one }) => one);
}
