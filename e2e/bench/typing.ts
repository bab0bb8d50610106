//! Typing while others talk: a key is painted in the next frame, or at worst in the one after.
import { setInterval } from "node:timers/promises";
import type { Client } from "@clickclack/sdk";
import type { Ground } from "./ground.ts";
import { at, type Row } from "./report.ts";
import { Visitor } from "./visitor.ts";

const KEYS_A_SECOND = 15;
const MESSAGES_A_SECOND = 10;
const SECONDS = 12;
const FRAME_MS = 1000 / 60;
const WORDS = "the tide is out and the crabs are in, so somebody has to count them again. ";

/** The worst delay of a key, in frames beyond the one that had to come anyway. */
export async function typing(ground: Ground): Promise<Row[]> {
  const visitor = await Visitor.arrive(ground.server);
  const { ben } = ground;
  const [channel] = ground.pair;
  try {
    const page = await visitor.opens(ground.path(channel));
    await page.getByRole("textbox", { name: `Message #${channel.name}` }).click();
    // The first keys compile what the others run.
    await page.keyboard.type(WORDS, { delay: 1000 / KEYS_A_SECOND });
    const meter = await visitor.meter(page);
    const before = await meter.read();
    const ends = await page.evaluateHandle(() => window.probe.keys());
    const talking = new AbortController();
    const others = chatter(ben, channel.id, talking.signal);
    const text = WORDS.repeat(20).slice(0, KEYS_A_SECOND * SECONDS);
    const began = performance.now();
    await page.keyboard.type(text, { delay: 1000 / KEYS_A_SECOND });
    const took = performance.now() - began;
    talking.abort();
    const said = await others;
    const delays = await ends.evaluate((end) => end());
    const busy = (await meter.read()).busyMs - before.busyMs;
    const frames = (ms: number): number => Math.max(0, Math.ceil(ms / FRAME_MS) - 1);
    return [
      {
        measure: `typing ${KEYS_A_SECOND} keys/s while ${MESSAGES_A_SECOND} messages/s arrive`,
        unit: "frames late",
        figures: delays.map(frames),
        reference: ground.bare.key.map(frames),
        by: "worst",
        goal: 1,
        beside: `key to paint p50 ${at(0.5, delays).toFixed(1)} p99 ${at(0.99, delays).toFixed(1)} worst ${Math.max(...delays).toFixed(1)} ms, ${said} messages, main thread ${((100 * busy) / took).toFixed(0)} % busy`,
      },
    ];
  } finally {
    await visitor.leave();
  }
}

/** Says something ten times a second until told otherwise; answers how often it did. */
async function chatter(client: Client, channelId: string, until: AbortSignal): Promise<number> {
  let said = 0;
  try {
    for await (const _ of setInterval(1000 / MESSAGES_A_SECOND, undefined, { signal: until })) {
      said += 1;
      const body = `Crab number ${said} is **here**, as \`expected\`.`;
      await client.messages.send(channelId, { body, nonce: `chatter-${said}` });
    }
  } catch (error) {
    if (!until.aborted) throw error;
  }
  return said;
}
