//! `npm run e2e -- [filter] [--screens DIR]`: the stories whose names contain the filter.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

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
const wanted = positionals.join(" ").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const vitest = join(
  dirname(createRequire(import.meta.url).resolve("vitest/package.json")),
  "vitest.mjs",
);
const stories = spawn(
  process.execPath,
  [vitest, "run", ...(wanted === "" ? [] : ["--testNamePattern", wanted])],
  { cwd: import.meta.dirname, stdio: "inherit" },
);
stories.on("exit", (code) => process.exit(code ?? 1));
