//! Access that ends: what one may no longer see goes, from the screen and from the browser.
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";

const SECRET = "the cake stands behind the flour";

/** Nothing of the secret is in somebody's document or in what their browser keeps. */
async function knowsNothing(person: Person): Promise<void> {
  await expect.poll(() => person.shows(SECRET)).toBe(false);
  expect(await person.keeps(SECRET)).toBe(false);
}

/** A call of somebody may cross their removal on its way: the server then knows no such channel. */
function mayCross(person: Person): void {
  person.watch.excuses(
    /^404 \w+ \/api\/channels\/[^/]+\/(read|members|messages|pins)$/,
    "404 PUT /api/drafts",
  );
}

async function idOf(person: Person): Promise<string> {
  const me = await person.client?.me.get();
  if (me === undefined) throw new Error("members have accounts");
  return me.id;
}

story("Ben is removed from a private channel while he looks at it", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await town.privateChannel("kitchen", ben);
  mayCross(ben);
  await ana.goesTo("kitchen");
  await ben.goesTo("kitchen");
  await ana.says(SECRET);
  await ben.sees(SECRET);
  await ben.composer("kitchen").fill("half a sentence");

  await ana.button(/^People/).click();
  await ana.button("Remove Ben").click();
  await ben.channelLink("kitchen").waitFor({ state: "detached" });
  await ben.reads("There is nothing here");
  await ben.composer("kitchen").waitFor({ state: "detached" });
  await knowsNothing(ben);
  await ana.button("Close").click();
  await ana.says("Ben is gone");
  await ana.sees("Ben is gone");
  await ben.reloads();
  await ben.reads("There is nothing here");
  await knowsNothing(ben);
});

story("Ben is removed from a private channel while his network is gone", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const kitchen = await town.privateChannel("kitchen", ben);
  await ana.goesTo("kitchen");
  await ben.goesTo("kitchen");
  await ana.says(SECRET);
  await ben.sees(SECRET);
  await ben.losesTheNetwork();
  await ben.reads("You are offline");
  await ben.says("so where is it?");
  await ana.client?.channelMembers.remove(kitchen, await idOf(ben));
  mayCross(ben);
  await ben.getsTheNetworkBack();
  await ben.channelLink("kitchen").waitFor({ state: "detached" });
  await knowsNothing(ben);
  expect(await ana.history(kitchen)).toHaveLength(1);
});

story("Ben is removed from the workspace while he looks at it", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  mayCross(ben);
  await ana.says(SECRET);
  await ben.sees(SECRET);
  await ana.chooses("Tidepool, workspace menu", "Members");
  await ana.chooses("Actions for Ben", "Remove from workspace");
  await ana.button("Remove from workspace").click();
  await ben.page.getByRole("link", { name: "Tidepool" }).waitFor({ state: "detached" });
  await ben.channelLink("general").waitFor({ state: "detached" });
  await knowsNothing(ben);
  await ben.opens("/");
  await ben.reads("No workspace yet");
  await knowsNothing(ben);
});

story("Ben is removed from the workspace while his network is gone", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await ana.says(SECRET);
  await ben.sees(SECRET);
  await ben.losesTheNetwork();
  await ben.reads("You are offline");
  const workspace = await town.workspace();
  await ana.client?.members.remove(workspace.id, await idOf(ben));
  ben.watch.excuses(/^404 \w+ \/api\/(workspaces|channels)\//);
  await ben.getsTheNetworkBack();
  await ben.channelLink("general").waitFor({ state: "detached" });
  await knowsNothing(ben);
});

story("a private channel does not exist for whoever is not in it", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await ana.button("Create channel").click();
  await ana.field("Channel name").fill("kitchen");
  await ana.field("Who can see it").selectOption("private");
  await ana.dialog("Create channel").getByRole("button", { name: "Create channel" }).click();
  await ana.isIn("kitchen");
  await ana.channels.getByRole("link", { name: "kitchen, private", exact: true }).waitFor();
  await ana.says(SECRET);
  await ana.sees(SECRET);

  // A public one made afterwards is seen: so news did come, and the private one was not in it.
  await town.owner.channels.create((await town.workspace()).id, { name: "pier", kind: "public" });
  await ben.button("Browse channels").click();
  const list = ben.dialog("Browse channels").getByRole("listitem");
  await list.filter({ hasText: "pier" }).waitFor();
  expect(await list.filter({ hasText: "kitchen" }).count()).toBe(0);
  await ben.button("Close").click();
  await ben.opens(new URL(ana.page.url()).pathname);
  await ben.reads("There is nothing here");
  expect(await ben.shows("kitchen")).toBe(false);
  await knowsNothing(ben);

  // Added, he has all of it; at once.
  await ana.button(/^People/).click();
  await ana.button("Add Ben").click();
  await ben.goesTo("kitchen");
  await ben.sees(SECRET);
});
