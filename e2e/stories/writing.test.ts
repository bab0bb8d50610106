//! Writing: names, lists, code, drafts, quotes, and the keys under one's hands.
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";

/** The suggestions above the field. */
const suggested = (person: Person) => person.page.getByRole("listbox").getByRole("option");

/** Types as hands do: key by key, at the caret. */
async function types(person: Person, text: string): Promise<void> {
  await person.composer().pressSequentially(text);
}

async function written(person: Person): Promise<string> {
  return await person.composer().inputValue();
}

/** The bodies of a channel as the server keeps them. */
async function kept(person: Person, channel = "general"): Promise<string[]> {
  const messages = await person.history(await person.town.channelId(channel));
  return messages.map(({ body }) => body);
}

story(
  "who is named is chosen by a few letters, called by id, and reads their name",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    const id = (await ben.client?.me.get())?.id ?? "";
    await types(ana, "Morning @be");
    await suggested(ana).filter({ hasText: "Ben" }).waitFor();
    await ana.page.keyboard.press("Enter");
    expect(await written(ana)).toBe("Morning @Ben ");
    await types(ana, "all well?");
    await ana.page.keyboard.press("Enter");
    await ben.sees("Morning @Ben all well?");
    await expect.poll(() => kept(ana)).toEqual([`Morning <@${id}> all well?`]);
    // Loud for Ben, quiet for Ana.
    const chip = (person: Person) => person.message("Morning").locator(".mention");
    expect(await chip(ben).getAttribute("class")).toBe("mention mine");
    expect(await chip(ana).getAttribute("class")).toBe("mention");

    // In the editor it is the name again, and stays who it was.
    await ana.page.keyboard.press("ArrowUp");
    const editor = ana.field("Edit message text");
    expect(await editor.inputValue()).toBe("Morning @Ben all well?");
    await editor.fill("Evening @Ben all well?");
    await editor.press("Enter");
    await ben.sees("Evening @Ben all well?");
    expect(await kept(ana)).toEqual([`Evening <@${id}> all well?`]);

    // A name typed in full is resolved by the server; a new name shows at once.
    await ana.says("also @ben, please");
    await ben.sees("also @Ben, please");
    await ben.client?.me.update({ name: "Benedict" });
    await ana.message("also @Benedict, please").waitFor();
    expect((await kept(ana))[1]).toBe(`also <@${id}>, please`);
  },
);

story("the list of suggestions is worked with the keys, and can be refused", async (town) => {
  const [ana] = await town.members("Ana", "Ben", "Bea");
  await town.owner.channels.create((await town.workspace()).id, { name: "bench", kind: "public" });
  await types(ana, "@be");
  await expect.poll(() => suggested(ana).count()).toBe(2);
  const marked = ana.page.locator('[role=option][aria-selected="true"]');
  const first = await marked.textContent();
  await ana.page.keyboard.press("ArrowDown");
  await expect.poll(() => marked.textContent()).not.toBe(first);
  const active = await ana.composer().getAttribute("aria-activedescendant");
  expect(await marked.getAttribute("id")).toBe(active);
  await ana.page.keyboard.press("Escape");
  await expect.poll(() => suggested(ana).count()).toBe(0);
  await types(ana, "a");
  expect(await suggested(ana).count()).toBe(0);

  await ana.composer().fill("");
  await types(ana, "see #ben");
  await suggested(ana).filter({ hasText: "bench" }).click();
  expect(await written(ana)).toBe("see #bench ");
  await types(ana, ":crab");
  await suggested(ana).filter({ hasText: "crab" }).first().waitFor();
  await ana.page.keyboard.press("Tab");
  expect(await written(ana)).toBe("see #bench 🦀 ");
  // Nothing is suggested in code.
  await types(ana, "`@be");
  expect(await suggested(ana).count()).toBe(0);
});

story("a channel's name leads there, for those who see the channel", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await town.privateChannel("kitchen");
  await ana.says("moved to #kitchen and #general today");
  await ben.sees("moved to #kitchen and #general today");
  const links = (person: Person) => person.message("moved to").getByRole("link");
  await expect.poll(() => links(ana).allTextContents()).toEqual(["#kitchen", "#general"]);
  expect(await links(ben).allTextContents()).toEqual(["#general"]);
  await links(ana).first().click();
  await ana.isIn("kitchen");
});

story("lists go on, fences break, and every step can be taken back", async (town) => {
  const [ana] = await town.members("Ana");
  const { keyboard } = ana.page;
  await types(ana, "1. one");
  await keyboard.press("Shift+Enter");
  await types(ana, "two");
  await keyboard.press("Shift+Enter");
  await keyboard.press("Tab");
  await types(ana, "below");
  expect(await written(ana)).toBe("1. one\n2. two\n   1. below");
  await keyboard.press("Shift+Enter");
  await keyboard.press("Shift+Enter");
  expect(await written(ana)).toBe("1. one\n2. two\n   1. below\n");
  await keyboard.press("Control+Z");
  expect(await written(ana)).toBe("1. one\n2. two\n   1. below\n   2. ");

  await ana.composer().fill("");
  await types(ana, "bold");
  await keyboard.press("Control+A");
  await keyboard.press("Control+B");
  expect(await written(ana)).toBe("**bold**");
  await keyboard.press("Control+Z");
  expect(await written(ana)).toBe("bold");

  await ana.composer().fill("");
  await types(ana, "```rust");
  await keyboard.press("Enter");
  await types(ana, "fn main() {}");
  await keyboard.press("Enter");
  await types(ana, "```");
  expect(await kept(ana)).toEqual([]);
  await keyboard.press("Enter");
  await ana.sees("fn main() {}");
  expect(await kept(ana)).toEqual(["```rust\nfn main() {}\n```"]);
});

story(
  "code is coloured by a worker that the policy lets in, and copied with a button",
  async (town) => {
    const [ana] = await town.members("Ana");
    await ana.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const code = 'fn main() {\n    println!("tide"); // <b>\n}';
    await ana.composer().fill(`\`\`\`rust\n${code}\n\`\`\``);
    await ana.composer().press("Control+Enter");
    const block = ana.message("fn main()").locator(".code-block");
    await block.locator(".code-keyword", { hasText: "fn" }).waitFor();
    expect(await block.locator(".code-comment").textContent()).toBe("// <b>");
    expect(await block.locator("code").textContent()).toBe(`${code}\n`);
    await block.hover();
    await block.getByRole("button", { name: "Copy code" }).click();
    await block.getByRole("button", { name: "Copied" }).waitFor();
    expect(await ana.page.evaluate(() => navigator.clipboard.readText())).toBe(code);
  },
);

story(
  "a draft waits where it was written, survives a reload, and follows the account",
  async (town) => {
    const [ana, ben] = await town.members("Ana", "Ben");
    const id = (await ben.client?.me.get())?.id ?? "";
    await town.owner.channels.create((await town.workspace()).id, {
      name: "kitchen",
      kind: "public",
    });
    await types(ana, "half a thought for @ben");
    await suggested(ana).filter({ hasText: "Ben" }).waitFor();
    await ana.page.keyboard.press("Enter");
    await ana.goesTo("kitchen");
    expect(await written(ana)).toBe("");
    await ana.goesTo("general");
    expect(await written(ana)).toBe("half a thought for @Ben ");

    // Also the last letter before a reload is there.
    await types(ana, "and");
    await ana.reloads();
    await ana.isIn("general");
    await expect.poll(() => written(ana)).toBe("half a thought for @Ben and");

    const elsewhere = await town.alsoHas(ana);
    elsewhere.strangers();
    await elsewhere.opens("/sign-in");
    await elsewhere.signsIn();
    await elsewhere.isIn("general");
    await expect.poll(() => written(elsewhere)).toBe("half a thought for @Ben and");
    await types(elsewhere, " more");
    await ana.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await expect.poll(() => written(ana)).toBe("half a thought for @Ben and more");
    await elsewhere.page.keyboard.press("Enter");
    await ben.sees("half a thought for @Ben and more");
    await expect.poll(() => written(ana)).toBe("");
    expect(await kept(ana)).toEqual([`half a thought for <@${id}> and more`]);
  },
);

story("Enter sends or breaks the line, as one has it on this device", async (town) => {
  const [ana] = await town.members("Ana");
  await ana.opens("/settings/appearance");
  await ana.page.getByRole("radio", { name: /^Enter breaks the line/ }).check();
  await ana.opens("/");
  await ana.isIn("general");
  await types(ana, "one");
  await ana.page.keyboard.press("Enter");
  await types(ana, "two");
  expect(await written(ana)).toBe("one\ntwo");
  await ana.page.keyboard.press("Shift+Enter");
  await ana.sees("two");
  await types(ana, "three");
  await ana.page.keyboard.press("Control+Enter");
  await ana.sees("three");
  expect(await kept(ana)).toEqual(["one\ntwo", "three"]);
});

story("an input method keeps its keys until it is done", async (town) => {
  const [ana] = await town.members("Ana");
  await ana.composer().focus();
  const hands = await ana.context.newCDPSession(ana.page);
  await hands.send("Input.imeSetComposition", {
    text: "かに",
    selectionStart: 2,
    selectionEnd: 2,
  });
  // The Enter that chooses a candidate reaches the page as a key that is still composing.
  await hands.send("Input.dispatchKeyEvent", {
    type: "rawKeyDown",
    key: "Process",
    code: "Enter",
    windowsVirtualKeyCode: 229,
  });
  await hands.send("Input.insertText", { text: "蟹" });
  expect(await written(ana)).toBe("蟹");
  expect(await kept(ana)).toEqual([]);
  await ana.page.keyboard.press("Enter");
  await ana.sees("蟹");
});

story("what is too long says so and is not sent", async (town) => {
  const [ana] = await town.members("Ana");
  await ana.composer().fill("🦀".repeat(15_990));
  await ana.reads("10 characters left");
  await ana.composer().fill("🦀".repeat(16_001));
  await ana.reads("Too long: at most 16,000 characters");
  await ana.page.keyboard.press("Enter");
  expect(await written(ana)).toHaveLength(32_002);
  await ana.composer().fill("🦀".repeat(16_000));
  await ana.page.keyboard.press("Enter");
  await expect.poll(() => written(ana)).toBe("");
  await expect.poll(async () => (await kept(ana)).length).toBe(1);
});

story("words become a link when an address is pasted over them", async (town) => {
  const [ana] = await town.members("Ana");
  await ana.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await ana.page.evaluate(() => navigator.clipboard.writeText("https://tide.example/high"));
  await types(ana, "see the table");
  await ana.page.keyboard.press("Shift+Control+ArrowLeft");
  await ana.page.keyboard.press("Control+V");
  expect(await written(ana)).toBe("see the [table](https://tide.example/high)");
});

story("what one quotes stands above the text, and can be taken off again", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await ana.says("High water at nine");
  await ben.sees("High water at nine");
  const quotes = async (): Promise<void> => {
    await ben.message("High water at nine").focus();
    await ben.page.keyboard.press("r");
    await ben.reads("Quoting Ana");
  };
  await quotes();
  await ben.button("Remove quote").click();
  await ben.seesNot("Quoting Ana");
  await quotes();
  await ben.page.keyboard.press("Escape");
  await ben.seesNot("Quoting Ana");
  await quotes();
  // It waits with the draft.
  await ben.reloads();
  await ben.reads("Quoting Ana");
  await ben.says("so early");
  await ben.seesNot("Quoting Ana");
  await ana.message("so early").getByText("High water at nine").waitFor();
  const [said, answer] = await ana.history(await town.channelId("general"));
  expect(answer?.quote_of).toBe(said?.id);
});

story("who types in a thread is seen typing there, and nowhere else", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await ana.says("High water at nine");
  await ben.sees("High water at nine");
  const thread = (person: Person) => person.page.getByRole("complementary");
  for (const person of [ana, ben]) {
    await person.message("High water at nine").focus();
    await person.page.keyboard.press("t");
    await thread(person).getByRole("textbox", { name: "Reply" }).waitFor();
  }
  await thread(ben).getByRole("textbox", { name: "Reply" }).pressSequentially("I was thinking");
  await thread(ana).getByText("Ben is typing…").waitFor();
  expect(await ana.page.getByText("Ben is typing…").count()).toBe(1);
  await thread(ben).getByRole("textbox", { name: "Reply" }).fill("");
  await thread(ana).getByText("Ben is typing…").waitFor({ state: "detached" });
});
