//! The measures of the page, one after the other on one ground, each with its goal.
import { closeBrowser } from "../town/browser.ts";
import { type Ground, prepare } from "./ground.ts";
import { idle } from "./idle.ts";
import { palette } from "./palette.ts";
import { judge, type Judged, line, type Row, table } from "./report.ts";
import { scrolling } from "./scrolling.ts";
import { start } from "./start.ts";
import { switching } from "./switching.ts";
import { typing } from "./typing.ts";

type Measure = (ground: Ground) => Promise<Row[]>;
const MEASURES: readonly [string, Measure][] = [
  ["start", start],
  ["switching", switching],
  ["typing", typing],
  ["idle", idle],
  ["scrolling", scrolling],
  // Last: its two thousand channels stay.
  ["palette", palette],
];

/** Runs the measures of these names, or all, and answers with what they found. */
export async function bench(names: readonly string[]): Promise<Judged[]> {
  const known = MEASURES.map(([name]) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`no measure is called ${unknown}: ${known.join(", ")}`);
  const wanted = MEASURES.filter(([name]) => names.length === 0 || names.includes(name));
  const ground = await prepare(wanted.some(([name]) => name === "scrolling"));
  try {
    const rows: Judged[] = [];
    for (const [, measure] of wanted) {
      for (const row of await measure(ground)) {
        const judged = judge(row);
        rows.push(judged);
        console.log(line(judged));
      }
    }
    console.log(`\n${table(rows)}`);
    return rows;
  } finally {
    await closeBrowser();
    await ground.leave();
  }
}
