//! The picker's lines: headings and rows of emoji, and where the arrows lead among them.

/** A named stretch of emoji. */
export interface Section {
  readonly key: string;
  readonly title: string;
  readonly emoji: readonly string[];
}

/** A line as it is drawn: a heading, or emoji with where each stands. */
export type Line =
  | { readonly kind: "title"; readonly key: string; readonly title: string }
  | { readonly kind: "emoji"; readonly key: string; readonly emoji: readonly string[] };

/** Where an emoji stands. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Lays sections out in lines of so many columns. Empty ones are left out. */
export function laid(sections: readonly Section[], columns: number): Line[] {
  return sections
    .filter(({ emoji }) => emoji.length > 0)
    .flatMap(({ key, title, emoji }) => {
      const lines: Line[] = title === "" ? [] : [{ kind: "title", key, title }];
      for (let from = 0; from < emoji.length; from += columns) {
        const part = emoji.slice(from, from + columns);
        lines.push({ kind: "emoji", key: `${key}:${from}`, emoji: part });
      }
      return lines;
    });
}

/** The emoji at a place. */
export function at(lines: readonly Line[], place: Place | undefined): string | undefined {
  const line = place === undefined ? undefined : lines[place.line];
  return line?.kind === "emoji" ? line.emoji[place?.column ?? 0] : undefined;
}

/** The first emoji of all. */
export function firstPlace(lines: readonly Line[]): Place | undefined {
  const line = lines.findIndex(({ kind }) => kind === "emoji");
  return line < 0 ? undefined : { line, column: 0 };
}

function emojiLine(lines: readonly Line[], from: number, step: 1 | -1): number | undefined {
  for (let line = from; line >= 0 && line < lines.length; line += step) {
    if (lines[line]?.kind === "emoji") return line;
  }
  return undefined;
}

const width = (lines: readonly Line[], line: number): number => {
  const found = lines[line];
  return found?.kind === "emoji" ? found.emoji.length : 0;
};

/** Where an arrow leads; at the ends one stays. */
export function moved(
  lines: readonly Line[],
  place: Place | undefined,
  key: string,
): Place | undefined {
  if (place === undefined || at(lines, place) === undefined) return firstPlace(lines);
  const { line, column } = place;
  switch (key) {
    case "ArrowRight": {
      if (column + 1 < width(lines, line)) return { line, column: column + 1 };
      const next = emojiLine(lines, line + 1, 1);
      return next === undefined ? place : { line: next, column: 0 };
    }
    case "ArrowLeft": {
      if (column > 0) return { line, column: column - 1 };
      const before = emojiLine(lines, line - 1, -1);
      return before === undefined ? place : { line: before, column: width(lines, before) - 1 };
    }
    case "ArrowDown":
    case "ArrowUp": {
      const step = key === "ArrowDown" ? 1 : -1;
      const next = emojiLine(lines, line + step, step);
      if (next === undefined) return place;
      return { line: next, column: Math.min(column, width(lines, next) - 1) };
    }
    default:
      return place;
  }
}
