//! What the Enter key means where one writes.

/** The part of a key event that matters. */
export type EnterKey = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

/** Sends, breaks the line, or is no Enter at all. Ctrl or Cmd always sends; in a fence Enter never does. */
export function enterMeans(
  event: EnterKey,
  enterSends: boolean,
  fenced: boolean,
): "send" | "break" | undefined {
  if (event.key !== "Enter" || event.altKey) return undefined;
  if (event.ctrlKey || event.metaKey) return "send";
  if (event.shiftKey) return enterSends ? "break" : "send";
  return enterSends && !fenced ? "send" : "break";
}
