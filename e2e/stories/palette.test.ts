//! The palette, the sheet of shortcuts, and a conversation with no hand off the keyboard.
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";
import type { Town } from "../town/town.ts";

const MANY = 2_000;
const AT_ONCE = 40;
/** A keystroke is answered within this time, also on a machine that is busy. */
const QUICK_MS = 1_000;

async function channels(town: Town, names: readonly string[]): Promise<void> {
  const { id } = await town.workspace();
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const some = names.slice(from, from + AT_ONCE);
    await Promise.all(some.map((name) => town.owner.channels.create(id, { name, kind: "public" })));
  }
}

const field = (person: Person) => person.dialog("Jump or do").getByRole("combobox");
const found = (person: Person) => person.dialog("Jump or do").getByRole("option");
const chosen = (person: Person) =>
  person.dialog("Jump or do").locator('[role=option][aria-selected="true"]');

async function opens(person: Person): Promise<void> {
  await person.page.keyboard.press("Control+K");
  await field(person).waitFor();
}

story("one of two thousand channels is three letters and Enter away", async (town) => {
  await town.account("Ana");
  const names = Array.from({ length: MANY }, (_, at) => `room-${String(at).padStart(4, "0")}`);
  await channels(town, [...names, "tide-tables", "tidings"]);
  const ben = await town.member("Ben");
  await ben.client?.channels.join(await idOf(town, "tide-tables"));
  await ben.channelLink("tide-tables").waitFor();
  await opens(ben);
  await field(ben).pressSequentially("ttab");
  await expect.poll(() => chosen(ben).textContent()).toContain("tide-tables");
  expect(await chosen(ben).locator("mark").allTextContents()).not.toEqual([]);
  // Every keystroke is answered at once, however many there are.
  const slowest = await ben.page.evaluate(async () => {
    const input = document.querySelector<HTMLInputElement>('[role="dialog"] [role="combobox"]');
    if (input === null) throw new Error("the palette has a field");
    let worst = 0;
    for (const text of ["r", "ro", "roo", "room", "room1", "room19", "room199", "room1999"]) {
      const from = performance.now();
      input.value = text;
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      worst = Math.max(worst, performance.now() - from);
    }
    return worst;
  });
  expect(slowest).toBeLessThan(QUICK_MS);
  await expect.poll(() => chosen(ben).textContent()).toContain("room-1999");
  await field(ben).fill("tidetab");
  await expect.poll(() => chosen(ben).textContent()).toContain("tide-tables");
  await ben.page.keyboard.press("Enter");
  await ben.isIn("tide-tables");
  // Where one was last comes first when nothing is asked.
  await ben.goesTo("general");
  await opens(ben);
  await expect.poll(() => found(ben).first().textContent()).toContain("tide-tables");
  await ben.page.keyboard.press("Enter");
  await ben.isIn("tide-tables");
});

async function idOf(town: Town, name: string): Promise<string> {
  const { id } = await town.workspace();
  let cursor: string | undefined;
  do {
    const page = await town.owner.channels.list(id, {
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const channel = page.items.find((one) => one.name === name);
    if (channel !== undefined) return channel.id;
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  throw new Error(`there is no #${name}`);
}

story("the palette narrows, acts, gives the focus back and knows links", async (town) => {
  const [ana] = await town.members("Ana", "Ben");
  await channels(town, ["bench"]);
  await ana.channelLink("bench").waitFor();
  await ana.composer().fill("Morning ");
  await opens(ana);
  await field(ana).fill("be");
  await expect.poll(() => found(ana).count()).toBeGreaterThanOrEqual(2);
  await field(ana).fill("#be");
  await expect.poll(() => found(ana).allTextContents()).toHaveLength(1);
  await field(ana).fill("@be");
  await expect.poll(() => chosen(ana).textContent()).toContain("Ben");
  await ana.page.keyboard.press("Enter");
  await expect.poll(() => ana.composer().inputValue()).toBe("Morning @Ben ");
  // The focus is where one writes.
  await ana.page.keyboard.type("all well?");
  expect(await ana.composer().inputValue()).toBe("Morning @Ben all well?");

  await opens(ana);
  await field(ana).fill(">dark");
  await expect.poll(() => chosen(ana).textContent()).toContain("Appearance: Dark");
  await ana.page.keyboard.press("Enter");
  await ana.page.locator('html[data-theme="dark"]').waitFor();
  await opens(ana);
  await field(ana).fill(">new chann");
  await expect.poll(() => chosen(ana).textContent()).toContain("Create channel");
  await ana.page.keyboard.press("Enter");
  await ana.dialog("Create channel").waitFor();
  await ana.page.keyboard.press("Escape");
  await ana.dialog().waitFor({ state: "hidden" });
  await opens(ana);
  await field(ana).fill("nothing of that name");
  await ana.reads("Nothing here is called “nothing of that name”.");
  const { id } = await town.workspace();
  const bench = await town.channelId("bench");
  await field(ana).fill(`${town.server.origin}/w/${id}/c/${bench}`);
  await expect.poll(() => chosen(ana).textContent()).toContain("Open this link");
  await ana.page.keyboard.press("Enter");
  await ana.isIn("bench");
});

story("the sheet lists the keys, and the keys do what it says", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await channels(town, ["alpha", "bench"]);
  for (const name of ["alpha", "bench"]) {
    await ben.client?.channels.join(await town.channelId(name));
  }
  await ben.channelLink("bench").waitFor();
  const { keyboard } = ben.page;
  await keyboard.press("Control+/");
  const sheet = ben.dialog("Keyboard shortcuts");
  for (const words of ["Next conversation", "All unreads", "Edit message", "Reply in thread"]) {
    await sheet.getByText(words, { exact: true }).waitFor();
  }
  await keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });

  await keyboard.press("Alt+ArrowDown");
  await ben.isIn("alpha");
  await keyboard.press("Alt+ArrowDown");
  await ben.isIn("bench");
  await keyboard.press("Alt+ArrowUp");
  await ben.isIn("alpha");
  await town.owner.messages.send(await town.channelId("general"), {
    nonce: "general-0001",
    body: "a wave",
  });
  await ben.channels.getByRole("link", { name: "general, unread", exact: true }).waitFor();
  await keyboard.press("Alt+Shift+ArrowDown");
  await ben.isIn("general");
  await keyboard.press("Control+Shift+A");
  await ben.heading("Unreads").waitFor();
  expect(ana.watch.faults).toEqual([]);
});
