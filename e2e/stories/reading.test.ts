//! Reading: what is new is counted exactly, on every device, and who is called is told.
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story, storyOnBoth } from "../town/story.ts";

/** What is read of a channel in the sidebar: its name, how often one is called, whether it is unread. */
async function says(person: Person, channel: string, words: string): Promise<void> {
  const line = person.channelLink(channel);
  await expect.poll(() => line.getAttribute("aria-label")).toBe(words);
}

/** What the list of unreads says of a channel. */
async function counts(person: Person, channel: string, words: string): Promise<void> {
  await person.overview("Unreads").click();
  const line = person.page
    .getByRole("list", { name: "Unreads", exact: true })
    .getByRole("listitem");
  await line.filter({ hasText: channel }).getByText(words, { exact: true }).waitFor();
}

/** The texts below the New line. */
async function below(person: Person): Promise<string[]> {
  return await person.timeline.evaluate((list) => {
    const line = list.querySelector(".line.new");
    if (line === null) return [];
    return [...list.querySelectorAll("[data-row]")]
      .filter((row) => (line.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING) > 0)
      .map((row) => row.querySelector("[id$=-text]")?.textContent?.trim() ?? "");
  });
}

storyOnBoth("what is new is counted, and who is called sees it everywhere", async (town) => {
  const [ana, ben, chi] = await town.members("Ana", "Ben", "Chi");
  const kitchen = await town.publicChannel("kitchen", ben, chi);
  await ben.goesTo("kitchen");
  await ben.says("I am off");
  await ben.sees("I am off");
  for (const person of [ben, chi]) await person.goesTo("general");
  const icon = (person: Person) =>
    person.page
      .locator('link[rel="icon"]')
      .first()
      .evaluate((link) => (link as HTMLLinkElement).href);
  const plain = await icon(ben);

  await ana.posts(kitchen, "The soup is ready");
  await says(ben, "kitchen", "kitchen, unread");
  expect(await ben.page.title()).toBe("#general · Tidepool");
  await ana.posts(kitchen, "@Ben, it gets cold");
  await says(ben, "kitchen", "kitchen, 1 mention, unread");
  await ana.posts(kitchen, "@channel it gets cold");
  await ana.posts(kitchen, "@here it is cold");
  await ana.posts(kitchen, "Who writes `@channel` in code calls nobody, nor does me@here.example");
  const wrong = await ana.posts(kitchen, "@Ben, bring @Ben a spoon");
  await says(ben, "kitchen", "kitchen, 4 mentions, unread");
  await says(chi, "kitchen", "kitchen, 2 mentions, unread");
  await expect.poll(() => ben.page.title()).toBe("(4) #general · Tidepool");
  await expect.poll(() => icon(ben)).toContain("data:image/svg");
  expect(await icon(chi)).not.toBe(await icon(ben));
  await counts(ben, "kitchen", "6 unread messages");
  // What is taken back is counted no longer.
  await ana.account.messages.delete(wrong.id);
  await says(ben, "kitchen", "kitchen, 3 mentions, unread");
  await counts(ben, "kitchen", "5 unread messages");
  // Also by who has not been there at all, and has not even what Ben had read.
  await counts(chi, "kitchen", "6 unread messages");

  await ben.goesTo("kitchen");
  await ben.sees("it is cold");
  const calling = ben.timeline.locator(".calls [id$=-text]");
  expect((await calling.allTextContents()).map((text) => text.trim())).toEqual([
    "@Ben, it gets cold",
    "@channel it gets cold",
    "@here it is cold",
  ]);
  expect((await below(ben))[0]).toBe("The soup is ready");
  await says(ben, "kitchen", "kitchen");
  await expect.poll(() => ben.page.title()).toBe("#kitchen · Tidepool");
  await expect.poll(() => icon(ben)).toBe(plain);
  await says(chi, "kitchen", "kitchen, 2 mentions, unread");
});

story("who marks a message unread finds it new again, there and on every device", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const general = await town.channelId("general");
  await town.publicChannel("kitchen", ben);
  const phone = await town.device(ben);
  await phone.goesTo("kitchen");
  for (const text of ["one", "two", "three"]) await ana.posts(general, text);
  await ben.sees("three");
  await says(phone, "general", "general");

  await ben.does("Mark unread from here", "two");
  await expect.poll(() => below(ben)).toEqual(["two", "three"]);
  await says(ben, "general", "general, unread");
  await says(phone, "general", "general, unread");
  await counts(phone, "general", "2 unread messages");
  // To look at it does not undo it, also when more comes; to come back does.
  await ana.posts(general, "four");
  await ben.sees("four");
  await counts(phone, "general", "3 unread messages");
  await says(ben, "general", "general, unread");
  await ben.goesTo("kitchen");
  await says(ben, "general", "general, unread");
  await ben.goesTo("general");
  await expect.poll(() => below(ben)).toEqual(["two", "three", "four"]);
  await says(ben, "general", "general");
  await says(phone, "general", "general");
});

story("two tabs and two devices agree on what is read, and never go back", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const kitchen = await town.publicChannel("kitchen", ben);
  const phone = await town.device(ben);
  const tab = await ben.tab();
  await tab.opens("/");
  await tab.isIn("general");
  const views = [ben, tab, phone];
  for (const view of views) await view.channelLink("kitchen").waitFor();
  const first = await ana.posts(kitchen, "The soup is ready");
  await ana.posts(kitchen, "@Ben, it gets cold");
  for (const view of views) await says(view, "kitchen", "kitchen, 1 mention, unread");
  await tab.goesTo("kitchen");
  await tab.sees("it gets cold");
  for (const view of views) await says(view, "kitchen", "kitchen");

  // A device that was slow to tell how far it had read moves nobody back.
  const late = await ben.account.channels.markRead(kitchen, { seq: first.seq ?? 0 });
  expect(late).toMatchObject({ read_seq: 2, unread: 0 });
  for (const view of views) await says(view, "kitchen", "kitchen");

  // One device is away meanwhile; what was read elsewhere is read when it is back.
  await phone.losesTheNetwork();
  await phone.reads("You are offline");
  await ana.posts(kitchen, "@Ben, it is cold");
  await tab.sees("it is cold");
  await tab.goesTo("general");
  await ana.posts(kitchen, "@Ben, it was good");
  await ana.posts(kitchen, "Never mind");
  for (const view of [ben, tab]) await says(view, "kitchen", "kitchen, 1 mention, unread");
  await phone.getsTheNetworkBack();
  await says(phone, "kitchen", "kitchen, 1 mention, unread");
  for (const view of views) await counts(view, "kitchen", "2 unread messages");
});

story("a muted channel is quiet, except for who is called", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const kitchen = await town.publicChannel("kitchen", ben);
  const pier = await town.publicChannel("pier", ben);
  await ben.channelLink("kitchen").waitFor();
  await ben.channelLink("kitchen").click({ button: "right" });
  await ben.page.getByRole("menuitem", { name: "Mute", exact: true }).click();
  await says(ben, "kitchen", "kitchen, muted");
  await ana.posts(kitchen, "The soup is ready");
  // News do come.
  await ana.posts(pier, "The boat is here");
  await says(ben, "pier", "pier, unread");
  await says(ben, "kitchen", "kitchen, muted");
  const phone = await town.device(ben);
  await says(phone, "kitchen", "kitchen, muted");
  await ana.posts(kitchen, "@Ben, it gets cold");
  for (const view of [ben, phone]) await says(view, "kitchen", "kitchen, 1 mention, unread, muted");
  await expect.poll(() => ben.page.title()).toBe("(1) #general · Tidepool");
});
