//! `npm run bench -- [measure…] [--json FILE]`: what the page costs, measured in Chromium against the real binary.
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { createViteServer } from "vitest/node";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" } },
});

for (const [variable, what] of [
  ["CLICKCLACK_BINARY", "the server's binary"],
  ["CLICKCLACK_CHROMIUM", "Chromium"],
]) {
  if (process.env[variable]) continue;
  console.error(`${variable} names ${what}; \`cargo xtask bench web\` sets it.`);
  process.exit(2);
}

// Node 20 reads no TypeScript by itself.
const loader = await createViteServer({
  root: resolve(import.meta.dirname, ".."),
  configFile: false,
  logLevel: "error",
  appType: "custom",
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
try {
  const { bench } = await loader.ssrLoadModule("/bench/bench.ts");
  const report = await bench(positionals);
  if (values.json !== undefined) {
    const file = resolve(process.env.INIT_CWD ?? ".", values.json);
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  }
} finally {
  await loader.close();
}
