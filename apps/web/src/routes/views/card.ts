//! A message of the contract as a card shows it.
import { authorOf, currentMessage, type Message, type State } from "@clickclack/sdk";
import type { ComponentProps } from "svelte";
import type MessageCard from "../../parts/MessageCard.svelte";

/** The newest known form of a message. */
export function cardOf(
  state: State,
  listed: Message,
): ComponentProps<typeof MessageCard>["message"] {
  const message = currentMessage(state, listed);
  return {
    id: message.id,
    author: authorOf(state, message),
    createdAt: message.created_at,
    body: message.body,
    version: message.version,
    people: message.mentions?.people,
    deleted: message.deleted_at !== undefined,
  };
}
