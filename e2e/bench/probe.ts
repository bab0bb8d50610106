//! What runs inside of the measured page: it looks at frames, keys and clicks, and changes nothing.
import type { BrowserContext } from "playwright-core";

/** What the page is asked. */
export interface Probe {
  /** When the first row of a conversation was painted, in milliseconds since the navigation. */
  firstRow(): Promise<number>;
  /** From the next click to the paint that shows messages of a conversation. */
  switching(conversation: string): Promise<number>;
  /** From the next click, or key, to the paint that shows what a selector finds. */
  clicked(selector: string): Promise<number>;
  pressed(selector: string): Promise<number>;
  /** Begins to note, for each key in a field, how long it takes to be painted. */
  keys(): () => number[];
  /** Begins to note the time between frames, and long tasks. */
  frames(): () => { gaps: number[]; tasks: number[] };
  /** Begins to count what the page does by itself. */
  stirring(): () => { frames: number; timers: number; animations: number };
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/** How long it waits for anything. */
const PATIENCE_MS = 60_000;

/** Puts the probe into every page of a context. */
export async function probe(context: BrowserContext): Promise<void> {
  await context.addInitScript((patienceMs) => {
    const frame = window.requestAnimationFrame.bind(window);
    /** After the paint of the frame that is being made. */
    const painted = (): Promise<number> =>
      new Promise((done) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now());
        channel.port2.postMessage(undefined);
      });
    /** The time of the first paint for which something holds. */
    const when = async (holds: () => boolean): Promise<number> => {
      const until = performance.now() + patienceMs;
      do {
        if (performance.now() > until) throw new Error(`${location.pathname} shows nothing`);
        await new Promise(frame);
      } while (!holds());
      return await painted();
    };
    const seen = (element: Element | null | undefined): boolean => {
      if (element === null || element === undefined) return false;
      const { top, bottom, height } = element.getBoundingClientRect();
      const inside = height > 0 && bottom > 0 && top < innerHeight;
      return inside && getComputedStyle(element).visibility === "visible";
    };
    const rowOf = (list: string): boolean =>
      [...document.querySelectorAll(`${list} [data-row][data-delivery=sent]`)].some(seen);
    /** When the next event of a kind began. */
    const next = (kind: string): Promise<number> =>
      new Promise((done) => {
        const options = { capture: true, once: true };
        addEventListener(kind, () => done(performance.now()), options);
      });

    const showing = async (kind: string, selector: string): Promise<number> => {
      const start = await next(kind);
      return (await when(() => seen(document.querySelector(selector)))) - start;
    };

    // From the very beginning: whoever asks later gets the same answer.
    const firstRow = when(() => rowOf('[role=list][aria-label^="Messages in "]'));
    // A page that nobody asks may stay without messages.
    firstRow.catch(() => undefined);
    window.probe = {
      firstRow: () => firstRow,
      async switching(conversation) {
        const start = await next("click");
        const list = `[role=list][aria-label="Messages in ${conversation}"]`;
        return (await when(() => rowOf(list))) - start;
      },
      clicked: (selector) => showing("click", selector),
      pressed: (selector) => showing("keydown", selector),
      keys() {
        const delays: number[] = [];
        const key = ({ timeStamp }: Event): void =>
          void frame(() => void painted().then((end) => delays.push(end - timeStamp)));
        addEventListener("keydown", key, { capture: true });
        return () => {
          removeEventListener("keydown", key, { capture: true });
          return delays;
        };
      },
      frames() {
        const gaps: number[] = [];
        const tasks: number[] = [];
        const observer = new PerformanceObserver((list) => {
          tasks.push(...list.getEntries().map(({ duration }) => duration));
        });
        observer.observe({ type: "longtask" });
        let last: number | undefined;
        let on = true;
        const look = (now: number): void => {
          if (last !== undefined) gaps.push(now - last);
          last = now;
          if (on) frame(look);
        };
        frame(look);
        return () => {
          on = false;
          observer.disconnect();
          return { gaps, tasks };
        };
      },
      stirring() {
        const { requestAnimationFrame, setTimeout, setInterval } = window;
        let frames = 0;
        let timers = 0;
        type Timer = (work: TimerHandler, ms?: number, ...rest: unknown[]) => number;
        const counted =
          (start: Timer): Timer =>
          (work, ms, ...rest) => {
            const run = (): void => {
              timers += 1;
              if (typeof work === "function") work(...rest);
            };
            return start.call(window, run, ms);
          };
        Object.assign(window, {
          requestAnimationFrame: (work: FrameRequestCallback) => {
            frames += 1;
            return frame(work);
          },
          setTimeout: counted(setTimeout as Timer),
          setInterval: counted(setInterval as Timer),
        });
        return () => {
          Object.assign(window, { requestAnimationFrame, setTimeout, setInterval });
          const animations = document
            .getAnimations()
            .filter(({ playState }) => playState === "running").length;
          return { frames, timers, animations };
        };
      },
    };
  }, PATIENCE_MS);
}
