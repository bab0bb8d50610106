//! A story: a test in a town of its own, which fails for whatever goes wrong in a browser unnoticed.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, test } from "vitest";
import { closeBrowser } from "./browser.ts";
import { cluster, required } from "./database.ts";
import { Town, type TownOptions } from "./town.ts";

/** Where the pictures of failures go. */
const FAILURES = join(import.meta.dirname, "../../.cache/e2e");

type Body = (town: Town) => Promise<void>;

afterAll(closeBrowser);

/** Tells a story on SQLite. */
export function story(title: string, body: Body, options: TownOptions = {}): void {
  test(title, () => tell(title, body, options));
}

/** Tells a story on both engines; on PostgreSQL where the tests have one. */
export function storyOnBoth(title: string, body: Body): void {
  story(title, body);
  test.skipIf(cluster === undefined && !required)(`${title} (PostgreSQL)`, () =>
    tell(`${title} (PostgreSQL)`, body, { engine: "postgres" }),
  );
}

async function tell(title: string, body: Body, options: TownOptions): Promise<void> {
  const town = await Town.open(options);
  let failure: unknown;
  try {
    await body(town);
  } catch (error) {
    failure = error;
    await pictures(town, title);
  }
  const said = town.server.said;
  const faults = await town.close();
  if (failure instanceof Error) {
    failure.message += `\n${faults.join("\n")}\nThe server said:\n${said.slice(-2_000)}`;
  }
  if (failure !== undefined) throw failure;
  if (faults.length > 0) throw new Error(`The story went well, but:\n${faults.join("\n")}`);
}

/** What everybody had before them when it failed. */
async function pictures(town: Town, title: string): Promise<void> {
  await mkdir(FAILURES, { recursive: true });
  const name = title.replaceAll(/[^a-z0-9]+/gi, "-");
  for (const [index, person] of town.people.entries()) {
    const path = join(FAILURES, `${name}-${index}-${person.name}.png`);
    // A page that hangs has no picture; the failure itself is what counts.
    await person.page.screenshot({ path, timeout: 5_000 }).catch(() => undefined);
  }
}
