//! Sessions, passwords and links.
import { expect } from "vitest";
import { story } from "../town/story.ts";

const MAGIC_LINK = /https?:\/\/\S+\/magic#token=\S+/;

story(
  "a session is revoked, and the other browser is at the sign-in within a second",
  async (town) => {
    const [ana] = await town.members("Ana");
    const phone = await town.alsoHas(ana, { viewport: { width: 390, height: 844 } });
    phone.strangers();
    await phone.opens("/");
    await phone.heading(/^Sign in to /).waitFor();
    await phone.signsIn();
    await phone.isIn("general");
    await phone.says("from the phone");
    await ana.sees("from the phone");

    await ana.opens("/settings/security");
    const sessions = ana.page.getByRole("list", { name: "Sessions", exact: true });
    await sessions.getByText("(this one)").waitFor();
    phone.watch.excuses(/^401 /);
    const others = sessions.getByRole("button", { name: /^Sign out / });
    const before = await others.count();
    await others.first().click();
    const from = Date.now();
    for (let left = before - 1; left > 0; left -= 1) {
      await expect.poll(() => others.count()).toBe(left);
      await others.first().click();
    }
    await phone.heading(/^Sign in to /).waitFor();
    expect(Date.now() - from).toBeLessThan(3_000);
    expect(await phone.shows("from the phone")).toBe(false);
    // The one that revoked is still in.
    await ana.opens("/");
    await ana.isIn("general");
  },
);

story(
  "Ana signs out behind a question, and in again with her password, not with another",
  async (town) => {
    const [ana] = await town.members("Ana");
    await ana.composer().fill("a draft that nobody else should find");
    await ana.chooses("You", "Sign out");
    await ana.dialog("Sign out?").waitFor();
    await ana.button("Cancel").click();
    await ana.dialog().waitFor({ state: "hidden" });
    await ana.isIn("general");
    await ana.chooses("You", "Sign out");
    ana.strangers();
    await ana.dialog().getByRole("button", { name: "Sign out", exact: true }).click();
    await ana.heading(/^Sign in to /).waitFor();
    expect(await ana.keeps("a draft that nobody else should find")).toBe(false);
    await ana.opens("/");
    await ana.heading(/^Sign in to /).waitFor();

    ana.watch.excuses("401 POST /api/auth/login");
    await ana.signsIn("not my password");
    await ana.page.getByRole("alert").getByText("E-mail address or password is wrong.").waitFor();
    await ana.signsIn();
    await ana.isIn("general");
  },
);

story("a sign-in link from the command line works once", async (town) => {
  const [ana] = await town.members("Ana");
  const printed = await town.server.command("admin", "magic-link", "create", "--email", ana.email);
  const link = MAGIC_LINK.exec(printed)?.[0] ?? "";
  expect(link).not.toBe("");
  const laptop = await town.arrives("Ana");
  await laptop.opens(link);
  await laptop.button("Sign in with this link").waitFor();
  expect(laptop.page.url()).not.toContain("token");
  await laptop.button("Sign in with this link").click();
  await laptop.isIn("general");

  const thief = await town.arrives("Mallory");
  thief.watch.excuses(/^\d+ POST \/api\/auth\/magic-link\/consume$/);
  await thief.opens(link);
  await thief.button("Sign in with this link").click();
  await thief.heading("This link has ended").waitFor();
});

story("an invite that was used up or taken back says so", async (town) => {
  await town.account("Ana");
  const invite = await town.owner.invites.create((await town.workspace()).id, { max_uses: 1 });
  const ben = await town.arrives("Ben");
  ben.strangers();
  await ben.opens(invite.url);
  await ben.introducesThemselves();
  await ben.button("Create account and join").click();
  await ben.isIn("general");
  const chi = await town.arrives("Chi");
  chi.strangers();
  chi.watch.excuses(/^\d+ GET \/api\/invites\//);
  await chi.opens(invite.url);
  await chi.heading("This link has ended").waitFor();
});

story("whoever signs in in one tab is who writes in every tab", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  await ana.says("from Ana");
  await ben.sees("from Ana");
  // Ana's old session ends with her cookie: her first tab hears it.
  ana.watch.excuses(/^401 /, /^console: WebSocket/, "a window opened: about:blank");
  const tab = await ana.context.newPage();
  await tab.goto(`${town.server.origin}/sign-in`);
  await tab.getByLabel("E-mail", { exact: true }).fill(ben.email);
  await tab.getByLabel("Password", { exact: true }).fill(ben.password);
  await tab.getByRole("button", { name: "Sign in", exact: true }).click();
  await tab.getByRole("textbox", { name: "Message #general", exact: true }).waitFor();

  await ana.page.locator("aside").getByText("Ben", { exact: true }).waitFor();
  await ana.isIn("general");
  await ana.says("from the first tab");
  await ben.sees("from the first tab");
  const said = (await ben.conversation()).find(({ text }) => text === "from the first tab");
  expect(said?.author).toBe("Ben");
});
