//! Somebody in front of a browser of their own, driven by what people see: roles and labels.
import { randomUUID } from "node:crypto";
import type { Client, Message } from "@clickclack/sdk";
import type { BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { browser } from "./browser.ts";
import { Line } from "./line.ts";
import type { Town } from "./town.ts";
import { Watch } from "./watch.ts";

/** How long somebody waits for something to appear. */
export const PATIENCE_MS = 15_000;
/** What a lost network does to requests and sockets. */
const LOST = [/net::ERR_/, /^console: WebSocket connection to/];

/** An account's credentials. */
export interface Credentials {
  name: string;
  email: string;
  password: string;
}

/** A message as it is read. */
export interface Said {
  author: string;
  text: string;
}

/** Somebody with a browser. */
export class Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly town: Town;
  readonly line: Line;
  readonly watch: Watch;
  readonly context: BrowserContext;
  readonly page: Page;
  /** The account's door to the API, once they have one. */
  client: Client | undefined;

  private constructor(parts: {
    who: Credentials;
    town: Town;
    line: Line;
    watch: Watch;
    context: BrowserContext;
    page: Page;
  }) {
    this.name = parts.who.name;
    this.email = parts.who.email;
    this.password = parts.who.password;
    this.town = parts.town;
    this.line = parts.line;
    this.watch = parts.watch;
    this.context = parts.context;
    this.page = parts.page;
  }

  /** Opens a browser for them. Nobody is signed in. */
  static async arrive(
    town: Town,
    who: Credentials,
    options: BrowserContextOptions = {},
  ): Promise<Person> {
    const line = await Line.lay((target) => town.portOf(target));
    const context = await (
      await browser()
    ).newContext({
      viewport: { width: 1280, height: 860 },
      proxy: { server: line.address },
      reducedMotion: "reduce",
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const watch = new Watch(town.server.origin);
    await watch.over(context);
    const page = await context.newPage();
    return new Person({ who, town, line, watch, context, page });
  }

  /** A second tab of the same browser, where nothing is open yet. */
  async tab(): Promise<Person> {
    this.watch.excuses("a window opened: about:blank");
    const { town, line, watch, context } = this;
    const page = await context.newPage();
    const tab = new Person({ who: this, town, line, watch, context, page });
    tab.client = this.client;
    return tab;
  }

  // ---- going places ------------------------------------------------------------------------

  /** Opens an address, or a path of the town. */
  async opens(address: string): Promise<void> {
    await this.page.goto(new URL(address, this.town.server.origin).href);
  }

  async reloads(): Promise<void> {
    await this.page.reload();
  }

  /** Opens a channel in the sidebar and waits until one can read there. */
  async goesTo(channel: string): Promise<void> {
    await this.channelLink(channel).click();
    await this.isIn(channel);
  }

  /** Waits until a channel is open and one can write there. */
  async isIn(channel: string): Promise<void> {
    await this.composer(channel).waitFor();
  }

  /** Chooses a line of a menu. */
  async chooses(menu: string | RegExp, item: string): Promise<void> {
    await this.button(menu).click();
    await this.page.getByRole("menuitem", { name: item, exact: true }).click();
  }

  // ---- the parts of the screen ---------------------------------------------------------------

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }
  field(name: string): Locator {
    return this.page.getByLabel(name, { exact: true });
  }
  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { name, exact: true });
  }
  dialog(name?: string): Locator {
    const role = this.page.getByRole("dialog");
    const asks = this.page.getByRole("alertdialog");
    const any = role.or(asks);
    return name === undefined ? any : any.filter({ has: this.heading(name) });
  }
  composer(channel?: string): Locator {
    const name = channel === undefined ? /^Message #/ : `Message #${channel}`;
    return this.page.getByRole("textbox", { name, exact: true });
  }
  /** The line above the conversation. */
  get header(): Locator {
    return this.page.locator("main header");
  }
  get channels(): Locator {
    return this.page.getByRole("navigation", { name: "Channels", exact: true });
  }
  /** A channel's link, read or unread, public or private. */
  channelLink(name: string): Locator {
    const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return this.channels.getByRole("link", { name: new RegExp(`^${escaped}(, .*)?$`) });
  }
  get timeline(): Locator {
    return this.page.getByRole("list", { name: /^Messages in / });
  }
  /** The messages that hold a text. */
  message(text: string): Locator {
    // Lists inside of texts have items too.
    return this.timeline.locator("[data-row]").filter({ hasText: text });
  }

  /** The thread beside the channel. */
  get thread(): Locator {
    return this.page.getByRole("complementary", { name: "Thread", exact: true });
  }
  /** The messages of the open thread that hold a text. */
  inThread(text: string): Locator {
    return this.thread.locator("[data-row]").filter({ hasText: text });
  }
  get replyField(): Locator {
    return this.thread.getByRole("textbox", { name: "Reply", exact: true });
  }
  /** A line of the sidebar that gathers from all channels, whatever waits there. */
  overview(name: string): Locator {
    return this.page
      .getByRole("navigation", { name: "Overview", exact: true })
      .getByRole("link", { name: new RegExp(`^${name}(, .*)?$`) });
  }

  // ---- talking ------------------------------------------------------------------------------

  /** Writes in the open channel and sends it with Enter. */
  async says(text: string): Promise<void> {
    await this.composer().fill(text);
    await this.composer().press("Enter");
  }

  /** Says something beside the screen, as another device of theirs would. */
  async posts(channelId: string, body: string, quote_of?: string): Promise<Message> {
    const draft = { nonce: randomUUID(), body, ...(quote_of === undefined ? {} : { quote_of }) };
    const { id } = await this.account.messages.send(channelId, draft);
    return await this.account.messages.get(id);
  }

  /** Replies beside the screen. */
  async postsReply(rootId: string, body: string): Promise<Message> {
    const { id } = await this.account.messages.sendReply(rootId, { nonce: randomUUID(), body });
    return await this.account.messages.get(id);
  }

  /** Sees a message in the open channel, once, and delivered. */
  async sees(text: string): Promise<void> {
    await this.timeline
      .locator("[data-row][data-delivery=sent]")
      .filter({ hasText: text })
      .waitFor();
  }

  /** Opens the thread of a message of the channel. */
  async opensThread(text: string): Promise<void> {
    const message = this.message(text);
    await message.focus();
    await message.press("t");
    await this.replyField.waitFor();
  }

  /** Replies in the open thread, and sees the reply delivered there. */
  async replies(text: string): Promise<void> {
    await this.replyField.fill(text);
    await this.replyField.press("Enter");
    await this.seesReply(text);
  }

  /** Sees a reply in the open thread, once, and delivered. */
  async seesReply(text: string): Promise<void> {
    await this.thread.locator("[data-row][data-delivery=sent]").filter({ hasText: text }).waitFor();
  }

  /** The texts on the screen that the server has acknowledged. */
  async delivered(): Promise<string[]> {
    const sent = this.timeline.locator("[data-delivery=sent] [id$=-text]");
    return (await sent.allTextContents()).map((text) => text.trim());
  }

  /** Does not see a text anywhere, nor would hear it read. */
  async seesNot(text: string): Promise<void> {
    await this.page.getByText(text).first().waitFor({ state: "detached" });
  }

  /** Sees a text somewhere on the screen. */
  async reads(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** Does something with a message of the channel. */
  async does(action: string, text: string): Promise<void> {
    await this.doesWith(this.message(text), action);
  }

  /** Does something with a message: with a button at hand, or by the menu behind *More actions*. */
  async doesWith(message: Locator, action: string): Promise<void> {
    await message.hover();
    const tools = message.getByRole("toolbar", { name: "Message actions", exact: true });
    await tools.waitFor();
    const atHand = tools.getByRole("button", { name: action, exact: true });
    if ((await atHand.count()) > 0) return atHand.click();
    await tools.getByRole("button", { name: "More actions", exact: true }).click();
    return this.page.getByRole("menuitem", { name: action, exact: true }).click();
  }

  /** Edits one of their messages. */
  async edits(text: string, into: string): Promise<void> {
    await this.does("Edit message", text);
    await this.field("Edit message text").fill(into);
    await this.field("Edit message text").press("Enter");
    await this.sees(into);
  }

  /** The whole conversation from its first line, as the screen has it. */
  async conversation(list = this.timeline): Promise<Said[]> {
    return await list.evaluate(async (list, patience) => {
      const frame = (): Promise<void> =>
        new Promise((done) => {
          requestAnimationFrame(() => requestAnimationFrame(() => done()));
        });
      const rows = new Map<string, { at: number; author: string; text: string }>();
      const gather = (): void => {
        for (const row of list.querySelectorAll<HTMLElement>("[data-row]")) {
          const key = row.dataset["row"] ?? "";
          const part = (name: string): string =>
            document.getElementById(
              row.getAttribute("aria-labelledby")?.split(" ")[name === "who" ? 0 : 1] ?? "",
            )?.textContent ?? "";
          rows.set(key, {
            at: Number(row.getAttribute("aria-posinset")),
            author: part("who"),
            text: part("text"),
          });
        }
      };
      list.scrollTop = 0;
      for (let last = -1; list.scrollTop !== last;) {
        last = list.scrollTop;
        await frame();
        // What is not fetched yet stands as a placeholder.
        const until = performance.now() + patience;
        while (list.querySelector(".placeholder") !== null) {
          if (performance.now() > until) throw new Error("what one scrolled to was never fetched");
          await frame();
        }
        gather();
        list.scrollTop += list.clientHeight / 2;
      }
      return [...rows.values()]
        .toSorted((a, b) => a.at - b.at)
        .map(({ author, text }) => ({ author, text: text.trim() }));
    }, PATIENCE_MS);
  }

  // ---- accounts -----------------------------------------------------------------------------

  /** Fills what a new account needs. */
  async introducesThemselves(): Promise<void> {
    await this.field("Your name").fill(this.name);
    await this.field("E-mail").fill(this.email);
    await this.field("Password").fill(this.password);
  }

  /** Signs in through the form. */
  async signsIn(password = this.password): Promise<void> {
    await this.field("E-mail").fill(this.email);
    await this.field("Password").fill(password);
    await this.button("Sign in").click();
  }

  /** Looks at a page where nobody is signed in: asking who one is gets refused, and that is all right. */
  strangers(): void {
    this.watch.excuses(/^401 GET \/api\/(me|workspaces)$/);
  }

  // ---- the network ---------------------------------------------------------------------------

  /** The network is gone, and the device knows it. */
  async losesTheNetwork(): Promise<void> {
    this.watch.excuses(...LOST);
    this.line.cut();
    await this.context.setOffline(true);
  }

  async getsTheNetworkBack(): Promise<void> {
    this.line.mend();
    await this.context.setOffline(false);
  }

  /** The server is gone, and the device knows nothing. */
  toleratesALostServer(): void {
    this.watch.excuses(...LOST);
  }

  /** Somewhere in what this browser keeps, a text stands. */
  async keeps(text: string): Promise<boolean> {
    const stored = await this.page.evaluate(async () => {
      const found: unknown[] = [{ ...localStorage }, { ...sessionStorage }];
      for (const { name } of await indexedDB.databases()) {
        if (name === undefined) continue;
        const database = await new Promise<IDBDatabase>((done, fail) => {
          const opening = indexedDB.open(name);
          opening.onsuccess = () => done(opening.result);
          opening.onerror = () => fail(opening.error ?? new Error(name));
        });
        for (const store of database.objectStoreNames) {
          const reading = database.transaction(store).objectStore(store).getAll();
          found.push(
            await new Promise((done, fail) => {
              reading.onsuccess = () => done(reading.result);
              reading.onerror = () => fail(reading.error ?? new Error(store));
            }),
          );
        }
        database.close();
      }
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          found.push(request.url, await (await cache.match(request))?.text());
        }
      }
      return JSON.stringify(found);
    });
    return stored.includes(JSON.stringify(text).slice(1, -1));
  }

  /** Somewhere in the document, seen or not, a text stands. */
  async shows(text: string): Promise<boolean> {
    return (await this.page.content()).includes(text);
  }

  /** The account's door to the API; it has one by now. */
  get account(): Client {
    if (this.client === undefined) throw new Error(`${this.name} has no account yet`);
    return this.client;
  }

  /** What the server has of a channel, oldest first, as this account reads it. */
  async history(channelId: string): Promise<Message[]> {
    const all: Message[] = [];
    for (;;) {
      const after_seq = all.at(-1)?.seq ?? 0;
      const page = await this.account.messages.list(channelId, { after_seq, limit: 200 });
      all.push(...page.messages);
      if (!page.has_newer || page.messages.length === 0) return all;
    }
  }

  async leave(): Promise<void> {
    for (const stray of this.line.strayed) this.watch.note(`asked for ${stray}`);
    await this.context.close();
    await this.line.remove();
  }
}
