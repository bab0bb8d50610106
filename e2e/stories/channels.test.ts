//! Channels: made, found, joined, renamed, described, put away.
import { expect } from "vitest";
import { story } from "../town/story.ts";

story(
  "Ben finds a channel, looks into it and joins; it is renamed, gets a topic and is archived",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    await ana.button("Create channel").click();
    await ana.field("Channel name").fill("Kitchen News");
    await ana.field("Topic").fill("What is cooking");
    await ana.dialog("Create channel").getByRole("button", { name: "Create channel" }).click();
    await ana.isIn("kitchen-news");
    await ana.says("Soup today");

    await ben.button("Browse channels").click();
    const line = ben
      .dialog("Browse channels")
      .getByRole("listitem")
      .filter({ hasText: "kitchen-news" });
    await line.getByText("What is cooking").waitFor();
    await line.getByRole("button", { name: "Open", exact: true }).click();
    await ben.sees("Soup today");
    await ben.reads("You are looking at #kitchen-news from outside.");
    expect(await ben.composer().count()).toBe(0);
    await ben.button("Join channel").click();
    await ben.isIn("kitchen-news");
    await ben.says("Which one?");
    await ana.sees("Which one?");

    await ana.chooses("Channel menu", "Rename channel");
    await ana.field("Channel name").fill("galley");
    await ana.button("Save").click();
    await ben.isIn("galley");
    await ben.channelLink("galley").waitFor();
    await ana.button(/^Edit topic/).click();
    await ana.field("Topic").fill("Fish on Fridays");
    await ana.button("Save").click();
    await ben.header.getByText("Fish on Fridays").waitFor();

    await ana.chooses("Channel menu", "Archive channel");
    await ana.dialog("Archive #galley?").waitFor();
    await ana.dialog().getByRole("button", { name: "Archive channel", exact: true }).click();
    await ben.reads("This channel is archived. It can be read, not written to.");
    await ben.sees("Soup today");
    expect(await ben.composer().count()).toBe(0);
    await ben.channelLink("galley").waitFor({ state: "detached" });
    await ana.chooses("Channel menu", "Bring channel back");
    await ana.dialog().getByRole("button", { name: "Bring channel back", exact: true }).click();
    await ben.isIn("galley");
    await ben.chooses("Channel menu", "Leave channel");
    await ben.channelLink("galley").waitFor({ state: "detached" });
  },
);

story("a name that is taken or not allowed is refused in a sentence", async (town) => {
  const [ana] = await town.members("Ana");
  ana.watch.excuses(/^409 POST \/api\/workspaces\/[^/]+\/channels$/);
  await ana.button("Create channel").click();
  await ana.field("Channel name").fill("general");
  const dialog = ana.dialog("Create channel");
  await dialog.getByRole("button", { name: "Create channel" }).click();
  await dialog.getByRole("alert").getByText("There is a channel of that name already.").waitFor();
  await ana.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});
