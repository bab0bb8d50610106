//! A hand-turned clock, sockets that the test holds the other end of, and chance that is none.

import type { ClientFrame, Platform, ServerFrame, Socket } from "../src/index.ts";

export class FakeSocket implements Socket {
  onmessage: ((message: { readonly data: unknown }) => void) | null = null;
  onclose: ((close: { readonly code: number }) => void) | null = null;
  readonly said: ClientFrame[] = [];
  closing = false;
  closed = false;
  readonly url: string;
  readonly protocols: string[];

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  /** As a browser's: 1 while open, 2 as soon as an end has begun. */
  get readyState(): number {
    return this.closing || this.closed ? 2 : 1;
  }

  send(text: string): void {
    if (this.readyState !== 1) throw new Error("the socket is closing");
    this.said.push(JSON.parse(text) as ClientFrame);
  }

  close(): void {
    this.closed = true;
  }

  says(...frames: ServerFrame[]): void {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
  }

  greets(user_id = "ana"): void {
    this.says({
      type: "hello",
      user_id,
      session_id: "ses_1",
      device_id: "dev_1",
      heartbeat_ms: 25_000,
      server_version: "0.1.0",
    });
  }

  ends(code: number): void {
    this.closed = true;
    this.onclose?.({ code });
  }
}

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

export class Machine {
  now = 1_000_000;
  chance = 1;
  readonly sockets: FakeSocket[] = [];
  readonly #timers = new Set<Timer>();
  readonly #hidden = new Set<() => void>();
  #uuids = 0;

  readonly platform: Platform = {
    clock: () => this.now,
    random: () => this.chance,
    randomUUID: () => {
      this.#uuids += 1;
      return `nonce-${this.now}-${this.#uuids}`;
    },
    timers: {
      after: (ms, run) => {
        const timer = { due: this.now + ms, run };
        this.#timers.add(timer);
        return () => this.#timers.delete(timer);
      },
    },
    onHidden: (run) => {
      this.#hidden.add(run);
      return () => this.#hidden.delete(run);
    },
    openSocket: (url, protocols) => {
      const socket = new FakeSocket(url, protocols);
      this.sockets.push(socket);
      return socket;
    },
  };

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("no socket was opened");
    return socket;
  }

  get waiting(): number {
    return this.#timers.size;
  }

  /** The page goes out of sight. */
  hide(): void {
    for (const run of this.#hidden) run();
  }

  /** Turns the clock on and runs what falls due, in order. */
  pass(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const next = [...this.#timers]
        .filter(({ due }) => due <= until)
        .toSorted((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.due);
      next.run();
    }
    this.now = until;
  }
}

/** Lets everything that has been resolved go on. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
