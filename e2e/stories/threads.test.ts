//! Threads: replies beside the channel, with a name, an end, and people who follow.
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story, storyOnBoth } from "../town/story.ts";

/** What the sidebar says of Threads: its name, and in how many something is new. */
async function says(person: Person, words: string): Promise<void> {
  const line = person.overview("Threads");
  await expect.poll(() => line.getAttribute("aria-label")).toBe(words);
}

/** The line under a message that leads to its thread. */
const summary = (person: Person, text: string) => person.message(text).locator("a.thread");

storyOnBoth("a reply stands in its thread only, and its message says so to both", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await ana.says("High water at nine");
  await ben.sees("High water at nine");
  await ben.does("Reply in thread", "High water at nine");
  await ben.thread.getByText("No replies yet. Say the first one.").waitFor();
  await ben.replies("Are you sure?");

  const line = summary(ana, "High water at nine");
  await line.getByText("1 reply", { exact: true }).waitFor();
  expect(await line.locator(".faces > *").count()).toBe(1);
  await line.click();
  await ana.seesReply("Are you sure?");
  await ana.replies("Quite sure");
  await ben.seesReply("Quite sure");
  await line.getByText("2 replies", { exact: true }).waitFor();
  expect(await line.locator(".faces > *").count()).toBe(2);
  for (const person of [ana, ben]) {
    expect(await person.message("sure").count()).toBe(0);
    const list = person.thread.getByRole("list", { name: "Replies in a thread of general" });
    expect(await person.conversation(list)).toEqual([
      { author: "Ana", text: "High water at nine" },
      { author: "Ben", text: "Are you sure?" },
      { author: "Ana", text: "Quite sure" },
    ]);
  }

  // It has an address, for everybody and after a reload.
  const address = new URL(ana.page.url()).pathname;
  expect(address).toMatch(/^\/w\/wsp_\w+\/c\/chn_\w+\/t\/msg_\w+$/);
  expect(new URL(ben.page.url()).pathname).toBe(address);
  await ben.reloads();
  await ben.seesReply("Quite sure");

  await ana.doesWith(ana.inThread("Quite sure"), "Delete message");
  await ana.dialog().getByRole("button", { name: "Delete message", exact: true }).click();
  await summary(ben, "High water at nine").getByText("1 reply", { exact: true }).waitFor();
  await ben.inThread("Quite sure").waitFor({ state: "detached" });
  await ben.button("Close thread").click();
  await ben.thread.waitFor({ state: "detached" });
  expect(new URL(ben.page.url()).pathname).toBe(address.replace(/\/t\/.*/, ""));
});

story("a thread gets a name, and is locked by who began it", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  // Ana owns the workspace; Ben began this thread and may do the same.
  await ben.says("High water at nine");
  await ana.sees("High water at nine");
  const chi = await town.member("Chi");
  for (const person of [ana, ben, chi]) await person.opensThread("High water at nine");
  const title = (person: Person, name: string) =>
    person.thread.getByRole("heading", { name, exact: true });
  await chi.button("Thread menu").click();
  await chi.page.getByRole("menuitem", { name: "Copy link to thread", exact: true }).waitFor();
  expect(await chi.page.getByRole("menuitem").count()).toBe(1);
  await chi.page.keyboard.press("Escape");

  await ben.chooses("Thread menu", "Name thread");
  await ben.dialog("Name this thread").getByLabel("Name", { exact: true }).fill("Tide tables");
  await ben.button("Save").click();
  for (const person of [ana, ben, chi]) await title(person, "Tide tables").waitFor();

  await chi.replies("Said in time");
  await summary(ana, "High water at nine").getByText("Tide tables", { exact: true }).waitFor();
  await ben.chooses("Thread menu", "Lock thread");
  for (const person of [ana, ben, chi]) {
    await person.thread
      .getByText("This thread is locked. It can be read, not replied to.")
      .waitFor();
    await person.replyField.waitFor({ state: "detached" });
  }
  const root = (await ana.history(await town.channelId("general")))[0]?.id ?? "";
  await expect(chi.postsReply(root, "Said too late")).rejects.toMatchObject({
    code: "thread_locked",
  });
  await ana.chooses("Thread menu", "Unlock thread");
  for (const person of [ana, ben, chi]) await person.replyField.waitFor();
  await chi.replies("Said again");
  await ana.seesReply("Said again");

  await ana.chooses("Thread menu", "Name thread");
  await ana.dialog("Name this thread").getByLabel("Name", { exact: true }).fill("");
  await ana.button("Save").click();
  for (const person of [ana, ben, chi]) await title(person, "Thread").waitFor();
});

story("who takes part or is named follows, and finds what is new under Threads", async (town) => {
  const [ana, ben, chi] = await town.members("Ana", "Ben", "Chi");
  await ana.says("High water at nine");
  for (const person of [ben, chi]) await person.sees("High water at nine");
  await ben.opensThread("High water at nine");
  await ben.replies("Are you sure?");
  await says(ana, "Threads, 1");
  await summary(ana, "High water at nine").getByText("new replies").waitFor();
  // One's own reply is no news, and nobody else has to do with it.
  await says(ben, "Threads");
  await says(chi, "Threads");

  await ana.overview("Threads").click();
  const list = ana.page.getByRole("list", { name: "Threads", exact: true });
  const card = list.getByRole("article").filter({ hasText: "High water at nine" });
  await card.getByText("1 new", { exact: true }).waitFor();
  await card.getByText("Are you sure?").waitFor();
  await ben.replies("Ten, I would say");
  await card.getByText("2 new", { exact: true }).waitFor();
  await card.getByText("Ten, I would say").waitFor();
  await card.getByRole("link", { name: "general, thread of Ana", exact: true }).click();
  await ana.seesReply("Ten, I would say");
  await says(ana, "Threads");

  // Named, Chi follows; unfollowed, she hears nothing until she is named again.
  const follows = chi.thread.getByRole("button", { name: "Following", exact: true });
  const following = async (is: boolean): Promise<void> =>
    await expect.poll(() => follows.getAttribute("aria-pressed")).toBe(String(is));
  await ben.replies("What do you say, @Chi?");
  await says(chi, "Threads, 1");
  await chi.opensThread("High water at nine");
  await chi.seesReply("What do you say, @Chi?");
  await says(chi, "Threads");
  await following(true);
  await follows.click();
  await following(false);
  await chi.button("Close thread").click();
  await ben.replies("Nobody knows");
  await summary(chi, "High water at nine").getByText("4 replies", { exact: true }).waitFor();
  await says(chi, "Threads");
  await ben.replies("@Chi, once more?");
  await says(chi, "Threads, 1");
  // Ana looks at the thread: what comes is read.
  await ana.seesReply("@Chi, once more?");
  await says(ana, "Threads");
});

story("a thread is new again from where one marks it, until all are marked read", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const general = await town.channelId("general");
  const tide = await ana.posts(general, "High water at nine");
  const soup = await ana.posts(general, "The soup is ready");
  for (const text of ["one", "two", "three"]) await ben.postsReply(tide.id, text);
  await says(ana, "Threads, 1");
  await ana.opensThread("High water at nine");
  await ana.seesReply("three");
  await says(ana, "Threads");
  await ana.doesWith(ana.inThread("two"), "Mark unread from here");
  await ana.thread.locator(".line.new").waitFor();
  await says(ana, "Threads, 1");
  await ben.postsReply(soup.id, "Is it hot?");
  await says(ana, "Threads, 2");

  await ana.overview("Threads").click();
  const cards = ana.page.getByRole("list", { name: "Threads", exact: true }).getByRole("article");
  const news = cards.locator("header").getByText(/ new$/);
  await expect.poll(() => news.allTextContents()).toEqual(["1 new", "2 new"]);
  await cards.first().getByText("The soup is ready").waitFor();
  await ana.button("Mark all as read").click();
  await says(ana, "Threads");
  await expect.poll(() => news.count()).toBe(0);
  await ana.reloads();
  await cards.first().getByText("The soup is ready").waitFor();
  await says(ana, "Threads");
});

story("a reply that is also sent to the channel is one message in two places", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await ana.says("High water at nine");
  await ben.sees("High water at nine");
  await ben.opensThread("High water at nine");
  await ben.thread.getByLabel("Also send to #general", { exact: true }).check();
  await ben.replies("Ten it is");
  await ana.sees("Ten it is");
  const above = ana.message("Ten it is").getByRole("link", { name: /^replied to a thread: High/ });
  await above.click();
  await ana.seesReply("Ten it is");

  await ben.edits("Ten it is", "Eleven it is");
  for (const person of [ana, ben]) {
    await person.sees("Eleven it is");
    await person.seesReply("Eleven it is");
    await person.seesNot("Ten it is");
  }
  await ana.does("React with 🦀", "Eleven it is");
  await ben
    .message("Eleven it is")
    .getByRole("button", { name: "🦀 1: Ana", exact: true })
    .waitFor();
  await ben
    .inThread("Eleven it is")
    .getByRole("button", { name: "🦀 1: Ana", exact: true })
    .waitFor();
  const history = await ana.history(await town.channelId("general"));
  expect(history.map(({ body, seq, thread_seq }) => ({ body, seq, thread_seq }))).toEqual([
    { body: "High water at nine", seq: 1, thread_seq: undefined },
    { body: "Eleven it is", seq: 2, thread_seq: 1 },
  ]);
});

story("a long thread is read from any reply to both ends", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const root = await ana.posts(await town.channelId("general"), "How long is the beach?");
  const replies = [];
  for (let at = 1; at <= 250; at += 1) replies.push(await ana.postsReply(root.id, `Step ${at}.`));
  const middle = replies[119];
  const base = `/w/${root.workspace_id}/c/${root.channel_id}/t/${root.id}`;
  await ben.opens(`${base}/m/${middle?.id}`);
  await ben.inThread("Step 120.").and(ben.page.locator(".lit")).waitFor();
  const inSight = async (text: string): Promise<void> => {
    await expect
      .poll(async () => {
        const box = await ben.inThread(text).boundingBox();
        const frame = await ben.thread.boundingBox();
        return box !== null && frame !== null && box.y >= frame.y && box.y < frame.y + frame.height;
      })
      .toBe(true);
  };
  await inSight("Step 120.");
  await expect
    .poll(() => ben.inThread("Step 120.").evaluate((row) => row === document.activeElement))
    .toBe(true);
  // From there to the beginning and on to the end, without a gap.
  const list = ben.thread.getByRole("list", { name: "Replies in a thread of general" });
  await list.hover();
  // A jump that still settles puts its message back once: the wheel turns until the beginning stays.
  await expect
    .poll(async () => {
      await ben.page.mouse.wheel(0, -100_000);
      await ben.inThread("How long is the beach?").waitFor();
      return await list.evaluate((element) => element.scrollTop);
    })
    .toBe(0);
  const told = await ben.conversation(list);
  const steps = replies.map((_, index) => `Step ${index + 1}.`);
  expect(told.map(({ text }) => text)).toEqual(["How long is the beach?", ...steps]);
  await inSight("Step 250.");

  // Begun at the end, it is read backwards.
  await ben.opens(base);
  await ben.replyField.waitFor();
  expect((await ben.conversation(list)).map(({ text }) => text)).toEqual(
    told.map((one) => one.text),
  );
  await ana.postsReply(root.id, "The end.");
  await ben.seesReply("The end.");
});
