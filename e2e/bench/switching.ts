//! Switching between conversations that were opened before.
import type { Ground } from "./ground.ts";
import { at, type Row } from "./report.ts";
import { Visitor } from "./visitor.ts";

const ROUNDS = 40;
const REST_MS = 150;

/** From the click's handler to the paint that shows the other conversation. */
export async function switching(ground: Ground): Promise<Row[]> {
  const visitor = await Visitor.arrive(ground.server);
  try {
    const page = await visitor.opens(ground.path(ground.pair[0]));
    const go = async (name: string): Promise<number> => {
      const shown = page.evaluate((name) => window.probe.switching(name), name);
      // The sidebar's own link, in whatever section it stands.
      await page
        .locator("aside")
        .getByRole("link", { name: new RegExp(`^${name}`) })
        .first()
        .click();
      return await shown;
    };
    const [one, other] = ground.pair.map(({ name }) => name) as [string, string];
    await go(one);
    await go(other);
    await page.waitForTimeout(1_000);
    const meter = await visitor.meter(page);
    const before = await meter.read();
    const figures: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      figures.push(await go(round % 2 === 0 ? one : other));
      await page.waitForTimeout(REST_MS);
    }
    const busy = ((await meter.read()).busyMs - before.busyMs) / ROUNDS;
    return [
      {
        measure: "switch to a cached channel",
        unit: "ms",
        figures,
        by: "median",
        goal: 16,
        reference: ground.bare.click,
        beside: `p95 ${at(0.95, figures).toFixed(1)} ms, ${busy.toFixed(1)} ms of a processor each`,
      },
    ];
  } finally {
    await visitor.leave();
  }
}
