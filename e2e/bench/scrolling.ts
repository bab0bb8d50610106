//! Scrolling through a channel of a hundred thousand messages, further back than what is loaded.
import type { Ground } from "./ground.ts";
import { at, type Row } from "./report.ts";
import { Visitor } from "./visitor.ts";

const SECONDS = 15;
const WHEEL_PX = 240;
const STEP_MS = 25;
const FRAME_MS = 1000 / 60;

/** Frames that were dropped and the longest task, while the wheel never stops. */
export async function scrolling(ground: Ground): Promise<Row[]> {
  const visitor = await Visitor.arrive(ground.server);
  try {
    const page = await visitor.opens(ground.path(ground.general));
    await page.waitForTimeout(1_500);
    const list = page.locator('[role=list][aria-label^="Messages in "]');
    await list.hover();
    const topmost = (): Promise<number> =>
      list.evaluate((list) =>
        Number(list.querySelector("[data-row]")?.getAttribute("aria-posinset") ?? 0),
      );
    const newest = await topmost();
    const ends = await page.evaluateHandle(() => window.probe.frames());
    const until = performance.now() + SECONDS * 1000;
    while (performance.now() < until) {
      await page.mouse.wheel(0, -WHEEL_PX);
      await page.waitForTimeout(STEP_MS);
    }
    const { gaps, tasks } = await ends.evaluate((end) => end());
    const passed = newest - (await topmost());
    const dropped = gaps.map((gap) => Math.max(0, Math.round(gap / FRAME_MS) - 1));
    const lost = dropped.reduce((sum, count) => sum + count, 0);
    return [
      {
        measure: "scrolling 100,000 messages, dropped frames",
        unit: "%",
        figures: [(100 * lost) / (gaps.length + lost)],
        by: "worst",
        goal: 5,
        beside: `${passed} messages passed, frame p99 ${at(0.99, gaps).toFixed(1)} ms`,
      },
      {
        measure: "scrolling 100,000 messages, longest task",
        unit: "ms",
        // Chromium calls a task long from 50 ms on.
        figures: [Math.max(0, ...tasks)],
        by: "worst",
        goal: 50,
        beside: `${tasks.length} long tasks`,
      },
    ];
  } finally {
    await visitor.leave();
  }
}
