//! What a machine can check of accessibility: axe on every kind of screen, in both themes.
import axe, { type AxeResults } from "axe-core";
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";
import type { Town } from "../town/town.ts";

/** What its script puts into the page. */
interface Axe {
  run(on: Document): Promise<AxeResults>;
}

async function axeFinds(person: Person): Promise<string[]> {
  const { violations, passes } = await person.page.evaluate(() =>
    (window as unknown as { axe: Axe }).axe.run(document),
  );
  // It did look: every screen has words, and words have a contrast.
  expect(passes.map(({ id }) => id)).toContain("color-contrast");
  return violations.map(({ id, help, nodes }) => {
    const where = nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary ?? ""}`);
    return `${id}: ${help}\n${where.join("\n")}`;
  });
}

type Finds = (where: string) => Promise<void>;

/** What one does with a message, and the thread that hangs on it. */
async function talks(person: Person, finds: Finds): Promise<void> {
  const { keyboard } = person.page;
  const message = person.message("Low water at five");
  await message.hover();
  await message.getByRole("button", { name: "More actions", exact: true }).click();
  await person.page.getByRole("menuitem", { name: "Delete message" }).waitFor();
  await finds("a message's toolbar and menu");
  await keyboard.press("Escape");
  await person.does("Pin to channel", "Low water at five");
  await person.does("Save for later", "Low water at five");
  await person.does("React with 🦀", "Low water at five");
  await person.does("Add a reaction", "Low water at five");
  await person.page.getByRole("combobox", { name: "Find an emoji" }).fill("crab");
  await person.page
    .getByRole("gridcell")
    .or(person.page.getByRole("button", { name: "crab" }))
    .first()
    .waitFor();
  await finds("the emoji picker");
  await keyboard.press("Escape");
  await person.does("Show who reacted", "Low water at five");
  await person.dialog("Who reacted").waitFor();
  await finds("who reacted");
  await keyboard.press("Escape");
  await person.dialog().waitFor({ state: "hidden" });
  await person.opensThread("Low water at five");
  await person.replies("Then we have an hour");
  await finds("a thread");
  await person.button("Thread menu").click();
  await person.page.getByRole("menuitem", { name: "Name thread" }).click();
  await person.dialog("Name this thread").waitFor();
  await finds("naming a thread");
  await keyboard.press("Escape");
  await person.button("Close thread").click();
  await person.page.getByRole("link", { name: /pinned message/ }).click();
  await person.reads("Pinned by Ana");
  await finds("pinned messages");
  await keyboard.press("Escape");
  await person.composer().pressSequentially("@a");
  await person.page.getByRole("option").first().waitFor();
  await finds("suggestions");
  await person.composer().fill("");
}

/** Dialogs, menus and layers of the frame. */
async function frame(person: Person, finds: Finds): Promise<void> {
  const { keyboard } = person.page;
  await person.button("Create channel").click();
  await person.dialog("Create channel").waitFor();
  await finds("a dialog");
  await keyboard.press("Escape");
  await person.chooses("Tidepool, workspace menu", "Invite people");
  await person.button("Create invite link").waitFor();
  await finds("invites");
  await keyboard.press("Escape");
  await person.dialog().waitFor({ state: "hidden" });
  await person.channelLink("general").click({ button: "right" });
  await person.page.getByRole("menuitem", { name: "Star" }).waitFor();
  await finds("a channel's menu");
  await keyboard.press("Escape");
  await keyboard.press("Control+K");
  await person.page.getByRole("option").first().waitFor();
  await finds("the palette");
  await keyboard.type("zzzz");
  await person.reads("Nothing here is called");
  await finds("the palette, nothing found");
  await keyboard.press("Escape");
  await keyboard.press("Control+/");
  await person.dialog("Keyboard shortcuts").waitFor();
  await finds("the shortcuts");
  await keyboard.press("Escape");
}

/** What gathers from all channels. */
async function views(person: Person, finds: Finds): Promise<void> {
  const seen = {
    Unreads: "All is read",
    Threads: "Then we have an hour",
    Saved: "Low water at five",
    Drafts: "half a thought",
  };
  for (const [name, words] of Object.entries(seen)) {
    await person.overview(name).click();
    await person.heading(name).waitFor();
    await person.page.locator("main").getByText(words).first().waitFor();
    await finds(name);
  }
}

/** Somebody at the sign-in, and what looks at their screens. */
async function arrives(town: Town, colorScheme: "light" | "dark"): Promise<[Person, Finds]> {
  await town.account("Ana");
  const person = await town.arrives("Ana", { colorScheme });
  person.strangers();
  await person.context.addInitScript(axe.source);
  await person.opens("/");
  await person.heading(/^Sign in to /).waitFor();
  const finds = async (where: string): Promise<void> => {
    expect(await axeFinds(person), where).toEqual([]);
  };
  return [person, finds];
}

/** Something in every view, kept by the account. */
async function keeps({ owner }: Town, general: string): Promise<void> {
  const said = await owner.messages.send(general, {
    nonce: "axe-said-1",
    body: "Low water at five",
  });
  await owner.messages.sendReply(said.id, { nonce: "axe-reply-1", body: "Then we have an hour" });
  await owner.messages.save(said.id);
  await owner.drafts.put({ channel_id: general, body: "half a thought" });
}

for (const colorScheme of ["light", "dark"] as const) {
  story(`axe finds nothing in a conversation, ${colorScheme}`, async (town) => {
    const [person, finds] = await arrives(town, colorScheme);
    await finds("sign-in");
    await person.signsIn();
    await person.isIn("general");
    await person.reads("Nothing in #general yet");
    await finds("an empty channel");
    await person.says("A *message* with [a link](https://tide.example), `code`\n\n> and a quote");
    await person.sees("A message with a link");
    await person.says("- one\n- two");
    await person.says("Low water at four");
    await person.edits("Low water at four", "Low water at five");
    await finds("a channel");
    await talks(person, finds);
  });

  story(`axe finds nothing around the conversation, ${colorScheme}`, async (town) => {
    const [person, finds] = await arrives(town, colorScheme);
    await keeps(town, await town.channelId("general"));
    await person.signsIn();
    await person.isIn("general");
    await frame(person, finds);
    await views(person, finds);
    for (const page of ["profile", "security", "appearance", "server", "accounts"]) {
      await person.opens(`/settings/${page}`);
      await person.heading("Settings").waitFor();
      await finds(`settings, ${page}`);
    }
  });
}
