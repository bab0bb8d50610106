//! Starting: the script that a first visit needs before it can read, and how soon a later visit reads.
import { gzipSync } from "node:zlib";
import type { Page, Response } from "playwright-core";
import type { Ground } from "./ground.ts";
import { median, type Row } from "./report.ts";
import { Visitor } from "./visitor.ts";

const ROUNDS = 9;
/** How much later than it could the server answers, to show that nobody waits for it. */
const LATE_MS = 2_000;
/** Longer than the page takes to put what it knows into its database. */
const KEEPING_MS = 4_000;

/** First load and warm start. */
export async function start(ground: Ground): Promise<Row[]> {
  const visitor = await Visitor.arrive(ground.server);
  try {
    return [await firstLoad(visitor, ground), ...(await warmStart(visitor, ground))];
  } finally {
    await visitor.leave();
  }
}

async function firstLoad(visitor: Visitor, ground: Ground): Promise<Row> {
  const page = await visitor.opens();
  const scripts: Response[] = [];
  const note = (response: Response): void => {
    if (response.request().resourceType() === "script") scripts.push(response);
  };
  page.on("response", note);
  await visitor.goes(page, ground.path(ground.pair[0]));
  // What is fetched from here on did not hold up the first row.
  page.off("response", note);
  const sizes = await Promise.all(
    scripts.map(async (script) => gzipSync(await script.body(), { level: 9 }).length),
  );
  await page.close();
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return {
    measure: "script before the first timeline",
    unit: "KB gzip",
    figures: [bytes / 1000],
    by: "worst",
    goal: 150,
    beside: scripts.map((script, index) => `${nameOf(script)} ${kb(sizes[index])}`).join(", "),
  };
}

const kb = (bytes = 0): string => (bytes / 1000).toFixed(1);
/** The name of a file without what changes with its content. */
const nameOf = (script: Response): string =>
  (script.url().split("/").at(-1) ?? "").replace(/-[\w-]{8}\.js$/, "");

async function warmStart(visitor: Visitor, ground: Ground): Promise<Row[]> {
  const path = ground.path(ground.pair[0]);
  const first = await visitor.opens(path);
  await first.waitForTimeout(KEEPING_MS);
  await first.close();
  const rounds = async (): Promise<{ figures: number[]; beside: string }> => {
    const figures: number[] = [];
    const busy: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const page = await visitor.opens();
      const meter = await visitor.meter(page);
      figures.push(await visitor.goes(page, path));
      busy.push((await meter.read()).busyMs);
      await settle(page);
      await page.close();
    }
    return { figures, beside: `${median(busy).toFixed(0)} ms of a processor` };
  };
  const soon = await rounds();
  visitor.way.ms = LATE_MS;
  const late = await rounds();
  visitor.way.ms = 0;
  const row = { unit: "ms", by: "median", goal: 300 } as const;
  const seconds = LATE_MS / 1000;
  return [
    { ...row, measure: "warm start", ...soon },
    { ...row, measure: `warm start, server ${seconds} s late`, ...late },
  ];
}

/** Lets the page come to rest, so that the next start does not share the machine with it. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(300);
}
