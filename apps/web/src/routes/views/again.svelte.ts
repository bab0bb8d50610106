//! Lists that could not be loaded are asked for anew when the server is back.
import { untrack } from "svelte";
import { session } from "../../live/session.svelte.ts";

interface Asked {
  readonly failure: string;
  readonly loaded: boolean;
  readonly restart: () => Promise<void>;
  readonly more: () => Promise<void>;
}

/** For as long as the caller lives. */
export function againWhenBack(list: Asked): void {
  const back = $derived(session.state.connection.status === "live");
  $effect(() => {
    if (!back || untrack(() => list.failure) === "") return;
    void (untrack(() => list.loaded) ? list.more() : list.restart());
  });
}
