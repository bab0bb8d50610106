//! Watches a browser for whatever a story does not expect: errors, refusals, policy violations, dialogs, windows.
import type { BrowserContext, Page, Response } from "playwright-core";

/** The words with which the browser reports a refused request; the request itself is noted with more. */
const ECHO = /^Failed to load resource: the server responded/;
/** A request that is given up because the page goes elsewhere. */
const GIVEN_UP = "net::ERR_ABORTED";

const SPECIAL = /[.*+?^${}()|[\]\\]/g;

/** What the init script calls. */
declare global {
  interface Window {
    __pwned: (what?: unknown) => void;
    violated: (what: string) => void;
  }
}

/** Notes what goes wrong in one person's browser. */
export class Watch {
  readonly #noted: string[] = [];
  readonly #excused: RegExp[] = [];
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Listens to everything that the context does from now on. */
  async over(context: BrowserContext): Promise<void> {
    await context.exposeFunction("__pwned", (what: unknown) => {
      this.note(`script ran: ${String(what)}`);
    });
    await context.exposeFunction("violated", (what: string) => this.note(`policy: ${what}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
        window.violated(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
      });
    });
    context.on("page", (page) => this.#page(page, context.pages().length));
  }

  /** Puts something on the list. */
  note(what: string): void {
    this.#noted.push(what);
  }

  /** Says that something may happen in this story. */
  excuses(...patterns: readonly (RegExp | string)[]): void {
    for (const pattern of patterns) {
      this.#excused.push(
        typeof pattern === "string" ? new RegExp(pattern.replaceAll(SPECIAL, "\\$&")) : pattern,
      );
    }
  }

  /** Everything that happened, excused or not. */
  get all(): readonly string[] {
    return this.#noted;
  }

  /** What happened and was not excused. */
  get faults(): string[] {
    return this.#noted.filter((what) => !this.#excused.some((pattern) => pattern.test(what)));
  }

  #page(page: Page, count: number): void {
    if (count > 1) this.note(`a window opened: ${page.url()}`);
    page.on("console", (message) => {
      if (message.type() === "error" && !ECHO.test(message.text())) {
        this.note(`console: ${message.text()}`);
      }
    });
    page.on("pageerror", (error) => this.note(`uncaught: ${error.stack ?? error.message}`));
    page.on("dialog", (dialog) => {
      this.note(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      if (why !== GIVEN_UP) this.note(`failed: ${request.method()} ${request.url()} ${why}`);
    });
    page.on("response", (response) => this.#response(response));
    page.on("framenavigated", (frame) => {
      const url = frame.url();
      if (frame !== page.mainFrame()) this.note(`a frame opened: ${url}`);
      else if (!url.startsWith(`${this.#origin}/`) && url !== "about:blank") {
        this.note(`the page left for ${url}`);
      }
    });
    page.on("crash", () => this.note("the page crashed"));
  }

  #response(response: Response): void {
    if (response.status() < 400) return;
    const { pathname } = new URL(response.url());
    this.note(`${response.status()} ${response.request().method()} ${pathname}`);
  }
}
