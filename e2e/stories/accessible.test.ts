//! What a machine can check of accessibility: axe on every kind of screen, in both themes.
import axe from "axe-core";
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";

/** What is worth failing for. */
const GRAVE = new Set(["serious", "critical"]);

async function axeFinds(person: Person): Promise<string[]> {
  const violations = await person.page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    return (await axe.run(document)).violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact: impact ?? "minor",
      help,
      nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary ?? ""}`),
    }));
  });
  return violations
    .filter(({ impact }) => GRAVE.has(impact))
    .map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.join("\n")}`);
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
    await person.edits("one", "- one\n- three");
    await finds("a channel");
    await person.message("three").hover();
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
