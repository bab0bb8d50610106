//! One line for each measure: ours, what decides, the goal, and whether it is reached.

/** A measure, in the words of the server's bench. */
export interface Row {
  measure: string;
  unit: string;
  /** Once for each round. */
  figures: readonly number[];
  /** What of the figures decides. */
  by: "median" | "worst";
  goal: number;
  /** What the machine takes for the same with nothing in it, in this run. */
  reference?: readonly number[];
  /** What else there is to say. */
  beside?: string;
}

/** A row as it is kept. */
export interface Judged extends Omit<Row, "figures" | "reference"> {
  ours: number;
  reference: number | null;
  low: number;
  high: number;
  rounds: number;
  pass: boolean;
}

/** The figure below which a share of all figures lies. */
export function at(share: number, figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (figures: readonly number[]): number => at(0.5, figures);

/** Says whether a measure reaches its goal. All of them want less. */
export function judge({ figures, reference, ...row }: Row): Judged {
  const decides = (all: readonly number[]): number =>
    row.by === "median" ? median(all) : Math.max(...all);
  const ours = decides(figures);
  return {
    ...row,
    ours,
    reference: reference === undefined ? null : decides(reference),
    low: Math.min(...figures),
    high: Math.max(...figures),
    rounds: figures.length,
    // Without a figure there is nothing that could have passed.
    pass: figures.length > 0 && ours <= row.goal,
  };
}

const short = (figure: number): string => figure.toFixed(figure < 100 ? 2 : 1);

const bare = ({ reference }: Judged): string => (reference === null ? "–" : short(reference));

/** The line of a measure. */
export function line(row: Judged): string {
  const range = `${row.by} of ${row.rounds} (${short(row.low)}–${short(row.high)})`;
  return [
    `web ${row.measure}`,
    `ours ${short(row.ours)} ${row.unit}`.trim(),
    `reference ${bare(row)}`,
    range,
    `goal ≤ ${row.goal}`,
    row.pass ? "pass" : "short",
    ...(row.beside === undefined ? [] : [row.beside]),
  ].join(" | ");
}

/** All measures under each other. */
export function table(rows: readonly Judged[]): string {
  const head = ["measure", "ours", "bare", "goal", ""];
  const cells = rows.map((row) => [
    row.measure,
    `${short(row.ours)} ${row.unit}`,
    bare(row),
    `≤ ${row.goal}`,
    row.pass ? "pass" : "short",
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...cells].map((cell) => cell[column]?.length ?? 0)),
  );
  const write = (cell: readonly string[]): string =>
    cell
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [head, ...cells].map(write).join("\n");
}
