//! The palette over two thousand channels: how soon it opens, and what a key costs.
import type { Ground } from "./ground.ts";
import { at, type Row } from "./report.ts";
import { Visitor } from "./visitor.ts";

const CHANNELS = 2_000;
const AT_ONCE = 16;
const TOPICS = ["alerts", "releases", "réunion", "überblick", "standup", "incidents", "design"];
const QUERIES = ["team 17", "uberb", "releases-1", "#reun", "inc 99", "dsgn"];
const REST_MS = 120;

/** Opening, and every key of some searches. */
export async function palette(ground: Ground): Promise<Row[]> {
  await crowd(ground);
  const visitor = await Visitor.arrive(ground.server);
  try {
    const page = await visitor.opens(ground.path(ground.pair[0]));
    await page.waitForTimeout(4_000);
    const meter = await visitor.meter(page);
    const opening: number[] = [];
    const busy: number[] = [];
    const painted: number[] = [];
    for (const query of QUERIES) {
      const shown = page.evaluate(() => window.probe.pressed("[role=dialog] [role=option]"));
      await page.keyboard.press("Control+KeyK");
      opening.push(await shown);
      await page.waitForTimeout(REST_MS);
      const ends = await page.evaluateHandle(() => window.probe.keys());
      for (const key of query) {
        const before = await meter.read();
        await page.keyboard.type(key);
        await page.waitForTimeout(REST_MS);
        busy.push((await meter.read()).busyMs - before.busyMs);
      }
      painted.push(...(await ends.evaluate((end) => end())));
      await page.keyboard.press("Escape");
      await page.waitForTimeout(REST_MS);
    }
    const count = `${CHANNELS.toLocaleString("en")} channels`;
    return [
      {
        measure: `palette opens over ${count}`,
        unit: "ms",
        figures: opening,
        by: "median",
        goal: 33,
        reference: ground.bare.click,
      },
      {
        measure: `palette key over ${count}, main thread busy`,
        unit: "ms",
        figures: busy,
        by: "median",
        goal: 16,
        beside: `p95 ${at(0.95, busy).toFixed(1)} ms, key to paint p50 ${at(0.5, painted).toFixed(1)} p95 ${at(0.95, painted).toFixed(1)} ms`,
      },
    ];
  } finally {
    await visitor.leave();
  }
}

/** Makes the channels; whoever makes one is in it. */
async function crowd({ ana, workspaceId }: Ground): Promise<void> {
  let made = 0;
  const make = async (): Promise<void> => {
    while (made < CHANNELS) {
      const number = (made += 1);
      const name = `team-${number}-${TOPICS[number % TOPICS.length]}`;
      await ana.channels.create(workspaceId, { name, kind: "public" });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, make));
}
