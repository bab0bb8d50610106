//! Somebody whose browser is measured: signed in, with nothing between them and the server but a way that can be slow.
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { browser } from "../town/browser.ts";
import type { Server } from "../town/server.ts";
import { Late } from "./late.ts";
import { probe } from "./probe.ts";

const PATIENCE_MS = 60_000;

/** A signed-in browser. */
export class Visitor {
  readonly context: BrowserContext;
  readonly way: Late;
  readonly #origin: string;

  private constructor(context: BrowserContext, way: Late, origin: string) {
    this.context = context;
    this.way = way;
    this.#origin = origin;
  }

  /** Opens a browser for the demo's administrator. */
  static async arrive({ origin, direct, port }: Server): Promise<Visitor> {
    const way = await Late.lay(port);
    const context = await (
      await browser()
    ).newContext({ viewport: { width: 1440, height: 900 }, proxy: { server: way.address } });
    context.setDefaultTimeout(PATIENCE_MS);
    await probe(context);
    const answer = await fetch(`${direct}/api/auth/dev`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: direct },
      body: JSON.stringify({ transport: "cookie" }),
    });
    const [cookie] = answer.headers.getSetCookie();
    const [, key, value] = /^([^=]+)=([^;]+)/.exec(cookie ?? "") ?? [];
    if (key === undefined || value === undefined) {
      throw new Error(`no cookie came with ${answer.status}: ${await answer.text()}`);
    }
    await context.addCookies([{ name: key, value, url: origin, httpOnly: true, sameSite: "Lax" }]);
    return new Visitor(context, way, origin);
  }

  /** A new tab; without a path it stays empty. */
  async opens(path?: string): Promise<Page> {
    const page = await this.context.newPage();
    if (path !== undefined) await this.goes(page, path);
    return page;
  }

  /** Goes to an address and waits until a message is painted. Answers when that was, after the start. */
  async goes(page: Page, path: string): Promise<number> {
    await page.goto(this.#origin + path, { waitUntil: "commit" });
    return await page.evaluate(() => window.probe.firstRow());
  }

  /** Chromium's own figures about a page. */
  async meter(page: Page): Promise<Meter> {
    const session = await this.context.newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    return new Meter(session);
  }

  async leave(): Promise<void> {
    await this.context.close();
    await this.way.remove();
  }
}

/** Figures of a page that only grow. */
export class Meter {
  readonly #session: CDPSession;

  constructor(session: CDPSession) {
    this.#session = session;
  }

  /**
   * How much time the page's main thread had of a processor, in milliseconds, and what it did. Other
   * programs of the machine do not count.
   */
  async read(): Promise<{ busyMs: number; layouts: number; styles: number }> {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    const value = (name: string): number => metrics.find((one) => one.name === name)?.value ?? 0;
    return {
      busyMs: value("TaskDuration") * 1000,
      layouts: value("LayoutCount"),
      styles: value("RecalcStyleCount"),
    };
  }
}
