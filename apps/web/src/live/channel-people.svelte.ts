//! The people of the open channel: a few faces and how many they are, kept true by events.
import { channelOf, type User } from "@clickclack/sdk";
import { client, session } from "./session.svelte.ts";

const FACES = 3;

/** Follows a channel's people for as long as the caller lives. */
export function channelPeople(channelId: () => string) {
  let faces = $state.raw<User[]>([]);
  let total = $state<number>();

  async function load(id: string, signal: AbortSignal): Promise<void> {
    try {
      const page = await client.channelMembers.list(id, { limit: FACES }, { signal });
      if (signal.aborted) return;
      faces = page.items;
      total = page.total;
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
    if (id !== shown) {
      shown = id;
      faces = [];
      total = undefined;
    }
    if (back) void load(id, gone.signal);
    const unhear = session.live.onEvent((event) => {
      const touches =
        event.type === "channel.member_added" || event.type === "channel.member_removed";
      if (!(touches && event.channel_id === id) && event.type !== "member.removed") return;
      // It may have been oneself: a channel that is gone has no people.
      if (channelOf(session.live.state, id) !== undefined) void load(id, gone.signal);
    });
    return () => {
      gone.abort();
      unhear();
    };
  });
  return {
    get faces(): readonly User[] {
      return faces;
    },
    get total(): number | undefined {
      return total;
    },
  };
}
