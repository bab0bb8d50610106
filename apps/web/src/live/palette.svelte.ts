//! The palette and the sheet of shortcuts: whether one of them is open.
import { dialogs } from "./dialogs.svelte.ts";

/** The palette, Ctrl K. */
export const palette = {
  get opened(): boolean {
    return dialogs.opened?.name === "palette";
  },
  /** Opens it; `#`, `@` and `>` ask for channels, people or actions alone. */
  open(query = ""): void {
    dialogs.open({ name: "palette", query });
  },
  close(): void {
    if (palette.opened) dialogs.close();
  },
};

/** The sheet that lists the shortcuts, Ctrl /. */
export const shortcuts = {
  get opened(): boolean {
    return dialogs.opened?.name === "shortcuts";
  },
  open(): void {
    dialogs.open({ name: "shortcuts" });
  },
  close(): void {
    if (shortcuts.opened) dialogs.close();
  },
};
