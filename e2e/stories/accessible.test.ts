//! What a machine can check of accessibility: axe on every kind of screen, in both themes.
import axe, { type AxeResults } from "axe-core";
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";

/** What its script puts into the page. */
interface Axe {
  run(on: Document): Promise<AxeResults>;
}

/** What is worth failing for. */
const GRAVE = new Set(["serious", "critical"]);

async function axeFinds(person: Person): Promise<string[]> {
  const { violations, passes } = await person.page.evaluate(() =>
    (window as unknown as { axe: Axe }).axe.run(document),
  );
  // It did look: every screen has words, and words have a contrast.
  expect(passes.map(({ id }) => id)).toContain("color-contrast");
  return violations
    .filter(({ impact }) => GRAVE.has(impact ?? "minor"))
    .map(({ id, help, nodes }) => {
      const where = nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary ?? ""}`);
      return `${id}: ${help}\n${where.join("\n")}`;
    });
}

for (const colorScheme of ["light", "dark"] as const) {
  story(`axe finds nothing grave on any screen, ${colorScheme}`, async (town) => {
    await town.account("Ana");
    const person = await town.arrives("Ana", { colorScheme });
    person.strangers();
    await person.context.addInitScript(axe.source);
    const finds = async (where: string): Promise<void> => {
      expect(await axeFinds(person), where).toEqual([]);
    };
    await person.opens("/");
    await person.heading(/^Sign in to /).waitFor();
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
    await person.message("Low water at five").hover();
    await person.button("Delete message").first().waitFor();
    await finds("a message's toolbar");
    await person.button("Create channel").click();
    await person.dialog("Create channel").waitFor();
    await finds("a dialog");
    await person.page.keyboard.press("Escape");
    await person.chooses("Tidepool, workspace menu", "Invite people");
    await person.button("Create invite link").waitFor();
    await finds("invites");
    await person.page.keyboard.press("Escape");
    for (const page of ["profile", "security", "appearance", "server", "accounts"]) {
      await person.opens(`/settings/${page}`);
      await person.heading("Settings").waitFor();
      await finds(`settings, ${page}`);
    }
  });
}
