//! `npm run e2e -- [filter] [--screens DIR]`: the stories whose names contain the filter.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { screens: { type: "string" } },
});

for (const [variable, what] of [
  ["CLICKCLACK_BINARY", "the server's binary"],
  ["CLICKCLACK_CHROMIUM", "Chromium"],
]) {
  if (process.env[variable]) continue;
  console.error(`${variable} names ${what}; \`cargo xtask e2e\` sets it.`);
  process.exit(2);
}
if (values.screens !== undefined) {
  process.env.CLICKCLACK_SCREENS = resolve(process.env.INIT_CWD ?? ".", values.screens);
}

// Vitest takes a pattern; people give words.
const wanted = positionals.join(" ").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
const stories = await startVitest("test", [], {
  root: import.meta.dirname,
  watch: false,
  ...(wanted === "" ? {} : { testNamePattern: wanted }),
});
await stories.close();
const told = stories.state
  .getTestModules()
  .flatMap((file) => [...file.children.allTests()])
  .filter((story) => story.result().state !== "skipped");
if (told.length === 0) {
  console.error(`No story is called "${positionals.join(" ")}".`);
  process.exit(1);
}
