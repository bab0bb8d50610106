//! What realtime and the outbox take from the platform, so that tests turn the clock by hand.

/** Milliseconds since 1970. */
export type Clock = () => number;

/** Runs something later; the answer takes it back. */
export interface Timers {
  after(ms: number, run: () => void): () => void;
}

/** The part of a WebSocket that is used. */
export interface Socket {
  readonly readyState: number;
  onmessage: ((message: { readonly data: unknown }) => void) | null;
  onclose: ((close: { readonly code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export interface Platform {
  readonly clock: Clock;
  readonly timers: Timers;
  /** From 0 up to, but not, 1. */
  readonly random: () => number;
  readonly randomUUID: () => string;
  readonly openSocket: (url: string, protocols: string[]) => Socket;
  /** Runs something whenever the page goes out of sight; the answer ends it. */
  readonly onHidden: (run: () => void) => () => void;
}

/** The browser's or Node's own. */
export function ownPlatform(): Platform {
  return {
    clock: () => Date.now(),
    timers: {
      after(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    random: () => Math.random(),
    randomUUID,
    openSocket: (url, protocols) => new WebSocket(url, protocols) as Socket,
    onHidden,
  };
}

/** `crypto.randomUUID` exists in secure contexts only, and the page may come over plain http. */
function randomUUID(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join("-");
}

function onHidden(run: () => void): () => void {
  if (typeof document === "undefined") return () => undefined;
  const hidden = () => {
    if (document.visibilityState === "hidden") run();
  };
  document.addEventListener("visibilitychange", hidden);
  window.addEventListener("pagehide", run);
  return () => {
    document.removeEventListener("visibilitychange", hidden);
    window.removeEventListener("pagehide", run);
  };
}
