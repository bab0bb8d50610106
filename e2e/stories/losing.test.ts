//! Never lose, never double: networks that go, servers that die, pages that are loaded again.
import type { Message } from "@clickclack/sdk";
import { expect } from "vitest";
import { PATIENCE_MS, type Person } from "../town/person.ts";
import { signal } from "../town/signal.ts";
import { story, storyOnBoth } from "../town/story.ts";
import type { Town } from "../town/town.ts";

const SENDS = "**/api/channels/*/messages";

/** What everybody has of `#general`: both screens and the server say the same, each message once. */
async function agreement(town: Town, ana: Person, ben: Person): Promise<Message[]> {
  const history = await ana.history(await town.channelId("general"));
  const told = history.map(({ author, body }) => ({ author: author.name, text: body }));
  for (const person of [ana, ben]) {
    await expect.poll(() => person.conversation(), { timeout: PATIENCE_MS }).toEqual(told);
  }
  expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1));
  return history;
}

story(
  "Ben loses the network and catches up, and what he wrote meanwhile is sent once",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    await ben.says("before");
    await ana.sees("before");
    await ben.losesTheNetwork();
    await ben.reads("You are offline. What you write is sent when the network is back.");
    await ana.says("one while Ben is away");
    await ana.says("two while Ben is away");
    await ana.sees("two while Ben is away");
    await ben.says("written on the island");
    const waiting = ben.message("written on the island");
    await waiting.waitFor();
    expect(await waiting.getAttribute("data-delivery")).toBe("sending");
    expect(await ben.message("while Ben is away").count()).toBe(0);

    await ben.getsTheNetworkBack();
    await ben.sees("two while Ben is away");
    await ben.sees("written on the island");
    await ana.sees("written on the island");
    await ben.seesNot("You are offline");
    const history = await agreement(town, ana, ben);
    expect(history.map(({ body }) => body)).toEqual([
      "before",
      "one while Ben is away",
      "two while Ben is away",
      "written on the island",
    ]);
  },
);

storyOnBoth("what became of messages while Ben was away stands when he is back", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const general = await town.channelId("general");
  const root = await ben.posts(general, "High water at nine");
  const soup = await ana.posts(general, "The sup is ready");
  const wrong = await ana.posts(general, "Nobody should read this");
  await ben.sees("Nobody should read this");
  await ben.opensThread("High water at nine");
  await ben.losesTheNetwork();
  await ben.reads("You are offline");
  const { messages, threads } = ana.account;
  await messages.edit(soup.id, { body: "The soup is ready" });
  await messages.delete(wrong.id);
  await messages.addReaction(soup.id, "🦀");
  await messages.addReaction(soup.id, "👍");
  await messages.removeReaction(soup.id, "👍");
  await messages.pin(root.id);
  await ana.postsReply(root.id, "Ten, I would say");
  await threads.update(root.id, { title: "Tide tables" });
  await ben.getsTheNetworkBack();

  await ben.seesReply("Ten, I would say");
  await ben.thread.getByRole("heading", { name: "Tide tables", exact: true }).waitFor();
  const above = ben.message("High water at nine");
  await above.getByText("Pinned by Ana", { exact: true }).waitFor();
  await above.getByText("1 reply", { exact: true }).waitFor();
  await ben.message("The soup is ready").getByRole("button", { name: "🦀 1: Ana" }).waitFor();
  expect(await ben.message("The soup is ready").locator(".chip[aria-pressed]").count()).toBe(1);
  await ben.sees("Ana wrote something that was deleted.");
  for (const gone of ["The sup", "Nobody should read"]) expect(await ben.shows(gone)).toBe(false);
});

story(
  "what Ben writes in a channel that he could not load waits there, and all comes by itself",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    const workspace = await town.workspace();
    const kitchen = await town.owner.channels.create(workspace.id, {
      name: "kitchen",
      kind: "public",
    });
    await ben.client?.channels.join(kitchen.id);
    await town.owner.messages.send(kitchen.id, { nonce: "soup-0001", body: "Who wants soup?" });
    await ben.channelLink("kitchen").waitFor();
    await ben.losesTheNetwork();
    await ben.reads("You are offline");
    await ben.goesTo("kitchen");
    await ben.says("I do");
    await ben.page.getByText("I do", { exact: true }).waitFor();
    await ben.getsTheNetworkBack();
    await ben.sees("Who wants soup?");
    await ben.sees("I do");
    await ana.goesTo("kitchen");
    await ana.sees("I do");
    expect(await ana.history(kitchen.id)).toHaveLength(2);
  },
);

story(
  "a line that breaks without the browser knowing is noticed, said and mended",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    ben.toleratesALostServer();
    ben.line.cut();
    await ana.says("did you hear that?");
    await ben.says("are you there?");
    await ben.reads("Connection lost. Trying again…");
    ben.line.mend();
    await ben.sees("did you hear that?");
    await ana.sees("are you there?");
    await ben.seesNot("Connection lost");
    expect(await agreement(town, ana, ben)).toHaveLength(2);
  },
);

storyOnBoth(
  "the server is killed in mid-conversation, and nothing is lost or doubled",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    const people = [ana, ben];
    const count = 16;
    for (const person of people) person.toleratesALostServer();
    const talk = async (person: Person): Promise<void> => {
      for (let at = 1; at <= count; at += 1) await person.says(`${person.name} says ${at}.`);
    };
    const talking = Promise.all(people.map(talk));
    // Killed three times: while both write, right after it came back, and while the rest is sent.
    const acknowledged = new Set<string>();
    for (const mark of [2, 7, 12]) {
      await ana.message(`Ana says ${mark}.`).first().waitFor();
      await town.server.kill();
      for (const person of people) {
        for (const text of await person.delivered()) acknowledged.add(text);
      }
      await town.server.start();
    }
    await talking;
    for (const person of people) {
      await person.sees(`Ana says ${count}.`);
      await person.sees(`Ben says ${count}.`);
    }

    const history = await agreement(town, ana, ben);
    expect(acknowledged.size).toBeGreaterThan(0);
    for (const text of acknowledged) expect(history.map(({ body }) => body)).toContain(text);
    for (const { name } of people) {
      const own = history.filter(({ author }) => author.name === name).map(({ body }) => body);
      expect(own).toEqual(Array.from({ length: count }, (_, at) => `${name} says ${at + 1}.`));
    }
  },
);

story("a send whose answer is lost in a reload is not sent twice", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const arrived = signal();
  await ben.page.route(SENDS, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch();
    arrived.give(); // The server has it; Ben never hears so.
    return undefined;
  });
  await ben.says("said once");
  await arrived.given;
  await ben.page.unrouteAll({ behavior: "ignoreErrors" });
  await ben.reloads();
  await ben.sees("said once");
  await ana.sees("said once");
  expect(await agreement(town, ana, ben)).toHaveLength(1);
});

story(
  "a send that a reload cuts off before it reaches the server is sent afterwards",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    const written = signal();
    await ben.page.route(SENDS, (route) => {
      if (route.request().method() !== "POST") return route.continue();
      written.give(); // It stays on the way.
      return undefined;
    });
    await ben.says("first");
    await ben.says("second");
    await written.given;
    await ben.message("second").waitFor();
    expect(await ana.history(await town.channelId("general"))).toEqual([]);
    await ben.page.unrouteAll({ behavior: "ignoreErrors" });
    await ben.reloads();
    await ana.sees("second");
    await ben.sees("second");
    const history = await agreement(town, ana, ben);
    expect(history.map(({ body }) => body)).toEqual(["first", "second"]);
  },
);
