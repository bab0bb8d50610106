//! The timeline's door: what it is told and what it asks for; and when it asks for pages.
import type { RowHandlers } from "./row-handlers.ts";
import type { Row } from "./rows.ts";
import { type Sizes, type Spot, type Track, wanted } from "./track.ts";

/** What it is told and what it asks for. */
export interface TimelineProps {
  label: string;
  /** Said above the very first message. */
  beginning: string;
  /** Said between a thread's root and its replies. */
  rootLine?: string | undefined;
  /** Little stands at the top, not at the bottom. */
  fromTop?: boolean;
  track: Track;
  hasOlder: boolean;
  hasNewer: boolean;
  loading: { readonly older: boolean; readonly newer: boolean; readonly around: boolean };
  failed: string | null;
  /** The window is in front of the person. */
  watched: boolean;
  /** The place whose text is being edited. */
  editing: number | undefined;
  /** The place beside which something of it is open. */
  held: number | undefined;
  /** Up to where one had seen everything when one came. */
  seen: number;
  /** Where one looks at first. */
  start: Spot;
  /** How tall the rows were when one was here before. */
  sizes: Sizes | undefined;
  /** A place to go to and light up; a new object goes there again. */
  goal: { readonly place: number } | undefined;
  on: RowHandlers;
  onolder: () => void;
  onnewer: () => void;
  onaround: (place: number) => void;
  onlatest: () => Promise<void>;
  onread: (place: number) => void;
  /** A key pressed on a row itself. */
  onkey: (event: KeyboardEvent, row: Row) => void;
  onleave: (spot: Spot, sizes: Sizes | undefined) => void;
}

/** What of a virtual list says which places are in sight. */
interface List {
  getViewportSize(): number;
  findItemIndex(offset: number): number;
}

/** How long one who drags the bar rests before what stands there is fetched. */
const REST_MS = 90;

/** Fetches what is in sight or near it, when somebody looks there for longer than in passing. */
export function pager(props: TimelineProps) {
  let resting: ReturnType<typeof setTimeout> | undefined;
  return {
    /** Looks what is lacking at a scroll position. After a failure somebody has to ask again. */
    reach(list: List, top: number): void {
      clearTimeout(resting);
      if (props.failed !== null) return;
      const { track, hasOlder, hasNewer, loading } = props;
      const sight = {
        from: track.from + list.findItemIndex(top),
        to: track.from + list.findItemIndex(top + list.getViewportSize()),
      };
      const want = wanted(sight, { first: track.first, last: track.last, hasOlder, hasNewer });
      if (want.older && !loading.older) props.onolder();
      if (want.newer && !loading.newer) props.onnewer();
      const { around } = want;
      if (around === undefined || loading.around) return;
      resting = setTimeout(() => props.onaround(around), REST_MS);
    },
    stop: (): void => clearTimeout(resting),
  };
}
