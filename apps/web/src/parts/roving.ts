//! Moving between the rows of a list with the arrows, and acting on the one that has the focus.
import type { Row } from "./rows.ts";

/** What keys do to the row that has the focus. */
export interface RowKeys {
  rows: readonly Row[];
  isEditable: (row: Row) => boolean;
  onedit: (row: Row) => void;
}

/** Acts on a key pressed on a row itself; keys in its fields and buttons are theirs. */
export function rowKey(event: KeyboardEvent & { currentTarget: HTMLElement }, keys: RowKeys): void {
  if (!(event.target instanceof HTMLElement)) return;
  const key = event.target.dataset["row"];
  if (key === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const index = keys.rows.findIndex((row) => row.key === key);
  const row = keys.rows[index];
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    const next = keys.rows[index + (event.key === "ArrowUp" ? -1 : 1)];
    if (next === undefined) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>(`[data-row="${CSS.escape(next.key)}"]`)?.focus();
  } else if (event.key === "e" && row !== undefined && keys.isEditable(row)) {
    event.preventDefault();
    keys.onedit(row);
  }
}
