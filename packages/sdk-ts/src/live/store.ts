//! Holds the state and tells listeners of changes.

import type { Event } from "../shapes.ts";
import type { Input } from "../state/input.ts";
import { reduce } from "../state/reduce.ts";
import { initialState, type State } from "../state/state.ts";

/** Hears of a change; `told` says that the socket brought it, and nobody here waits for it. */
export type Listener = (state: State, told: boolean) => void;

export class Store {
  #state: State = initialState;
  readonly #listeners = new Set<Listener>();
  readonly #eventListeners = new Set<(event: Event) => void>();
  readonly #after: (before: State, input: Input) => void;

  /** `after` hears of each change before the listeners do. */
  constructor(after: (before: State, input: Input) => void) {
    this.#after = after;
  }

  get state(): State {
    return this.#state;
  }

  dispatch(input: Input): void {
    const before = this.#state;
    this.#state = reduce(before, input);
    const event = appliedEvent(before, this.#state, input);
    if (this.#state !== before) this.#after(before, input);
    if (event !== null) tell(this.#eventListeners, (listener) => listener(event));
    if (this.#state === before) return;
    const { state } = this;
    tell(this.#listeners, (listener) => listener(state, input.type === "frame"));
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onEvent(listener: (event: Event) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }
}

function appliedEvent(before: State, after: State, input: Input): Event | null {
  if (input.type !== "frame" || input.frame.type !== "event") return null;
  const { event } = input.frame;
  const [was, is] = [before.workspaces[event.workspace_id], after.workspaces[event.workspace_id]];
  if (was === undefined) return null;
  return is === undefined || (is.cursor === event.cursor && was.cursor !== event.cursor)
    ? event
    : null;
}

/** A listener's failure is its own: it must not look as if the input could not be applied. */
function tell<L>(listeners: ReadonlySet<L>, call: (listener: L) => void): void {
  for (const listener of listeners) {
    try {
      call(listener);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
