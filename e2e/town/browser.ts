//! The one Chromium of a file of stories; every person has a context of their own in it.
import { type Browser, chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let running: Promise<Browser> | undefined;

/** Chromium, started by whoever asks first. */
export function browser(): Promise<Browser> {
  const executablePath = process.env["CLICKCLACK_CHROMIUM"];
  if (executablePath === undefined) throw new Error("CLICKCLACK_CHROMIUM names Chromium");
  running ??= chromium.launch({ executablePath, headless: true, args: FLAGS });
  return running;
}

export async function closeBrowser(): Promise<void> {
  await (await running)?.close();
  running = undefined;
}
