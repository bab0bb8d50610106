//! Keeps a scrolling list at its end for as long as the reader is there.

/** Within this distance of the end one is at the end. */
const NEAR_PX = 40;
/** A scroll this soon after a gesture is the reader's; any other is the layout's. */
const GESTURE_MS = 400;
const GESTURES = ["wheel", "touchmove", "keydown", "pointerdown", "pointermove"] as const;

/** Follows the end of what scrolls, and notices when the reader leaves it or comes back. */
export function anchor(scroller: () => HTMLElement | null | undefined) {
  let held = $state(true);
  let lastTop = 0;
  let lastHeight = 0;
  let lastGesture = Number.NEGATIVE_INFINITY;

  function remember(box: HTMLElement): void {
    lastTop = box.scrollTop;
    lastHeight = box.scrollHeight;
  }
  /** After something changed its size: back to the end, if one was there. */
  function settle(): void {
    const box = scroller();
    if (!held || !box) return;
    box.scrollTop = box.scrollHeight;
    remember(box);
  }
  return {
    /** Whether the end is followed. */
    get held(): boolean {
      return held;
    },
    settle,
    /** Goes to the end and stays there. */
    hold(): void {
      held = true;
      settle();
    },
    /** Stops following, since one was put elsewhere. */
    release(): void {
      held = false;
    },
    /** After a scroll: a reader who moved up has left the end; a list that grew has moved nobody. */
    look(at: number): void {
      const box = scroller();
      if (!box) return;
      const distance = box.scrollHeight - box.scrollTop - box.clientHeight;
      const theirs = box.scrollHeight === lastHeight || at - lastGesture < GESTURE_MS;
      if (distance <= NEAR_PX) held = true;
      else if (box.scrollTop < lastTop - 1 && theirs) held = false;
      remember(box);
    },
    /** Attached to the box: hears gestures, and the keyboard or composer that makes the box smaller. */
    watch(box: HTMLElement): () => void {
      const hear = (event: Event): void => {
        lastGesture = event.timeStamp;
      };
      for (const gesture of GESTURES) box.addEventListener(gesture, hear, { passive: true });
      const observer = new ResizeObserver(settle);
      observer.observe(box);
      return () => {
        observer.disconnect();
        for (const gesture of GESTURES) box.removeEventListener(gesture, hear);
      };
    },
  };
}
