//! Doing nothing: no frames, no timers of note, no work.
import type { Ground } from "./ground.ts";
import type { Row } from "./report.ts";
import { Visitor } from "./visitor.ts";

const SECONDS = 10;
/** Until what follows a start is over: pieces fetched ahead, what is known put into the database. */
const REST_MS = 5_000;

/** What the page does in ten seconds in which nothing happens. */
export async function idle(ground: Ground): Promise<Row[]> {
  const visitor = await Visitor.arrive(ground.server);
  try {
    const page = await visitor.opens(ground.path(ground.pair[0]));
    await page.waitForTimeout(REST_MS);
    const meter = await visitor.meter(page);
    const ends = await page.evaluateHandle(() => window.probe.stirring());
    const before = await meter.read();
    await page.waitForTimeout(SECONDS * 1000);
    const after = await meter.read();
    const { frames, timers, animations } = await ends.evaluate((end) => end());
    const layouts = after.layouts - before.layouts;
    const beside = `${timers} timers, ${layouts} layouts, ${after.styles - before.styles} style passes`;
    return [
      {
        measure: `idle for ${SECONDS} s, frames asked for and animations running`,
        unit: "",
        figures: [frames + animations],
        by: "worst",
        goal: 0,
        beside,
      },
      {
        measure: `idle for ${SECONDS} s, main thread busy`,
        unit: "ms",
        figures: [after.busyMs - before.busyMs],
        by: "worst",
        goal: 50,
      },
    ];
  } finally {
    await visitor.leave();
  }
}
