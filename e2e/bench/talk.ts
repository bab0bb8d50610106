//! Something to read: channels with messages of all kinds.
import type { Client } from "@clickclack/sdk";

const BODIES = [
  "Release train is at 15:00. Anything that should *not* board, say so here.",
  "Done.",
  "The **tide table** for Thursday is in, low water at 06:12 and again at 18:40; who takes the morning?",
  "```rust\nlet sent = store.write(workspace, SendMessage { actor, channel, draft }).await?;\n```",
  "- nets\n- buckets\n- the good thermos",
  "See https://tide.example/tables/thursday and tell me whether the third column makes sense to you.",
  "> low water at 06:12\n\nI do. But somebody else brings the thermos.",
  "Measured it again: `kill -9` under load, a thousand times, and nothing acknowledged was lost.",
  "ok 🦀",
  "Two things. First, the importer counts deleted people twice. Second, nobody noticed for a year.\n\nWhich of them is worse?",
  "1. stop the pump\n2. wait for the crabs to move\n3. start the pump",
  "I would rather not, to be honest, but if nobody else can, write my name down.",
];
const AT_ONCE = 32;

/** Says so many things in a channel, as fast as the server takes them. */
export async function talk(client: Client, channelId: string, count: number): Promise<void> {
  let said = 0;
  const say = async (): Promise<void> => {
    while (said < count) {
      const number = (said += 1);
      const body = `${BODIES[number % BODIES.length]}\n\n(${number})`;
      await client.messages.send(channelId, { body, nonce: `bench-${channelId}-${number}` });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, say));
}
