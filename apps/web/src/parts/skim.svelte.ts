//! Passing by too fast to read: what comes into sight then is drawn when one slows down.

/** Faster than this, half a screen in a frame, nobody reads. */
const FAST_PX_PER_MS = 24;
/** Scroll events further apart than this are not one movement. */
const TOGETHER_MS = 80;
const SLOW_AFTER_MS = 90;
/** So many rows about the topmost one are drawn when one begins to pass by, and stay drawn. */
const DRAWN = 20;

/** Watches how fast one scrolls. `onslow` is called when it was fast and is no longer. */
export function skim(onslow: () => void) {
  let fast = $state(false);
  let last = { top: 0, at: Number.NEGATIVE_INFINITY, quick: false };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drawn = { from: 0, to: 0 };

  function slow(): void {
    clearTimeout(timer);
    if (!fast) return;
    fast = false;
    onslow();
  }
  return {
    get fast(): boolean {
      return fast;
    },
    /** Whether what stands at a place is not drawn now. */
    hides: (place: number): boolean => fast && (place < drawn.from || place > drawn.to),
    /**
     * After every scroll; `place` is the topmost one. One jump is no movement: it takes two quick
     * ones in a row.
     */
    look(top: number, at: number, place = 0): void {
      if (!fast) [drawn.from, drawn.to] = [place - DRAWN, place + 2 * DRAWN];
      const passed = at - last.at;
      const together = passed < TOGETHER_MS;
      const quick = together && Math.abs(top - last.top) > FAST_PX_PER_MS * Math.max(passed, 1);
      const moving = quick && last.quick;
      last = { top, at, quick };
      if (!moving) {
        if (!quick) slow();
        return;
      }
      fast = true;
      clearTimeout(timer);
      timer = setTimeout(slow, SLOW_AFTER_MS);
    },
    stop: (): void => clearTimeout(timer),
  };
}
