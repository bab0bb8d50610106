//! The compressed copies: there, smaller, and the same text again.
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { compressFolder } from "./compress.ts";

it("writes both copies of texts and leaves the rest", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clickclack-compress-"));
  try {
    const text = "console.log('clack');\n".repeat(100);
    await writeFile(join(folder, "page.js"), text);
    await writeFile(join(folder, "tiny.css"), "a{}");
    await writeFile(join(folder, "font.woff2"), text);
    await compressFolder(folder);
    expect((await readdir(folder)).toSorted()).toEqual([
      "font.woff2",
      "page.js",
      "page.js.br",
      "page.js.gz",
      "tiny.css",
    ]);
    expect(brotliDecompressSync(await readFile(join(folder, "page.js.br"))).toString()).toBe(text);
    expect(gunzipSync(await readFile(join(folder, "page.js.gz"))).toString()).toBe(text);
  } finally {
    await rm(folder, { recursive: true });
  }
});
