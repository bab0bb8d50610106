//! What surrounds the page: an address without https, a page that is older than its server.
import { expect } from "vitest";
import { story } from "../town/story.ts";

story(
  "over plain http on another host the page says what will not work, and why",
  async (town) => {
    const ana = await town.arrives("Ana");
    ana.strangers();
    // A header that the browser honours on safe addresses only, and says so.
    ana.watch.excuses(/Cross-Origin-Opener-Policy header has been ignored/);
    await ana.opens("/");
    await ana.reads(/plain http.*keeps no sign-in cookie.*Use https/s);
    const secure = await ana.page.evaluate(() => window.isSecureContext);
    expect(secure).toBe(false);
  },
  { host: "chat.test" },
);

story("on this machine's own name there is no such warning", async (town) => {
  const [ana] = await town.members("Ana");
  expect(await ana.page.getByText("plain http").count()).toBe(0);
});

story("a page that is older than its server loads itself again, once", async (town) => {
  const [ana] = await town.members("Ana");
  let loads = 0;
  ana.page.on("load", () => (loads += 1));
  let missing = 0;
  await ana.page.route("**/assets/Members-*.js", async (route) => {
    missing += 1;
    if (missing > 1) return route.continue();
    return route.fulfill({ status: 404, contentType: "application/problem+json", body: "{}" });
  });
  ana.watch.excuses(/^404 GET \/assets\/Members-/);
  const again = ana.page.waitForEvent("load");
  await ana.chooses("Tidepool, workspace menu", "Members");
  await again;
  await ana.isIn("general");
  await ana.chooses("Tidepool, workspace menu", "Members");
  await ana.dialog("Members of Tidepool").getByText("Ana (you)").waitFor();
  expect(loads).toBe(1);
});
