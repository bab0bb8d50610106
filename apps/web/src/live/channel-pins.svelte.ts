//! How many messages are pinned in the open channel, kept true by events.
import { channelOf } from "@clickclack/sdk";
import { client, session } from "./session.svelte.ts";

/** Whoever only passes through asks for nothing; several events are answered once. */
const SETTLE_MS = 300;

/** Follows a channel's pins for as long as the caller lives. */
export function channelPins(channelId: () => string) {
  let count = $state(0);

  async function load(id: string, signal: AbortSignal): Promise<void> {
    try {
      const { items } = await client.channels.listPins(id, { signal });
      if (!signal.aborted) count = items.length;
    } catch {
      // Decoration: the next event or visit tries again.
    }
  }
  let shown = "";
  // What was not heard while the connection was gone is asked for when it is back.
  const back = $derived(session.state.connection.status === "live");
  $effect(() => {
    const id = channelId();
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void load(id, gone.signal), SETTLE_MS);
    };
    if (id !== shown) {
      shown = id;
      count = 0;
    }
    if (back) ask();
    const unhear = session.live.onEvent((event) => {
      const touches =
        event.type === "pin.added" ||
        event.type === "pin.removed" ||
        (event.type === "message.deleted" && count > 0);
      if (!touches || event.channel_id !== id) return;
      if (channelOf(session.live.state, id) !== undefined) ask();
    });
    return () => {
      clearTimeout(timer);
      gone.abort();
      unhear();
    };
  });
  return {
    get count(): number {
      return count;
    },
  };
}
