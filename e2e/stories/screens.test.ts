//! Pictures of every screen, light, dark and narrow: told only when somebody asks for them.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "vitest";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";

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
  await ana.button("Create channel").click();
  await ana.dialog("Create channel").waitFor();
  await takes("create-channel");
  await ana.page.keyboard.press("Escape");
  await ana.dialog().waitFor({ state: "hidden" });
  if (!(await ana.button("Tidepool, workspace menu").isVisible())) await navigation();
  await ana.chooses("Tidepool, workspace menu", "Invite people");
  await ana.button("Create invite link").click();
  await ana.field("Invite link").waitFor();
  await takes("invite");
  await ana.page.keyboard.press("Escape");
  await ana.dialog().waitFor({ state: "hidden" });
  await ana.button(/^People/).click();
  await ana.button("Remove Ben").waitFor();
  await takes("people");
  await ana.page.keyboard.press("Escape");
  await ana.dialog().waitFor({ state: "hidden" });
}
