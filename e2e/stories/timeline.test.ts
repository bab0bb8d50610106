//! The timeline: long conversations both ways, nothing that moves under one's eyes, and what has not arrived yet.
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { signal } from "../town/signal.ts";
import { story } from "../town/story.ts";
import type { Town } from "../town/town.ts";

const SENDS = "**/api/channels/*/messages";
const LONG = 1_000;
const AT_ONCE = 25;

/** Lets the owner say much in `#general`. */
async function said(town: Town, count: number): Promise<void> {
  const general = await town.channelId("general");
  for (let from = 1; from <= count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from + 1) }, (_, at) => from + at);
    await Promise.all(
      some.map((at) =>
        town.owner.messages.send(general, {
          nonce: `said-${at}-${"x".repeat(8)}`,
          // Rows of many heights: what is guessed about them is wrong.
          body: `line ${at}.${"\n\nand so on".repeat(at % 4)}`,
        }),
      ),
    );
  }
}

/** The places in sight, from above to below; nothing while some of them are not fetched yet. */
async function inSight(person: Person): Promise<number[]> {
  return await person.timeline.evaluate((list) => {
    const { top, bottom } = list.getBoundingClientRect();
    const seen = (one: Element): boolean => {
      const box = one.getBoundingClientRect();
      return box.bottom > top + 1 && box.top < bottom - 1;
    };
    if ([...list.querySelectorAll(".placeholder")].some(seen)) return [];
    return [...list.querySelectorAll<HTMLElement>("[data-place]")]
      .filter(seen)
      .map((row) => Number(row.dataset["place"]));
  });
}

/**
 * Reads on from a place to another, as people do: what was read last stays at the edge of the screen
 * while one scrolls. Answers how many places were in sight one after the other, without a gap.
 */
async function readsOn(person: Person, from: number, to: number): Promise<number> {
  const way = to < from ? -1 : 1;
  let edge = from;
  while (edge !== to) {
    const here = await person.timeline
      .evaluate(
        (list, [at, up]) => {
          list
            .querySelector(`[data-place="${at}"]`)
            ?.scrollIntoView({ block: up ? "end" : "start" });
        },
        [edge, way < 0] as const,
      )
      .then(() => inSight(person));
    expect(here).toEqual(here.toSorted((a, b) => a - b));
    while (here.includes(edge + way)) edge += way;
  }
  return Math.abs(to - from) + 1;
}

async function idOf(person: Person, seq: number): Promise<string> {
  const history = await person.client?.messages.list(await person.town.channelId("general"), {
    around_seq: seq,
    limit: 1,
  });
  const found = history?.messages.find((message) => message.seq === seq);
  if (found === undefined) throw new Error(`nobody said a ${seq}th message`);
  return found.id;
}

async function addressOf(person: Person, seq: number): Promise<string> {
  const { id } = await person.town.workspace();
  const general = await person.town.channelId("general");
  return `/w/${id}/c/${general}/m/${await idOf(person, seq)}`;
}

story("a long conversation is read up to its first line and down again", async (town) => {
  await town.account("Ana");
  await said(town, LONG);
  const ben = await town.member("Ben");
  // Somebody who joins has read nothing; the end is a press away.
  const latest = ben.button(/^(Jump to latest|\d+\+? new messages?)$/);
  await ben.timeline.waitFor();
  if ((await latest.count()) > 0) await latest.click();
  await expect.poll(async () => (await inSight(ben)).at(-1)).toBe(LONG);
  expect(await readsOn(ben, LONG, 1)).toBe(LONG);
  await ben.reads("This is where #general begins.");
  expect(await readsOn(ben, 1, LONG)).toBe(LONG);
});

story("a link leads into the middle; what is read there does not move", async (town) => {
  await town.account("Ana");
  await said(town, 600);
  const ben = await town.member("Ben");
  await ben.opens(await addressOf(ben, 200));
  const row = ben.timeline.locator('[data-place="200"]');
  await row.waitFor();
  await expect.poll(() => inSight(ben)).toContain(200);
  await expect.poll(() => row.getAttribute("class")).toContain("lit");

  // Older pages come late, taller than guessed: what is in sight stays where it is.
  const asked = signal();
  const late = signal();
  await ben.page.route(SENDS.replace("messages", "messages?*"), async (route) => {
    asked.give();
    await late.given;
    await route.continue();
  });
  const scrolled = (by: number): Promise<boolean> =>
    ben.timeline.evaluate(async (list, px) => {
      list.scrollTop += px;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return list.querySelector(".placeholder") !== null;
    }, by);
  await expect.poll(() => scrolled(-40), { interval: 1 }).toBe(true);
  await asked.given;
  const [, held = 0] = await inSight(ben);
  expect(held).toBeGreaterThan(0);
  const top = (): Promise<number> =>
    ben.timeline
      .locator(`[data-place="${held}"]`)
      .evaluate((one) => Math.round(one.getBoundingClientRect().top));
  const before = await top();
  late.give();
  await expect.poll(() => scrolled(0)).toBe(false);
  expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(2);
  await ben.page.unrouteAll({ behavior: "ignoreErrors" });

  // What is said meanwhile is counted, and a press leads to it.
  await ben.button(/^(Jump to latest|\d+\+? new messages?)$/).click();
  await expect.poll(async () => (await inSight(ben)).at(-1)).toBe(600);
  await ben.opens(await addressOf(ben, 300));
  await expect.poll(() => inSight(ben)).toContain(300);
  await town.owner.messages.send(await town.channelId("general"), {
    nonce: "meanwhile-1",
    body: "meanwhile",
  });
  await ben.button(/new messages?$/).click();
  await ben.sees("meanwhile");
  await expect.poll(async () => (await inSight(ben)).at(-1)).toBe(601);
});

story("whoever reads further up stays there while others talk", async (town) => {
  await town.account("Ana");
  await said(town, 80);
  const ben = await town.member("Ben");
  await ben.opens(await addressOf(ben, 30));
  const row = ben.timeline.locator('[data-place="30"]');
  await expect.poll(() => inSight(ben)).toContain(30);
  const latest = ben.button(/^(Jump to latest|\d+\+? new messages?)$/);
  await latest.waitFor();
  const words = await latest.textContent();
  const top = (): Promise<number> =>
    row.evaluate((one) => Math.round(one.getBoundingClientRect().top));
  const before = await top();
  for (const at of [1, 2, 3]) {
    await town.owner.messages.send(await town.channelId("general"), {
      nonce: `meanwhile-${at}`,
      body: `meanwhile ${at}`,
    });
  }
  await expect.poll(() => latest.textContent()).not.toBe(words);
  expect(await top()).toBe(before);
  await latest.click();
  await ben.sees("meanwhile 3");
  // At the end one stays at the end.
  await town.owner.messages.send(await town.channelId("general"), {
    nonce: "meanwhile-4",
    body: "meanwhile 4",
  });
  await ben.sees("meanwhile 4");
  await expect.poll(async () => (await inSight(ben)).at(-1)).toBe(84);
  await latest.waitFor({ state: "detached" });
});

story("a channel opens where one stopped reading, under the line of what is new", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await said(town, 60);
  await expect.poll(async () => (await inSight(ben)).at(-1)).toBe(60);
  await town.owner.channels.create((await town.workspace()).id, { name: "pier", kind: "public" });
  await ben.client?.channels.join(await town.channelId("pier"));
  await ben.goesTo("pier");
  const general = await town.channelId("general");
  for (let at = 61; at <= 120; at += 1) {
    await town.owner.messages.send(general, { nonce: `news-${at}-xxxx`, body: `news ${at}` });
  }
  await ben.channels.getByRole("link", { name: "general, unread", exact: true }).waitFor();
  await ben.goesTo("general");
  const line = ben.timeline.locator(".line.new");
  await line.waitFor();
  // The line stands right above the first of them, in sight, and not in the middle of nowhere.
  const below = await line.evaluate((one) => {
    const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
    const { bottom } = one.getBoundingClientRect();
    const next = rows
      .filter((row) => row.getBoundingClientRect().top >= bottom - 1)
      .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0];
    return Number(next?.dataset["place"]);
  });
  expect(below).toBe(61);
  await expect.poll(() => inSight(ben)).toContain(61);
  expect(await inSight(ben)).not.toContain(120);
  // It stays while one reads on, and is gone the next time.
  await ben.button(/new messages?$|^Jump to latest$/).click();
  await ben.sees("news 120");
  await ben.channels.getByRole("link", { name: "general", exact: true }).waitFor();
  await ben.goesTo("pier");
  await ben.goesTo("general");
  await ben.sees("news 120");
  expect(await line.count()).toBe(0);
  expect(ana.watch.faults).toEqual([]);
});

story("what the server refuses can be sent again or thrown away", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  ben.watch.excuses(/^403 POST \/api\/channels\/[^/]+\/messages$/);
  await ben.page.route(SENDS, (route) =>
    route.request().method() === "POST"
      ? route.fulfill({
          status: 403,
          contentType: "application/problem+json",
          body: JSON.stringify({
            type: "about:blank",
            title: "Forbidden",
            status: 403,
            code: "forbidden",
            request_id: "req_1",
          }),
        })
      : route.continue(),
  );
  await ben.says("first try");
  const first = ben.message("first try");
  await first.getByRole("alert").getByText("Not sent. You may not do that here.").waitFor();
  expect(await first.getAttribute("data-delivery")).toBe("failed");
  await ben.says("a slip");
  const slip = ben.message("a slip");
  await slip.getByRole("button", { name: "Discard", exact: true }).click();
  await slip.waitFor({ state: "detached" });
  // It waits through a reload, and is not sent by itself.
  await ben.reloads();
  await first.getByRole("button", { name: "Retry", exact: true }).waitFor();
  await ben.page.unrouteAll({ behavior: "ignoreErrors" });
  await first.getByRole("button", { name: "Retry", exact: true }).click();
  await ben.sees("first try");
  await ana.sees("first try");
  const history = await ana.history(await town.channelId("general"));
  expect(history.map(({ body }) => body)).toEqual(["first try"]);
});

story("days have a line each, named from where one is in time", async (town) => {
  const [ana] = await town.members("Ana");
  await ana.says("High water at nine");
  await ana.sees("High water at nine");
  const line = ana.timeline.locator(".line.day");
  expect(await line.allTextContents()).toEqual(["Today"]);
  const ben = await town.arrives("Ana");
  await ben.page.clock.setFixedTime(Date.now() + 24 * 60 * 60 * 1000);
  ben.strangers();
  await ben.opens("/sign-in");
  await ben.signsIn();
  await ben.sees("High water at nine");
  expect(await ben.timeline.locator(".line.day").allTextContents()).toEqual(["Yesterday"]);
});

story("a finger that stays on a message opens a sheet with all that can be done", async (town) => {
  await town.account("Ana");
  const ben = await town.member("Ben", {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await ben.says("High water at nine");
  await ben.sees("High water at nine");
  const hands = await ben.context.newCDPSession(ben.page);
  const stays = async (): Promise<void> => {
    const box = await ben.message("High water at nine").boundingBox();
    const touchPoints = [{ x: (box?.x ?? 0) + 120, y: (box?.y ?? 0) + 20 }];
    await hands.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
    await ben.dialog("Message of Ben").waitFor();
    await hands.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  };
  await stays();
  const sheet = ben.dialog("Message of Ben");
  // Every target is large enough for a finger.
  for (const button of await sheet.getByRole("button").all()) {
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(40);
  }
  await sheet.getByRole("button", { name: "React with 🦀", exact: true }).click();
  await ben.message("High water at nine").locator(".chip", { hasText: "🦀" }).waitFor();
  await stays();
  await sheet.getByRole("button", { name: "Edit message", exact: true }).click();
  await ben.field("Edit message text").fill("High water at ten");
  await ben.button("Save").click();
  await ben.sees("High water at ten");
});
