//! What one quotes, pins, saves and leaves half written, and the links that lead to it.
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";

const SECRET = "the cake stands behind the flour";

/** A view's lines. */
const lines = (person: Person, view: string) =>
  person.page.getByRole("list", { name: view, exact: true }).getByRole("listitem");

/** The message that one jumped to: lit, and in sight. */
async function landsOn(person: Person, text: string): Promise<void> {
  const row = person.message(text);
  await row.and(person.page.locator(".lit")).waitFor();
  await expect
    .poll(async () => {
      const [box, frame] = [await row.boundingBox(), await person.timeline.boundingBox()];
      if (box === null || frame === null) return false;
      return box.y >= frame.y && box.y + box.height <= frame.y + frame.height;
    })
    .toBe(true);
}

/** Copies the link of a message; answers it. */
async function copiesLink(person: Person, text: string): Promise<string> {
  await person.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await person.does("Copy link", text);
  await person.reads("Copied.");
  return await person.page.evaluate(() => navigator.clipboard.readText());
}

story("a quote of a private channel shows nothing to who may not see it", async (town) => {
  const [ana, ben, chi] = await town.members("Ana", "Ben", "Chi");
  const kitchen = await town.privateChannel("kitchen", ben);
  chi.watch.excuses(/^404 GET \/api\/messages\/[^/]+$/);
  ben.watch.excuses(/^404 \w+ \/api\/(messages|channels)\//);
  const said = await ana.posts(kitchen, SECRET);
  await ben.channelLink("kitchen").waitFor();
  await ana.posts(await town.channelId("general"), "As I said", said.id);
  const quote = (person: Person) => person.message("As I said").locator("blockquote.quote");
  await quote(ben).getByText(SECRET).waitFor();
  await quote(chi).getByText("A message that you cannot see.", { exact: true }).waitFor();
  expect(await chi.shows(SECRET)).toBe(false);
  expect(await chi.keeps(SECRET)).toBe(false);
  // The quote leads to what it quotes.
  await quote(ben).getByRole("link").click();
  await ben.isIn("kitchen");
  await landsOn(ben, SECRET);
  await ben.goesTo("general");

  const idOf = async (person: Person) => (await person.account.me.get()).id;
  await town.owner.channelMembers.remove(kitchen, await idOf(ben));
  await quote(ben).getByText("A message that you cannot see.", { exact: true }).waitFor();
  await expect.poll(() => ben.shows(SECRET)).toBe(false);
  await expect.poll(() => ben.keeps(SECRET)).toBe(false);
  await town.owner.channelMembers.add(kitchen, await idOf(chi));
  await chi.channelLink("kitchen").waitFor();
  await chi.reloads();
  await quote(chi).getByText(SECRET).waitFor();
});

story("what is pinned is found by everybody, and unpinned by anybody", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const general = await town.channelId("general");
  await ana.posts(general, "The key lies under the mat");
  for (let at = 1; at <= 80; at += 1) await ana.posts(general, `Small talk ${at}.`);
  for (const view of [ana, ben]) await view.sees("Small talk 80.");
  // The list follows its end until the last of them is shown: only then is it left.
  await expect
    .poll(async () => {
      await ana.timeline.evaluate((list) => (list.scrollTop = 0));
      return await ana.message("The key lies under the mat").isVisible();
    })
    .toBe(true);
  await ana.does("Pin to channel", "The key lies under the mat");
  await ana.message("The key").getByText("Pinned by Ana", { exact: true }).waitFor();
  await ben.page.getByRole("link", { name: "1 pinned message", exact: true }).click();
  const pinned = lines(ben, "Pinned messages").filter({ hasText: "The key lies" });
  await pinned.getByText("Pinned by Ana").waitFor();
  await pinned.getByRole("link", { name: "Go to message", exact: true }).click();
  await landsOn(ben, "The key lies under the mat");

  await ben.does("Unpin", "The key lies under the mat");
  await ana.message("The key").getByText("Pinned by Ana").waitFor({ state: "detached" });
  await ana.page.getByRole("link", { name: "Pinned messages", exact: true }).click();
  await ana.reads("Nothing is pinned");
  await ana.message("The key lies under the mat").focus();
  await ana.page.keyboard.press("p");
  await lines(ana, "Pinned messages").filter({ hasText: "The key lies" }).waitFor();
});

story("what one saves is found on every device, and by nobody else", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const phone = await town.device(ben);
  for (const text of ["Water the plants", "Feed the crab"]) await ana.says(text);
  await ben.sees("Feed the crab");
  await ben.does("Save for later", "Water the plants");
  await ben.does("Save for later", "Feed the crab");
  await phone.message("Feed the crab").getByText("Saved for later", { exact: true }).waitFor();
  for (const view of [ana, ben, phone]) await view.overview("Saved").click();
  for (const view of [ben, phone]) {
    // The newest first.
    await expect
      .poll(() => lines(view, "Saved").locator(".prose").allTextContents())
      .toEqual(["Feed the crab", "Water the plants"].map((text) => expect.stringContaining(text)));
  }
  await ana.reads("Nothing saved");
  await lines(phone, "Saved")
    .filter({ hasText: "Water the plants" })
    .getByRole("button", { name: "Remove from saved", exact: true })
    .click();
  await lines(ben, "Saved").filter({ hasText: "Water the plants" }).waitFor({ state: "detached" });
  // What is deleted is not kept by anybody.
  await ana.goesTo("general");
  await ana.does("Delete message", "Feed the crab");
  await ana.dialog().getByRole("button", { name: "Delete message", exact: true }).click();
  for (const view of [ben, phone]) await view.reads("Nothing saved");
});

story("drafts of channels and threads wait in one list, on every device", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const phone = await town.device(ana);
  await ben.says("High water at nine");
  await ana.sees("High water at nine");
  await ana.composer().fill("half a thought");
  await ana.opensThread("High water at nine");
  await ana.replyField.fill("half a reply");
  await ana.overview("Drafts").click();
  await phone.overview("Drafts").click();
  for (const view of [ana, phone]) {
    await lines(view, "Drafts")
      .filter({ hasText: "half a thought" })
      .getByText("#general")
      .waitFor();
    await lines(view, "Drafts")
      .filter({ hasText: "half a reply" })
      .getByText("Thread in #general")
      .waitFor();
  }
  await lines(phone, "Drafts").filter({ hasText: "half a reply" }).getByRole("link").click();
  await phone.replyField.waitFor();
  await expect.poll(() => phone.replyField.inputValue()).toBe("half a reply");
  await phone.replyField.press("Enter");
  await phone.seesReply("half a reply");
  await lines(ana, "Drafts").filter({ hasText: "half a reply" }).waitFor({ state: "detached" });
  await ana.button("Delete draft").click();
  await ana.dialog().getByRole("button", { name: "Delete draft", exact: true }).click();
  await ana.reads("No drafts");
  await expect.poll(() => phone.composer().inputValue()).toBe("");
});

story("a copied link leads to its message in place, wherever it is pasted", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const kitchen = await town.publicChannel("kitchen", ben);
  await ana.posts(kitchen, "The recipe: salt and water");
  for (let at = 1; at <= 120; at += 1) await ana.posts(kitchen, `Small talk ${at}.`);
  await ana.goesTo("kitchen");
  await ana.sees("Small talk 120.");
  await expect
    .poll(async () => {
      await ana.timeline.evaluate((list) => (list.scrollTop = 0));
      return await ana.message("The recipe").count();
    })
    .toBe(1);
  const link = await copiesLink(ana, "The recipe");
  expect(new URL(link).pathname).toMatch(/^\/w\/wsp_\w+\/c\/chn_\w+\/m\/msg_\w+$/);

  await ana.goesTo("general");
  await ana.composer().focus();
  await ana.page.keyboard.press("ControlOrMeta+V");
  await ana.page.keyboard.press("Enter");
  await ben.message("/m/msg_").waitFor();
  await ben.page.evaluate(() => (document.title = "still the same page"));
  const mark = () => ben.page.evaluate(() => "marked" in window);
  await ben.page.evaluate(() => Object.assign(window, { marked: true }));
  await ben.message("/m/msg_").getByRole("link").last().click();
  await ben.isIn("kitchen");
  await landsOn(ben, "The recipe");
  expect(await mark()).toBe(true);
  // The way back is there, and whoever opens it in a new page lands there as well.
  await ben.page.goBack();
  await ben.isIn("general");
  await ben.opens(link);
  await landsOn(ben, "The recipe");
});

story("a link to nothing says so, and the channel is there all the same", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const said = await ana.posts(await town.channelId("general"), "Hello");
  ben.watch.excuses(/^404 GET \/api\/messages\/[^/]+(\/thread)?$/);
  await ben.sees("Hello");
  const wrong = `${said.id.slice(0, -6)}zzzzzz`;
  const base = `/w/${said.workspace_id}/c/${said.channel_id}`;
  await ben.opens(`${base}/m/${wrong}`);
  await ben.reads("That message is not here, or no longer.");
  await ben.sees("Hello");
  await ben.isIn("general");
  await ben.opens(`${base}/t/${wrong}`);
  await ben.reads("This thread is not here, or no longer.");
  await ben.thread.getByRole("button", { name: "Close thread", exact: true }).last().click();
  await ben.isIn("general");
  await ben.opens("/w/nowhere/c/nothing");
  await ben.reads("There is nothing here");
});
