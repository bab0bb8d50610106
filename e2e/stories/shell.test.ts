//! The frame: a sidebar in one's own order, panes as wide as one wants them, ways back.
import type { Locator } from "playwright-core";
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";
import type { Town } from "../town/town.ts";

/** Public channels with their maker in them. */
async function channels(town: Town, ...names: string[]): Promise<void> {
  const workspace = await town.workspace();
  for (const name of names) {
    await town.owner.channels.create(workspace.id, { name, kind: "public" });
  }
}

/** The sidebar from top to bottom: sections and channels by what is read of them. */
async function order(person: Person): Promise<string[]> {
  return await person.channels
    .locator("[data-line] :is(a, h2 button)")
    .evaluateAll((all) =>
      all.map((one) => (one.getAttribute("aria-label") ?? one.textContent).trim()),
    );
}

/** Waits until the sidebar reads so. */
async function reads(person: Person, ...lines: string[]): Promise<void> {
  await expect.poll(() => order(person), { timeout: 15_000 }).toEqual(lines);
}

const section = (person: Person, name: string): Locator =>
  person.channels.getByRole("button", { name, exact: true });

/** Chooses from the menu of a line of the sidebar. */
async function arranges(person: Person, line: Locator, item: string): Promise<void> {
  await line.click({ button: "right" });
  await person.page.getByRole("menuitem", { name: item, exact: true }).click();
}

story(
  "the sidebar is put in order by menus and keys, and is the same on every device",
  async (town) => {
    const [ana] = await town.members("Ana");
    await channels(town, "design", "pier", "random");
    await reads(ana, "Channels", "design", "general", "pier", "random");

    await arranges(ana, ana.channelLink("random"), "New section");
    await ana.field("Section name").fill("Later");
    await ana.button("Save").click();
    await ana.dialog().waitFor({ state: "hidden" });
    await reads(ana, "Later", "random", "Channels", "design", "general", "pier");
    await arranges(ana, ana.channelLink("pier"), "Star");
    await reads(ana, "Starred", "pier", "Later", "random", "Channels", "design", "general");

    // With the keys a line goes on over the edge of its section; where it is now is said.
    await ana.channelLink("design").focus();
    await ana.page.keyboard.press("Control+Shift+ArrowDown");
    await ana.reads("design is 2 of 2 in Channels.");
    await reads(ana, "Starred", "pier", "Later", "random", "Channels", "general", "design");
    const focused = ana.page.locator('a[aria-label="design"]:focus');
    await focused.waitFor();
    await ana.page.keyboard.press("Control+Shift+ArrowUp");
    await ana.reads("design is 1 of 2 in Channels.");
    await focused.waitFor();
    await ana.page.keyboard.press("Control+Shift+ArrowUp");
    await ana.reads("design is 2 of 2 in Later.");
    const arranged = ["Starred", "pier", "Later", "random", "design", "Channels", "general"];
    await reads(ana, ...arranged);

    const phone = await town.alsoHas(ana);
    phone.strangers();
    await phone.opens("/sign-in");
    await phone.signsIn();
    await phone.isIn("general");
    await reads(phone, ...arranged);
    await ana.reloads();
    await ana.isIn("general");
    await reads(ana, ...arranged);

    // What one device changes, the other shows.
    await arranges(phone, phone.channelLink("pier"), "Remove star");
    const unstarred = ["Later", "random", "design", "Channels", "general", "pier"];
    await reads(ana, ...unstarred);
    await arranges(ana, section(ana, "Later"), "Delete section");
    await ana.dialog("Delete the section Later?").waitFor();
    await ana.dialog().getByRole("button", { name: "Delete section", exact: true }).click();
    // What had been placed before another stays so; the others stand by name.
    await reads(phone, "Channels", "general", "design", "pier", "random");
  },
);

story("channels and sections are dragged to where one wants them", async (town) => {
  const [ana] = await town.members("Ana");
  await channels(town, "design", "pier");
  await reads(ana, "Channels", "design", "general", "pier");
  const box = async (line: Locator) => {
    const found = await line.boundingBox();
    if (found === null) throw new Error("a line in sight has a place");
    return found;
  };
  const drags = async (line: Locator, to: Locator, where: "above" | "below"): Promise<void> => {
    const from = await box(line);
    await ana.page.mouse.move(from.x + from.width / 3, from.y + from.height / 2);
    await ana.page.mouse.down();
    const over = await box(to);
    const y = over.y + (where === "above" ? 3 : over.height - 3);
    await ana.page.mouse.move(over.x + over.width / 3, y, { steps: 8 });
    await ana.page.mouse.up();
  };
  await drags(ana.channelLink("pier"), ana.channelLink("design"), "above");
  await reads(ana, "Channels", "pier", "design", "general");
  await drags(ana.channelLink("pier"), ana.channelLink("general"), "below");
  await reads(ana, "Channels", "design", "general", "pier");

  await ana.chooses("Tidepool, workspace menu", "New section");
  await ana.field("Section name").fill("Later");
  await ana.button("Save").click();
  await ana.dialog().waitFor({ state: "hidden" });
  await ana.reads("Drag channels here");
  await drags(ana.channelLink("general"), ana.page.getByText("Drag channels here"), "below");
  await reads(ana, "Later", "general", "Channels", "design", "pier");
  await drags(section(ana, "Later"), ana.channelLink("pier"), "below");
  await reads(ana, "Channels", "design", "pier", "Later", "general");
  // Nothing was opened by all that.
  await ana.isIn("general");
});

story("a closed section hides what is quiet, and stays closed", async (town) => {
  const [, ben] = await town.members("Ana", "Ben");
  await channels(town, "pier", "reef");
  for (const name of ["pier", "reef"]) {
    await ben.client?.channels.join(await town.channelId(name));
  }
  await reads(ben, "Channels", "general", "pier", "reef");
  await section(ben, "Channels").click();
  // Where one is stays in sight.
  await reads(ben, "Channels", "general");
  expect(await section(ben, "Channels").getAttribute("aria-expanded")).toBe("false");
  await ben.reloads();
  await ben.isIn("general");
  await reads(ben, "Channels", "general");

  await town.owner.messages.send(await town.channelId("reef"), {
    nonce: "reef-0001",
    body: "a wave",
  });
  await reads(ben, "Channels", "general", "reef, unread");
  // Muted, it asks for nothing.
  await arranges(ben, ben.channelLink("reef"), "Mute");
  await reads(ben, "Channels", "general");
  await section(ben, "Channels").click();
  await reads(ben, "Channels", "general", "pier", "reef, muted");
});

story("panes are made wider by hand and by keys, and stay so", async (town) => {
  const [ana] = await town.members("Ana");
  await ana.says("High water at nine");
  await ana.sees("High water at nine");
  await ana.opensThread("High water at nine");
  const edge = (name: string) => ana.page.getByRole("separator", { name, exact: true });
  const width = async (name: string): Promise<number> =>
    Number(await edge(name).getAttribute("aria-valuenow"));
  const wide = async (selector: string): Promise<number> =>
    Math.round((await ana.page.locator(selector).boundingBox())?.width ?? 0);
  const [sidebar, pane] = ["Width of the sidebar", "Width of the side pane"];
  expect(await width(sidebar)).toBe(256);
  const grip = await edge(sidebar).boundingBox();
  await ana.page.mouse.move((grip?.x ?? 0) + 4, 400);
  await ana.page.mouse.down();
  await ana.page.mouse.move((grip?.x ?? 0) + 64, 400, { steps: 4 });
  await ana.page.mouse.up();
  expect(await width(sidebar)).toBe(316);
  await edge(pane).focus();
  await ana.page.keyboard.press("ArrowLeft");
  expect(await width(pane)).toBe(416);
  await expect.poll(() => wide("aside.pane")).toBe(416);

  await ana.reloads();
  await ana.replyField.waitFor();
  expect([await width(sidebar), await width(pane)]).toEqual([316, 416]);
  expect(await wide("aside.pane")).toBe(416);
  await edge(sidebar).dblclick();
  expect(await width(sidebar)).toBe(256);
  await edge(pane).press("End");
  expect(await width(pane)).toBe(760);
});

story("back and forward lead through channels, threads and views", async (town) => {
  const [ana] = await town.members("Ana");
  await channels(town, "pier");
  await ana.says("High water at nine");
  await ana.sees("High water at nine");
  await ana.goesTo("pier");
  await ana.goesTo("general");
  await ana.opensThread("High water at nine");
  await ana.overview("Saved").click();
  await ana.heading("Saved").waitFor();
  await ana.page.goBack();
  await ana.inThread("High water at nine").waitFor();
  await ana.isIn("general");
  await ana.page.goBack();
  await ana.thread.waitFor({ state: "detached" });
  await ana.isIn("general");
  await ana.page.goBack();
  await ana.isIn("pier");
  await ana.page.goForward();
  await ana.isIn("general");
  await ana.page.goForward();
  await ana.inThread("High water at nine").waitFor();
  // Back with a dialog open closes the dialog only from the screen, and no dialog comes again.
  await ana.button("Create channel").click();
  await ana.dialog("Create channel").waitFor();
  await ana.page.goBack();
  await ana.dialog().waitFor({ state: "hidden" });
  await ana.isIn("general");
});

story("long names push no control off the screen", async (town) => {
  await town.account("Ana");
  const long = "w".repeat(80);
  await channels(town, long);
  const workspace = await town.workspace();
  const id = await town.channelId(long);
  await town.owner.channels.update(id, { topic: "W".repeat(250) });
  await town.owner.workspaces.update(workspace.id, { name: "W".repeat(80) });
  const screens = [
    ["Ben", { width: 1280, height: 860 }],
    ["Chi", { width: 900, height: 700 }],
    ["Dot", { width: 390, height: 844 }],
  ] as const;
  for (const [name, viewport] of screens) {
    const person = await town.member(name, { viewport });
    await person.client?.me.update({ name: "W".repeat(80) });
    await person.client?.channels.join(id);
    await person.opens(`/w/${workspace.id}/c/${id}`);
    await person.isIn(long);
    await person.says(`${name} ${"W".repeat(400)}`);
    await person.sees(`${name} WWWW`);
    expect(await outside(person), name).toEqual([]);
    await person.button("Channel menu").click({ trial: true });
    await person.button("Send").click({ trial: true });
    await person.button(/^People/).click({ trial: true });
    await person.opensThread(`${name} WWWW`);
    await person.replies("R".repeat(400));
    expect(await outside(person), name).toEqual([]);
    await person.button("Close thread").click({ trial: true });
  }
});

/** Controls that stand beyond the edges of the screen, and the page itself where it is wider. */
async function outside(person: Person): Promise<string[]> {
  return await person.page.evaluate(() => {
    const controls = "main :is(button, a, textarea), aside.pane :is(button, a, textarea)";
    const beyond = [...document.querySelectorAll<HTMLElement>(controls)]
      .map((one) => ({
        what: one.outerHTML.slice(0, 160),
        // A name that is cut is as wide as what cuts it.
        box: (one.closest(".ellipsis") ?? one).getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width > 0 && (box.left < -1 || box.right > innerWidth + 1))
      .map(({ what }) => what);
    for (const words of document.querySelectorAll("[data-row], .beginning")) {
      if (words.scrollWidth > words.clientWidth) beyond.push(words.outerHTML.slice(0, 160));
    }
    const wide = document.documentElement.scrollWidth;
    return wide > innerWidth ? [...beyond, `the page is ${wide} wide`] : beyond;
  });
}
