//! Who and what a text names: handed down to every text on the screen, whoever shows it.
import { createContext } from "svelte";

/** Names and addresses, as the reader has them now. Read inside of effects they are followed. */
export interface Naming {
  /** The reader. */
  readonly me: string;
  nameOf(userId: string): string | undefined;
  /** The address of a channel by its name, when the reader sees one. */
  addressOf(channelName: string): string | undefined;
}

/** Where nobody said who is who. */
const nobody: Naming = { me: "", nameOf: () => undefined, addressOf: () => undefined };
const [use, provideNaming, has] = createContext<Naming>();

export { provideNaming };

/** The naming of the screen that one is part of. */
export function useNaming(): Naming {
  return has() ? use() : nobody;
}
