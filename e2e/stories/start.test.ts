//! Starting: what this browser knows is there before the server answers, and what it must not know is gone.
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { signal } from "../town/signal.ts";
import { story } from "../town/story.ts";

const API = "**/api/**";

/** The server's answers wait until they are let through. Answers how many have come. */
async function holdsBack(person: Person): Promise<{ letThrough(): void; answers(): number }> {
  const through = signal();
  let answers = 0;
  await person.page.route(API, async (route) => {
    await through.given;
    await route.continue();
  });
  person.page.on("response", (response) => {
    if (new URL(response.url()).pathname.startsWith("/api/")) answers += 1;
  });
  return { letThrough: through.give, answers: () => answers };
}

/** Waits until a text is in what this browser keeps. */
async function isKept(person: Person, text: string): Promise<void> {
  await expect.poll(() => person.keeps(text), { timeout: 15_000 }).toBe(true);
}

story(
  "the last conversation is there before the server answers, and news comes after",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    await ana.says("High water at nine");
    await ben.sees("High water at nine");
    await isKept(ben, "High water at nine");

    const server = await holdsBack(ben);
    await ben.reloads();
    await ben.sees("High water at nine");
    await ben.channelLink("general").waitFor();
    expect(server.answers()).toBe(0);
    await ana.says("or rather at ten");
    await ana.edits("High water at nine", "High water at half past nine");
    // One can write as well; it is sent as soon as that is possible.
    await ben.says("so early");
    await ben.message("so early").waitFor();
    expect(server.answers()).toBe(0);
    server.letThrough();
    await ben.sees("High water at half past nine");
    await ben.sees("or rather at ten");
    await ana.sees("so early");
    await ben.sees("so early");
    const history = await ana.history(await town.channelId("general"));
    expect(history.map(({ body }) => body)).toEqual([
      "High water at half past nine",
      "or rather at ten",
      "so early",
    ]);
    await expect.poll(() => ben.delivered()).toEqual(history.map(({ body }) => body));
  },
);

story("what one lost meanwhile leaves the screen and the browser", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const secret = "the cake stands behind the flour";
  const kitchen = await town.privateChannel("kitchen", ben);
  await ana.goesTo("kitchen");
  await ben.goesTo("kitchen");
  await ana.says(secret);
  await ben.sees(secret);
  await isKept(ben, secret);
  const address = ben.page.url();
  await ben.page.goto("about:blank");
  const me = await ben.client?.me.get();
  await town.owner.channelMembers.remove(kitchen, me?.id ?? "");

  ben.watch.excuses(/^404 \w+ \/api\/channels\/[^/]+\/(read|members|messages)$/);
  ben.watch.excuses(/^404 GET \/api\/channels\//);
  const server = await holdsBack(ben);
  await ben.opens(address);
  await ben.sees(secret);
  expect(server.answers()).toBe(0);
  server.letThrough();
  await ben.reads("There is nothing here");
  await ben.channelLink("kitchen").waitFor({ state: "detached" });
  await expect.poll(() => ben.shows(secret)).toBe(false);
  await expect.poll(() => ben.keeps(secret), { timeout: 15_000 }).toBe(false);
  await ben.channelLink("general").waitFor();
});

story(
  "tabs agree, and what is written offline in two of them goes out once, in order",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    const other = await ben.tab();
    await other.opens("/");
    await other.isIn("general");
    await ben.losesTheNetwork();
    await ben.reads("You are offline");
    await other.reads("You are offline");
    const written: string[] = [];
    for (let at = 1; at <= 3; at += 1) {
      for (const [tab, name] of [
        [ben, "first tab"],
        [other, "second tab"],
      ] as const) {
        const text = `${at} from the ${name}`;
        written.push(text);
        await tab.says(text);
        // Each tab shows at once what the other is about to send.
        await ben.message(text).waitFor();
        await other.message(text).waitFor();
      }
    }
    await ben.getsTheNetworkBack();
    for (const text of written) await ana.sees(text);
    const history = await ana.history(await town.channelId("general"));
    expect(history.map(({ body }) => body)).toEqual(written);
    for (const tab of [ben, other]) {
      await expect.poll(() => tab.delivered(), { timeout: 15_000 }).toEqual(written);
    }
  },
);

story("nothing is left in a browser that one has signed out of", async (town) => {
  const [ana] = await town.members("Ana");
  await ana.says("High water at nine");
  await ana.sees("High water at nine");
  await ana.composer().fill("half a thought");
  await isKept(ana, "High water at nine");
  await isKept(ana, "half a thought");
  ana.strangers();
  await ana.chooses("You", "Sign out");
  await ana.dialog().getByRole("button", { name: "Sign out", exact: true }).click();
  await ana.heading(/^Sign in to /).waitFor();
  const databases = (): Promise<(string | undefined)[]> =>
    ana.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  await expect.poll(databases).toEqual([]);
  expect(await ana.keeps("High water at nine")).toBe(false);
  expect(await ana.keeps("half a thought")).toBe(false);
  expect(await ana.keeps(ana.email)).toBe(false);
});
