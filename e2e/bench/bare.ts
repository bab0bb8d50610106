//! The same with nothing in it: what the machine itself takes for a click and for a key, just now.
import type { Server } from "../town/server.ts";
import { Visitor } from "./visitor.ts";

const ROUNDS = 25;
const REST_MS = 60;
const ROWS = 40;

/** What a page of fifty lines takes, in milliseconds. */
export interface Bare {
  /** From a click's handler to the paint of other rows. */
  click: number[];
  /** From a key to the paint of its letter. */
  key: number[];
}

/** Measures a page that has a list, a button that changes it, and a field. */
export async function bare(server: Server): Promise<Bare> {
  const visitor = await Visitor.arrive(server);
  try {
    const page = await visitor.opens();
    await page.setContent("<button>Swap</button><textarea></textarea><ol></ol>");
    await page.evaluate((rows) => {
      const list = document.querySelector("ol");
      let turn = 0;
      document.querySelector("button")?.addEventListener("click", () => {
        turn += 1;
        const items = Array.from({ length: rows }, (_, index) => {
          const item = document.createElement("li");
          item.textContent = `Line ${index} of turn ${turn}`;
          return item;
        });
        list?.replaceChildren(...items);
        list?.setAttribute("data-turn", String(turn));
      });
    }, ROWS);
    const click: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const shown = page.evaluate((round) => window.probe.clicked(`[data-turn="${round}"]`), round);
      await page.getByRole("button").click();
      click.push(await shown);
      await page.waitForTimeout(REST_MS);
    }
    await page.getByRole("textbox").click();
    const ends = await page.evaluateHandle(() => window.probe.keys());
    await page.keyboard.type("the tide is out and", { delay: REST_MS });
    return { click, key: await ends.evaluate((end) => end()) };
  } finally {
    await visitor.leave();
  }
}
