//! The list of suggestions while one types: what is asked, what was found, and which one is marked.
import { type Query, queryAt } from "./query.ts";
import { keyOf, type Suggester, type Suggestion } from "./writing.ts";

/** Letters typed within this time are one question to the server. */
const PAUSE_MS = 120;

/** The suggestions of one field. */
export class Completing {
  #query = $state.raw<Query>();
  #found = $state.raw<readonly Suggestion[]>([]);
  #marked = $state(0);
  /** Where the sign stands that one wants nothing for. */
  #refused = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #suggester: () => Suggester;

  constructor(suggester: () => Suggester) {
    this.#suggester = suggester;
  }

  get query(): Query | undefined {
    return this.#found.length > 0 ? this.#query : undefined;
  }
  get found(): readonly Suggestion[] {
    return this.#found;
  }
  get marked(): number {
    return Math.min(this.#marked, this.#found.length - 1);
  }

  /** After every change of the text. */
  typed(text: string, caret: number): void {
    this.#show(queryAt(text, caret));
  }

  /** After the caret has moved: a list that no longer belongs to it goes. */
  moved(text: string, caret: number): void {
    if (this.#query === undefined) return;
    const { from, to } = this.#query;
    const query = queryAt(text, caret);
    if (query?.from !== from) this.#show(undefined);
    else if (query.to !== to) this.#show(query);
  }

  #show(query: Query | undefined): void {
    clearTimeout(this.#timer);
    if (query?.from !== this.#refused) this.#refused = -1;
    else query = undefined;
    if (query === undefined) {
      this.#clear();
      return;
    }
    const { now, later } = this.#suggester();
    if (query.from !== this.#query?.from) this.#marked = 0;
    this.#query = query;
    this.#take(now(query));
    this.#timer = setTimeout(() => {
      void later(query)?.then(
        (found) => this.#query === query && this.#take(found),
        () => undefined, // what is here has to do
      );
    }, PAUSE_MS);
  }

  /** The marked one stays marked, wherever it stands now; the first while nobody chose. */
  #take(found: readonly Suggestion[]): void {
    const chosen = this.#marked > 0 ? this.#found[this.#marked] : undefined;
    this.#found = found;
    if (chosen === undefined) return;
    const key = keyOf(chosen);
    this.#marked = Math.max(
      0,
      found.findIndex((one) => keyOf(one) === key),
    );
  }

  move(step: 1 | -1): void {
    const count = this.#found.length;
    if (count > 0) this.#marked = (this.marked + step + count) % count;
  }

  /** Wants nothing for the sign that is being written. */
  refuse(): void {
    this.#refused = this.#query?.from ?? -1;
    this.close();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#clear();
  }

  #clear(): void {
    if (this.#query === undefined) return;
    this.#query = undefined;
    this.#found = [];
    this.#marked = 0;
  }
}
