//! Writes a .br and a .gz beside every text file of the build, so that the server never compresses.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = new Set([".html", ".js", ".css", ".svg", ".json", ".txt", ".webmanifest"]);
const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

/** Compresses one file twice. A copy that is not smaller is not written. */
async function compress(path: string): Promise<void> {
  const source = await readFile(path);
  const packed = [
    {
      suffix: ".br",
      bytes: await brotli(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    },
    { suffix: ".gz", bytes: await deflate(source, { level: 9 }) },
  ];
  await Promise.all(
    packed
      .filter(({ bytes }) => bytes.length < source.length)
      .map(({ suffix, bytes }) => writeFile(path + suffix, bytes)),
  );
}

/** Compresses every text file of a folder and the folders in it. */
export async function compressFolder(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = entries.filter((entry) => entry.isFile() && TEXT.has(extname(entry.name)));
  await Promise.all(texts.map((entry) => compress(join(entry.parentPath, entry.name))));
}

/** Compresses what a build wrote, once it is all on disk. */
export function compressAhead(): Plugin {
  let folder = "dist";
  return {
    name: "clickclack:compress-ahead",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle: { sequential: true, handler: () => compressFolder(folder) },
  };
}
