//! Dragging the lines of a list with a mouse: what is held, and where it would fall.
import type { Drop, Line } from "./lines.ts";

/** Links carry their address besides, so that a channel can be dropped into a text. */
const TYPE = "application/x-clickclack-line";

/** Follows one list. `lineAt` finds the line of an element. */
export function dragLines(
  lineAt: (target: EventTarget | null) => { line: Line; element: HTMLElement } | undefined,
  ondrop: (line: Line, drop: Drop) => void,
) {
  let held = $state.raw<Line>();
  let drop = $state.raw<Drop>();

  function aim(event: DragEvent): Drop | undefined {
    const under = lineAt(event.target);
    if (under === undefined || held === undefined || under.line.key === held.key) return undefined;
    const box = under.element.getBoundingClientRect();
    const after = event.clientY > box.top + box.height / 2;
    return drop?.over.key === under.line.key && drop.after === after
      ? drop
      : { over: under.line, after };
  }
  return {
    get held(): Line | undefined {
      return held;
    },
    get drop(): Drop | undefined {
      return drop;
    },
    start(event: DragEvent): void {
      const line = lineAt(event.target)?.line;
      if (line === undefined || line.kind === "hint" || event.dataTransfer === null) return;
      event.dataTransfer.setData(TYPE, line.key);
      event.dataTransfer.effectAllowed = "copyMove";
      held = line;
    },
    over(event: DragEvent): void {
      drop = aim(event);
      if (drop === undefined) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "move";
    },
    leave(event: DragEvent & { currentTarget: HTMLElement }): void {
      const into = event.relatedTarget;
      if (!(into instanceof Node) || !event.currentTarget.contains(into)) drop = undefined;
    },
    fall(event: DragEvent): void {
      if (held === undefined || drop === undefined) return;
      event.preventDefault();
      ondrop(held, drop);
    },
    end(): void {
      held = undefined;
      drop = undefined;
    },
  };
}
