//! Reactions: given and taken back, by two people at once, with any emoji.
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story, storyOnBoth } from "../town/story.ts";

/** A chip under a message, by what is read of it: the emoji, how many gave it, and who. */
const chip = (person: Person, text: string, name: string) =>
  person.message(text).getByRole("button", { name, exact: true });
/** How many chips a message has, without the one that adds another. */
async function chips(person: Person, text: string, count: number): Promise<void> {
  const all = person.message(text).locator(".chip[aria-pressed]");
  await expect.poll(() => all.count()).toBe(count);
}

storyOnBoth("Ana and Ben react, see whose is whose, and take it back", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await ana.says("The soup is ready");
  await ben.sees("The soup is ready");
  await ben.does("React with 🦀", "The soup is ready");
  const mine = chip(ben, "soup", "🦀 1: you. Take yours back");
  await mine.waitFor();
  expect(await mine.getAttribute("aria-pressed")).toBe("true");
  const theirs = chip(ana, "soup", "🦀 1: Ben");
  await theirs.waitFor();
  expect(await theirs.getAttribute("aria-pressed")).toBe("false");
  expect((await theirs.textContent())?.trim()).toMatch(/^🦀\s*1$/);
  const colour = (person: Person, name: string) =>
    chip(person, "soup", name).evaluate((node) => getComputedStyle(node).backgroundColor);
  expect(await colour(ben, "🦀 1: you. Take yours back")).not.toBe(await colour(ana, "🦀 1: Ben"));

  await theirs.click();
  await chip(ben, "soup", "🦀 2: you and Ana. Take yours back")
    .or(chip(ben, "soup", "🦀 2: Ana and you. Take yours back"))
    .waitFor();
  const both = chip(ana, "soup", "🦀 2: Ben and you. Take yours back");
  await both.waitFor();
  expect((await both.textContent())?.trim()).toMatch(/^🦀\s*2$/);
  await ana.reloads();
  await both.waitFor();

  await ana.does("Show who reacted", "soup");
  const who = ana.dialog("Who reacted").getByRole("region", { name: "🦀", exact: true });
  await expect.poll(() => who.getByRole("listitem").allTextContents()).toHaveLength(2);
  await ana.button("Close").click();

  // Pressed again it is taken back, also by the button that gave it.
  await ben.does("React with 🦀", "soup");
  await chip(ana, "soup", "🦀 1: you. Take yours back").click();
  for (const person of [ana, ben]) await chips(person, "soup", 0);
  const [message] = await ana.history(await town.channelId("general"));
  expect(message?.reactions?.items ?? []).toEqual([]);
});

story("any emoji is found by its name, with the keyboard alone", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await ana.says("The soup is ready");
  await ana.sees("The soup is ready");
  await ana.message("soup").focus();
  await ana.page.keyboard.press("+");
  const search = ana.dialog().getByRole("combobox", { name: "Find an emoji", exact: true });
  await search.fill("lobster");
  await ana.dialog().getByRole("gridcell").first().waitFor();
  await ana.page.keyboard.press("Enter");
  await ana.dialog().waitFor({ state: "detached" });
  await chip(ben, "soup", "🦞 1: Ana").waitFor();
  expect(await ana.message("soup").evaluate((row) => row.contains(document.activeElement))).toBe(
    true,
  );

  // The chip at the end adds another one; both stand in the order in which they came.
  await ben
    .message("soup")
    .locator(".reactions")
    .getByRole("button", { name: "Add a reaction" })
    .click();
  await ben.dialog().getByRole("combobox", { name: "Find an emoji", exact: true }).fill("no such");
  await ben.dialog().getByText("No emoji of that name.").waitFor();
  await ben.dialog().getByRole("combobox").fill("party popper");
  await ben.dialog().getByRole("gridcell").first().click();
  await chip(ana, "soup", "🎉 1: Ben").waitFor();
  for (const person of [ana, ben]) {
    const shown = person.message("soup").locator(".chip[aria-pressed] .emoji");
    await expect.poll(() => shown.allTextContents()).toEqual(["🦞", "🎉"]);
  }
});

story(
  "a reaction that comes while one is away is there afterwards, and counts once",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    await ana.says("The soup is ready");
    await ben.sees("The soup is ready");
    await ben.losesTheNetwork();
    await ben.reads("You are offline");
    await ana.does("React with 👍", "soup");
    await chip(ana, "soup", "👍 1: you. Take yours back").waitFor();
    await ben.getsTheNetworkBack();
    await chip(ben, "soup", "👍 1: Ana").click();
    await chip(ana, "soup", "👍 2: you and Ben. Take yours back").waitFor();
    await chips(ben, "soup", 1);
  },
);
