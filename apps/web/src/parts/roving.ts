//! Moving with the arrows where one thing of many has the focus: along a toolbar, between rows.

/** Moves along the buttons of a toolbar that can be seen. */
export function toolbarKey(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("button")].filter(
    (button) => button.offsetParent !== null,
  );
  const here = buttons.findIndex((button) => button === document.activeElement);
  const next = buttons[Math.min(Math.max(here + step, 0), buttons.length - 1)];
  if (here < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** Which way a key leads from one row to the next; 0 where it leads nowhere. */
export function rowStep(event: KeyboardEvent): -1 | 0 | 1 {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return 0;
  if (event.key === "ArrowUp") return -1;
  return event.key === "ArrowDown" ? 1 : 0;
}
