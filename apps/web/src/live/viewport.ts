//! Where a phone's keyboard covers the page instead of shrinking it, the page shrinks itself.

/** Below this a difference is a tool bar, not a keyboard. */
const KEYBOARD_PX = 120;

/** Keeps the page's height to what the keyboard leaves, for as long as the caller lives. */
export function followKeyboard(): () => void {
  const view = window.visualViewport;
  if (view === null) return () => undefined;
  const root = document.documentElement;
  const fit = (): void => {
    const covered = window.innerHeight - view.height;
    if (covered > KEYBOARD_PX && view.scale === 1) {
      root.style.setProperty("--page-height", `${view.height}px`);
      // The browser scrolled the page to show the field: it is in view now without that.
      window.scrollTo(0, 0);
    } else root.style.removeProperty("--page-height");
  };
  view.addEventListener("resize", fit);
  return () => {
    view.removeEventListener("resize", fit);
    root.style.removeProperty("--page-height");
  };
}
