//! Coming in, and talking both ways.
import { expect } from "vitest";
import { PATIENCE_MS } from "../town/person.ts";
import { story, storyOnBoth } from "../town/story.ts";

storyOnBoth("Ana sets the server up and invites Ben, and they talk both ways", async (town) => {
  const ana = await town.arrives("Ana");
  await ana.opens(await town.server.setUpLink());
  await ana.introducesThemselves();
  await ana.field("Name of the first workspace").fill("Tidepool");
  await ana.button("Set up").click();
  await ana.isIn("general");
  expect(ana.page.url()).not.toContain("token");
  await ana.reads("Nothing in #general yet");

  await ana.chooses("Tidepool, workspace menu", "Invite people");
  await ana.button("Create invite link").click();
  const link = await ana.field("Invite link").inputValue();
  await ana.button("Close").click();

  const ben = await town.arrives("Ben");
  ben.strangers();
  await ben.opens(link);
  await ben.heading("Join Tidepool").waitFor();
  await ben.introducesThemselves();
  await ben.button("Create account and join").click();
  await ben.isIn("general");

  await ana.says("Hello Ben, the **tide** is out");
  await ben.sees("Hello Ben, the tide is out");
  await ben.says("So it is");
  await ana.sees("So it is");
  await ana.sees("Hello Ben, the tide is out");
  const both = [
    { author: "Ana", text: "Hello Ben, the tide is out" },
    { author: "Ben", text: "So it is" },
  ];
  expect(await ana.conversation()).toEqual(both);
  expect(await ben.conversation()).toEqual(both);
});

story("somebody sees that the other is typing, and who is there", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await ben.composer().pressSequentially("I was thinking");
  await ana.reads("Ben is typing…");
  await ben.composer().fill("");
  await ana.seesNot("Ben is typing…");
  // Nobody is told that they type themselves.
  expect(await ben.page.getByText("is typing…").count()).toBe(0);

  await ana.button(/^People/).click();
  const there = ana.dialog("People in #general").getByRole("listitem").filter({ hasText: "Ben" });
  await there.getByRole("img", { name: "Online", exact: true }).waitFor();
  await ben.page.close();
  await there.getByRole("img", { name: "Offline", exact: true }).waitFor();
});

story(
  "a message is edited, shows its history, and leaves a line when it is deleted",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    await ana.says("About the tide:");
    await ben.sees("About the tide:");
    await ana.says("High water at nine");
    await ben.sees("High water at nine");
    await ana.edits("High water at nine", "High water at ten");
    await ben.sees("High water at ten");
    await ben.seesNot("High water at nine");
    const mark = ben.message("High water at ten").getByRole("button", { name: "(edited)" });
    await mark.click();
    const history = ben.dialog("History of the message");
    await history.getByText("High water at nine").waitFor();
    await history.getByText("High water at ten").waitFor();
    await ben.button("Close").click();

    await ana.does("Delete message", "High water at ten");
    await ana.dialog("Delete this message?").waitFor();
    await ana.button("Cancel").click();
    await ana.dialog().waitFor({ state: "hidden" });
    await ben.sees("High water at ten");
    await ana.does("Delete message", "High water at ten");
    await ana.dialog().getByRole("button", { name: "Delete message", exact: true }).click();
    await ana.sees("Ana wrote something that was deleted.");
    await ben.sees("Ana wrote something that was deleted.");
    for (const person of [ana, ben]) {
      await person.seesNot("High water");
      expect(await person.shows("High water")).toBe(false);
    }
    const [, left] = await ana.history(await town.channelId("general"));
    expect(left?.body).toBe("");
  },
);

story("a channel with something new is bold until it is read", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const workspace = await town.workspace();
  const kitchen = await town.owner.channels.create(workspace.id, {
    name: "kitchen",
    kind: "public",
  });
  await ben.client?.channels.join(kitchen.id);
  await ben.channelLink("kitchen").waitFor();
  await ana.goesTo("kitchen");
  await ana.says("The soup is ready");

  const unread = ben.channels.getByRole("link", { name: "kitchen, unread", exact: true });
  await unread.waitFor();
  const weight = (): Promise<number> =>
    unread.evaluate((link) => Number(getComputedStyle(link).fontWeight));
  expect(await weight()).toBeGreaterThanOrEqual(600);
  await ben.goesTo("kitchen");
  await ben.sees("The soup is ready");
  await ben.page.getByText("New", { exact: true }).waitFor();
  await unread.waitFor({ state: "detached" });
  await ben.reloads();
  await ben.isIn("kitchen");
  await ben.goesTo("general");
  expect(await unread.count()).toBe(0);
  // One's own words are never news.
  await expect
    .poll(() => ana.channels.getByRole("link", { name: /unread/ }).count(), {
      timeout: PATIENCE_MS,
    })
    .toBe(0);
});
