//! What a row asks of the screen that it is part of.
import type { ActionId, MessageAction } from "./message-actions.ts";
import type { Row } from "./rows.ts";

/** One object for all rows of a conversation. */
export interface RowHandlers {
  /** What may be done with a row. */
  actions(row: Row): readonly MessageAction[];
  /** Does it; what opens beside the row opens at `at`. */
  act(id: ActionId, row: Row, at: HTMLElement): void;
  /** Whether reactions may be given and taken back. */
  readonly canReact: boolean;
  toggle(row: Row, emoji: string): void;
  /** Opens the menu of all actions at a button. */
  more(row: Row, at: HTMLElement): void;
  /** A finger stayed on the row. */
  hold(row: Row, at: HTMLElement): void;
  /** Addresses of other places that a row leads to. */
  threadAddress(root: string): string;
  messageAddress(message: string, channel: string): string;
  /** Saves an edited text; throws when it is refused. */
  save(row: Row, body: string): Promise<void>;
  edit(row: Row | undefined): void;
  retry(row: Row): void;
  discard(row: Row): void;
  explain(error: unknown): string;
}
