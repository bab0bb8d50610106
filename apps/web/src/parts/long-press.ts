//! A finger that stays: what a right click is for a mouse.

const HOLD_MS = 450;
/** A finger is never quite still. */
const STILL_PX = 10;

/** What opened under the finger is not meant by lifting it: that ends here, once. */
function swallowLift(): void {
  const kinds = ["pointerup", "click"] as const;
  const stop = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
    if (event.type === "click") forget();
  };
  const forget = (): void => {
    for (const kind of kinds) window.removeEventListener(kind, stop, true);
    window.removeEventListener("pointerdown", forget, true);
  };
  for (const kind of kinds) window.addEventListener(kind, stop, true);
  window.addEventListener("pointerdown", forget, true);
}

/** Calls back when a finger stays on the element; lifting it then does nothing else. */
export function longPress(onhold: (at: { x: number; y: number }) => void) {
  return (node: HTMLElement): (() => void) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let start = { x: 0, y: 0 };

    const end = (): void => clearTimeout(timer);
    const down = (event: PointerEvent): void => {
      if (event.pointerType !== "touch" || !event.isPrimary) return;
      start = { x: event.clientX, y: event.clientY };
      end();
      timer = setTimeout(() => {
        swallowLift();
        onhold(start);
      }, HOLD_MS);
    };
    const move = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > STILL_PX) end();
    };
    node.addEventListener("pointerdown", down);
    node.addEventListener("pointermove", move);
    node.addEventListener("pointerup", end);
    node.addEventListener("pointercancel", end);
    return () => {
      end();
      node.removeEventListener("pointerdown", down);
      node.removeEventListener("pointermove", move);
      node.removeEventListener("pointerup", end);
      node.removeEventListener("pointercancel", end);
    };
  };
}
