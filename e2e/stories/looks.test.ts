//! How it looks and feels: light and dark, a narrow screen, hands that stay on the keyboard.
import { expect } from "vitest";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** The ground's lightness, 0 to 255. */
async function ground(person: Person): Promise<number> {
  return await person.page.evaluate(() => {
    const canvas = document.createElement("canvas");
    const ink = canvas.getContext("2d");
    const main = document.querySelector("main");
    if (ink === null || main === null) return -1;
    ink.fillStyle = getComputedStyle(main).backgroundColor;
    ink.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = ink.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3;
  });
}

/** Presses Tab until the thing of that name has the focus. */
async function tabsTo(person: Person, role: string, name: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 60; presses += 1) {
    await person.page.keyboard.press("Tab");
    const focused = await person.page.evaluate(() => {
      const at = document.activeElement;
      if (!(at instanceof HTMLElement)) return "";
      const labels = "labels" in at ? [...((at.labels as NodeListOf<Element> | null) ?? [])] : [];
      const label = labels.map((one) => one.textContent).join(" ");
      return `${at.tagName.toLowerCase()} ${at.getAttribute("aria-label") ?? (label || at.textContent)}`;
    });
    seen.push(focused.trim());
    if (focused.startsWith(role) && name.test(focused.slice(role.length + 1).trim())) return;
  }
  throw new Error(`Tab never came to ${role} ${name}; it came to:\n${seen.join("\n")}`);
}

story("the page is light or dark as the system has it, or as one chose", async (town) => {
  await town.account("Ana");
  const dusk = await town.member("Ben", { colorScheme: "dark" });
  expect(await ground(dusk)).toBeLessThan(80);
  const noon = await town.member("Chi", { colorScheme: "light" });
  expect(await ground(noon)).toBeGreaterThan(200);
  await noon.chooses("You", "Dark");
  await expect.poll(() => ground(noon)).toBeLessThan(80);
  await noon.reloads();
  await noon.isIn("general");
  expect(await ground(noon)).toBeLessThan(80);
  await noon.chooses("You", "Like the system");
  await expect.poll(() => ground(noon)).toBeGreaterThan(200);
});

story("on a phone there is one column, a drawer, and the composer in reach", async (town) => {
  await town.account("Ana");
  const long = "W".repeat(60);
  const workspace = await town.workspace();
  await town.owner.channels.create(workspace.id, { name: long.toLowerCase(), kind: "public" });
  const ben = await town.member("Ben", PHONE);
  await ben.client?.channels.join(await town.channelId(long.toLowerCase()));
  await ben.says(`${long}${long} and a [link](https://tide.example/${long})`);
  await ben.sees("and a link");
  const fits = async (): Promise<void> => {
    const [content, screen] = await ben.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(content).toBe(screen);
  };
  await fits();
  const box = await ben.composer().boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844);
  const send = await ben.button("Send").boundingBox();
  expect(send?.width).toBeGreaterThanOrEqual(44);
  expect(send?.height).toBeGreaterThanOrEqual(44);

  expect(await ben.channelLink("general").isVisible()).toBe(false);
  await ben.button("Open navigation").click();
  await ben.channelLink(long.toLowerCase()).click();
  await ben.isIn(long.toLowerCase());
  await expect.poll(() => ben.channelLink("general").isVisible()).toBe(false);
  await fits();
  expect(await ben.button("Channel menu").isVisible()).toBe(true);
  await ben.button("Open navigation").click();
  await ben.channelLink("general").waitFor();
  await ben.page.keyboard.press("Escape");
  await expect.poll(() => ben.channelLink("general").isVisible()).toBe(false);
});

story("everything of a conversation can be done with the keyboard alone", async (town) => {
  await town.account("Ana");
  await town.owner.channels.create((await town.workspace()).id, {
    name: "kitchen",
    kind: "public",
  });
  await town.account("Ben");
  const ben = await town.arrives("Ben");
  ben.strangers();
  const { keyboard } = ben.page;
  await ben.opens("/");
  await ben.heading(/^Sign in to /).waitFor();
  await tabsTo(ben, "input", /^E-mail$/);
  await keyboard.type(ben.email);
  await tabsTo(ben, "input", /^Password$/);
  await keyboard.type(ben.password);
  await keyboard.press("Enter");
  await ben.isIn("general");

  // Join by keyboard.
  await tabsTo(ben, "button", /^Browse channels$/);
  await keyboard.press("Enter");
  await ben.dialog("Browse channels").waitFor();
  await tabsTo(ben, "button", /^Join kitchen$/);
  await keyboard.press("Enter");
  await ben.isIn("kitchen");
  // The list of channels is one stop of Tab; the arrows move in it.
  await tabsTo(ben, "a", /^kitchen/);
  await keyboard.press("ArrowUp");
  await ben.page.locator('a[aria-label="general"]:focus').waitFor();
  await keyboard.press("Enter");
  await ben.isIn("general");

  await tabsTo(ben, "textarea", /^Message #general$/);
  await keyboard.type("Good mornin");
  await keyboard.press("Shift+Enter");
  await keyboard.type("everybody");
  await keyboard.press("Enter");
  await ben.sees("Good mornin");
  await keyboard.press("ArrowUp");
  await ben.field("Edit message text").waitFor();
  await keyboard.press("Escape");
  await ben.field("Edit message text").waitFor({ state: "detached" });
  await keyboard.press("ArrowUp");
  await keyboard.press("Control+A");
  await keyboard.type("Good morning");
  await keyboard.press("Enter");
  await ben.sees("Good morning");
  await ben.message("Good morning").getByText("(edited)").waitFor();
  // The focus is back where one writes.
  await keyboard.type("and again");
  await keyboard.press("Enter");
  await ben.sees("and again");
  const { messages } = await town.owner.messages.list(await town.channelId("general"));
  expect(messages.map(({ body }) => body)).toEqual(["Good morning", "and again"]);
});

story("a message is answered, marked and kept without a hand on the mouse", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const { keyboard } = ben.page;
  await ana.says("High water at nine");
  await ben.sees("High water at nine");
  const focused = ben.page.locator("[data-row]:focus");
  const isAt = async (text: string): Promise<void> => {
    await focused.filter({ hasText: text }).waitFor();
  };
  await ben.composer().focus();
  await keyboard.press("Shift+Tab");
  await isAt("High water at nine");

  await keyboard.press("+");
  await ben.page.locator('[aria-label="Find an emoji"]:focus').waitFor();
  await keyboard.type("crab");
  await ben.page.locator('[role=gridcell][aria-selected="true"]').waitFor();
  await keyboard.press("Enter");
  await ana.message("High water at nine").locator(".chip", { hasText: "🦀" }).waitFor();
  await isAt("High water at nine");
  await keyboard.press("p");
  await ana.message("High water at nine").getByText("Pinned by Ben").waitFor();

  await keyboard.press("t");
  await ben.thread.locator("textarea:focus").waitFor();
  await keyboard.type("an hour, then");
  await keyboard.press("Enter");
  await ben.seesReply("an hour, then");
  await ana
    .message("High water at nine")
    .getByRole("link", { name: /1 reply/ })
    .waitFor();
  await keyboard.press("Escape");
  await ben.thread.waitFor({ state: "detached" });
  // The focus is never lost when something closes.
  await isAt("High water at nine");

  // Of the toolbar one button is reached by Tab, behind all that stands in the message; the others by arrows.
  await tabsTo(ben, "a", /1 reply/);
  await keyboard.press("Tab");
  await keyboard.press("End");
  await ben.page.locator('[role=toolbar] [aria-label="More actions"]:focus').waitFor();
  await keyboard.press("Enter");
  await ben.page.getByRole("menuitem", { name: "Mark unread from here", exact: true }).waitFor();
  await keyboard.type("mark");
  await ben.page.locator("[role=menuitem]:focus", { hasText: "Mark unread" }).waitFor();
  await keyboard.press("Enter");
  await ben.timeline.locator(".line.new").waitFor();
  await ben.channels.getByRole("link", { name: "general, unread", exact: true }).waitFor();

  await ben.composer().focus();
  await keyboard.type("see you there");
  await keyboard.press("Enter");
  await ben.sees("see you there");
  // Back to the message that one was at, over what stands in it.
  for (let presses = 0; presses < 6 && (await focused.count()) === 0; presses += 1) {
    await keyboard.press("Shift+Tab");
  }
  await isAt("High water at nine");
  await keyboard.press("ArrowDown");
  await isAt("see you there");
  await keyboard.press("e");
  await ben.page.locator('[aria-label="Edit message text"]:focus').waitFor();
  await keyboard.press("Control+A");
  await keyboard.type("see you at eight");
  await keyboard.press("Enter");
  await ana.sees("see you at eight");
});

story("nothing moves for those who want it still, and no workshop is on show", async (town) => {
  await town.account("Ana");
  const ben = await town.member("Ben", { reducedMotion: "reduce" });
  await ben.says("High water at nine");
  await ben.sees("High water at nine");
  const moving = (): Promise<string[]> =>
    ben.page.evaluate(() =>
      document
        .getAnimations()
        // What is over within a frame or two is not seen to move.
        .filter((one) => Number(one.effect?.getComputedTiming().endTime ?? 0) > 50)
        .map((one) => {
          const effect = one.effect instanceof KeyframeEffect ? one.effect : undefined;
          return effect?.target?.outerHTML.slice(0, 120) ?? "something";
        }),
    );
  await ben.page.keyboard.press("Control+K");
  await ben.page.getByRole("option").first().waitFor();
  expect(await moving()).toEqual([]);
  await ben.page.keyboard.press("Escape");
  await ben.dialog().waitFor({ state: "hidden" });
  await ben.opensThread("High water at nine");
  expect(await moving()).toEqual([]);
  await ben.message("High water at nine").hover();
  expect(await moving()).toEqual([]);

  await ben.opens("/dev/parts");
  await ben.reads("There is nothing here");
  expect(await ben.page.getByRole("heading", { name: "Parts", exact: true }).count()).toBe(0);
});
