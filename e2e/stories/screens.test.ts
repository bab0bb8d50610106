//! Pictures of every screen, light, dark and narrow: told only when somebody asks for them.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "@clickclack/sdk";
import { describe } from "vitest";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";
import type { Town } from "../town/town.ts";

const wanted = process.env["CLICKCLACK_SCREENS"];
const folder = wanted ?? "";

const LOOKS = [
  { look: "light", options: { colorScheme: "light" } },
  { look: "dark", options: { colorScheme: "dark" } },
  { look: "phone", options: { viewport: { width: 390, height: 844 }, hasTouch: true } },
] as const;

const TALK: readonly (readonly ["ana" | "ben", string])[] = [
  ["ana", "Morning. The release notes are ready for a look: three fixes, one new thing."],
  ["ben", "Reading. The second line says *channel* where it means *thread*."],
  ["ana", "Right, fixed. And the migration?"],
  ["ben", "Ran it twice on a copy:\n\n```\n$ clickclack migrate\nup to date, 3 applied\n```"],
  ["ben", "- backup made first\n- 41 seconds for the big one\n- nothing else changed"],
  ["ana", "> 41 seconds\n\nThat is fine for a Thursday. Ship it :crab:? 🦀"],
  ["ben", "**Thursday** it is."],
];

describe.skipIf(wanted === undefined).each(LOOKS)("pictures", ({ look, options }) => {
  story(look, async (town) => {
    await mkdir(folder, { recursive: true });
    const ana = await town.arrives("Ana", options);
    ana.strangers();
    const takes = pictures(ana, folder, look);
    await ana.opens(await town.server.setUpLink());
    await ana.button("Set up").waitFor();
    await takes("set-up");
    await town.account("Ana");
    await ana.opens("/sign-in");
    await ana.button("Sign in").waitFor();
    await takes("sign-in");
    await ana.signsIn();
    await ana.isIn("general");
    await ana.reads("Nothing in #general yet");
    await takes("empty-channel");
    const ben = await town.account("Ben");
    const general = await town.channelId("general");
    const workspace = (await town.workspace()).id;
    for (const name of ["design", "release", "random"]) {
      const channel = await town.owner.channels.create(workspace, { name, kind: "public" });
      await ben.channels.join(channel.id);
      if (name === "random") {
        await ben.messages.send(channel.id, { nonce: "picture-random", body: "a crab" });
      }
    }
    await town.privateChannel("kitchen");
    await town.owner.channels.update(general, { topic: "What is shipped, and when" });
    for (const [at, [who, body]] of TALK.entries()) {
      const client = who === "ana" ? town.owner : ben;
      await client.messages.send(general, { nonce: `picture-${at}`, body });
    }
    await ana.sees("Thursday it is.");
    await takes("channel");
    await layers(town, ana, ben, takes);
    await dialogs(ana, look, takes);
    for (const page of ["profile", "security", "appearance"]) {
      await ana.opens(`/settings/${page}`);
      await ana.heading("Settings").waitFor();
      await takes(`settings-${page}`);
    }
    await ana.opens("/");
    await ana.sees("Thursday it is.");
    await ana.losesTheNetwork();
    await ana.reads("You are offline");
    await ana.says("Written on the island");
    await ana.message("Written on the island").waitFor();
    await takes("offline");
  });
});

function pictures(person: Person, into: string, look: string) {
  return async (name: string): Promise<void> => {
    await person.page.evaluate(() => document.fonts.ready);
    await person.page.screenshot({ path: join(into, `${name}-${look}.png`) });
  };
}

/** A thread, what is kept, the palette, and the views that gather. */
async function layers(
  town: Town,
  ana: Person,
  ben: Client,
  takes: (name: string) => Promise<void>,
): Promise<void> {
  const general = await town.channelId("general");
  const workspace = (await town.workspace()).id;
  const { messages } = await town.owner.messages.list(general, { after_seq: 0, limit: 200 });
  const [first, second, , code] = messages;
  if (first === undefined || second === undefined || code === undefined)
    throw new Error("the talk of the pictures has these messages");
  for (const [at, [client, body]] of (
    [
      [ben, "Thursday morning, or in the evening?"],
      [town.owner, "In the morning: then we have the day to look after it."],
      [ben, "Good. I bring the cake. :crab: 🦀"],
    ] as const
  ).entries()) {
    await client.messages.sendReply(first.id, { nonce: `reply-${at}-picture`, body });
  }
  await ben.messages.addReaction(second.id, "🦀");
  await town.owner.messages.addReaction(second.id, "🦀");
  await ben.messages.addReaction(second.id, "👍");
  await town.owner.messages.pin(code.id);
  await town.owner.messages.save(code.id);
  await ben.messages.send(general, {
    nonce: "picture-mention",
    body: "@Ana, a crab in #random wants a word with you.",
  });
  await ana.sees("wants a word with you");
  await ana.message("Right, fixed").focus();
  await takes("conversation");
  await ana.opens(`/w/${workspace}/c/${general}/t/${first.id}`);
  await ana.seesReply("I bring the cake");
  await takes("thread");
  await ana.button("Close thread").click();
  await ana.does("Add a reaction", "Right, fixed");
  await ana.page.getByRole("gridcell").first().waitFor();
  await takes("picker");
  await ana.page.keyboard.press("Escape");
  await ana.page.keyboard.press("Control+K");
  await ana.page.getByRole("option").first().waitFor();
  await takes("palette");
  await ana.page.keyboard.press("Escape");
  await ana.page.keyboard.press("Control+/");
  await ana.dialog("Keyboard shortcuts").waitFor();
  await takes("shortcuts");
  await ana.page.keyboard.press("Escape");
  await ana.dialog().waitFor({ state: "hidden" });
  await ana.composer().fill("half a thought");
  const views = {
    Unreads: "random",
    Threads: "I bring the cake",
    Saved: "Ran it twice",
    Drafts: "half a thought",
  };
  for (const [view, words] of Object.entries(views)) {
    await ana.opens(`/w/${workspace}/${view.toLowerCase()}`);
    await ana.heading(view).waitFor();
    await ana.page.locator("main").getByText(words).first().waitFor();
    await takes(view.toLowerCase());
  }
  await ana.opens(`/w/${workspace}/c/${general}`);
  await ana.sees("wants a word with you");
}

async function dialogs(
  ana: Person,
  look: string,
  takes: (name: string) => Promise<void>,
): Promise<void> {
  const navigation = async (): Promise<void> => {
    if (look === "phone") await ana.button("Open navigation").click();
  };
  await navigation();
  if (look === "phone") await takes("drawer");
  const closes = async (dialog: string | RegExp): Promise<void> => {
    await ana.page.keyboard.press("Escape");
    await ana.heading(dialog).waitFor({ state: "hidden" });
  };
  await ana.button("Create channel").click();
  await ana.dialog("Create channel").waitFor();
  await takes("create-channel");
  await closes("Create channel");
  if (!(await ana.button("Tidepool, workspace menu").isVisible())) await navigation();
  await ana.chooses("Tidepool, workspace menu", "Invite people");
  await ana.button("Create invite link").click();
  await ana.field("Invite link").waitFor();
  await takes("invite");
  await closes("Invite people to Tidepool");
  if (look === "phone") {
    await ana.page.keyboard.press("Escape");
    await ana.channelLink("general").waitFor({ state: "hidden" });
  }
  await ana.button(/^People/).click();
  await ana.button("Remove Ben").waitFor();
  await takes("people");
  await closes("People in #general");
}
