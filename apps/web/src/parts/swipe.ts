//! A finger that is drawn sideways: opens and closes what comes from the side.

const FAR_PX = 56;
/** Sideways, not while scrolling. */
const FLAT = 2;

/** Where a finger may be drawn sideways for another reason. */
function scrollsSideways(target: EventTarget | null, within: HTMLElement): boolean {
  let node = target instanceof Element ? target : null;
  for (; node !== null && node !== within; node = node.parentElement) {
    if (node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0) {
      const { overflowX } = getComputedStyle(node);
      if (overflowX === "auto" || overflowX === "scroll") return true;
    }
  }
  return false;
}

/** The way that a finger went, when it was plainly one of the two. */
export function wayOf(dx: number, dy: number): "left" | "right" | undefined {
  const plain = Math.abs(dx) >= FAR_PX && Math.abs(dx) >= FLAT * Math.abs(dy);
  if (!plain) return undefined;
  return dx < 0 ? "left" : "right";
}

/** Calls back when a finger was drawn sideways over the element. */
export function swipe(onswipe: (way: "left" | "right") => void) {
  return (node: HTMLElement): (() => void) => {
    let start: { x: number; y: number } | undefined;

    const down = (event: TouchEvent): void => {
      const [touch] = event.touches;
      const alone = event.touches.length === 1 && touch !== undefined;
      start =
        alone && !scrollsSideways(event.target, node)
          ? { x: touch.clientX, y: touch.clientY }
          : undefined;
    };
    const up = (event: TouchEvent): void => {
      const [touch] = event.changedTouches;
      const selects = getSelection()?.isCollapsed === false;
      if (start === undefined || touch === undefined || selects) return;
      const way = wayOf(touch.clientX - start.x, touch.clientY - start.y);
      start = undefined;
      if (way !== undefined) onswipe(way);
    };
    node.addEventListener("touchstart", down, { passive: true });
    node.addEventListener("touchend", up, { passive: true });
    return () => {
      node.removeEventListener("touchstart", down);
      node.removeEventListener("touchend", up);
    };
  };
}
