//! The place where one writes, for those who put something into it from afar.
import type { User } from "@clickclack/sdk";

/** What a place to write offers. */
export interface Writing {
  /** Names somebody where the caret is, and takes the focus. */
  mention(user: Pick<User, "id" | "name">): void;
}

const open = new Map<string, Writing>();

/** The places to write that are on the screen, by conversation. */
export const writing = {
  /** The place of a conversation; none where one may not write. */
  in(conversation: string): Writing | undefined {
    return open.get(conversation);
  },
  /** Announces a place; the answer takes it back. */
  here(conversation: string, place: Writing): () => void {
    open.set(conversation, place);
    return () => {
      if (open.get(conversation) === place) open.delete(conversation);
    };
  },
};
