//! One socket's life: opening, hearing, noticing that it is dead.

import type { ClientFrame, ServerFrame } from "../shapes.ts";
import type { Platform, Socket } from "./platform.ts";

const PROTOCOL = "clickclack.v1";
const OPENS_WITHIN_MS = 10_000;
/** A silence longer than this many heartbeats is death. */
const SILENT_HEARTBEATS = 2.2;
/** How soon a suspected socket must answer. */
const ANSWERS_WITHIN_MS = 5_000;
/** `WebSocket.OPEN`: a socket that is closing takes nothing and complains loudly. */
const OPEN = 1;
/** The code this side reports when it gives a socket up. */
export const ABANDONED = 4900;

export interface ConnectionHandlers {
  /** Every frame in order, `hello` first. An exception ends the connection. */
  frame(frame: ServerFrame): void;
  /** Once, whoever ended it. `greeted` tells whether the server ever said hello. */
  closed(code: number, greeted: boolean, cause?: unknown): void;
}

export interface Connection {
  /** Says a frame; before the hello and after the end nobody hears it. */
  send(frame: ClientFrame): void;
  /** Asks for a sign of life: without one soon the connection is dead. */
  probe(): void;
  /** Ends it without a word to the handlers. */
  drop(): void;
}

export function openConnection(
  platform: Platform,
  url: string,
  handlers: ConnectionHandlers,
): Connection {
  return new SocketConnection(platform, url, handlers);
}

class SocketConnection implements Connection {
  readonly #platform: Platform;
  readonly #handlers: ConnectionHandlers;
  readonly #socket: Socket;
  #ended = false;
  #greeted = false;
  #silenceMs = OPENS_WITHIN_MS;
  #deadline: number;
  #stopWatch: () => void = () => undefined;

  constructor(platform: Platform, url: string, handlers: ConnectionHandlers) {
    this.#platform = platform;
    this.#handlers = handlers;
    this.#deadline = platform.clock() + OPENS_WITHIN_MS;
    this.#socket = platform.openSocket(url, [PROTOCOL]);
    this.#socket.onmessage = ({ data }) => this.#heard(data);
    this.#socket.onclose = ({ code }) => this.#end(code);
    this.#watch();
  }

  send(frame: ClientFrame): void {
    if (this.#ended || !this.#greeted || this.#socket.readyState !== OPEN) return;
    this.#socket.send(JSON.stringify(frame));
  }

  probe(): void {
    if (this.#ended) return;
    this.#deadline = Math.min(this.#deadline, this.#platform.clock() + ANSWERS_WITHIN_MS);
    this.send({ type: "ping", t: this.#platform.clock() });
    this.#watch();
  }

  drop(): void {
    if (this.#ended) return;
    this.#release();
    this.#socket.close(1000);
  }

  #heard(data: unknown): void {
    if (this.#ended) return;
    try {
      const frame = parse(data);
      if (frame.type === "hello") {
        this.#greeted = true;
        this.#silenceMs = frame.heartbeat_ms * SILENT_HEARTBEATS;
      }
      this.#deadline = this.#platform.clock() + this.#silenceMs;
      this.#handlers.frame(frame);
    } catch (cause) {
      this.#end(ABANDONED, cause);
    }
  }

  /** One timer for the whole life: it looks at the deadline that frames keep pushing on. */
  #watch(): void {
    this.#stopWatch();
    const left = this.#deadline - this.#platform.clock();
    this.#stopWatch = this.#platform.timers.after(Math.max(left, 0), () => {
      if (this.#platform.clock() >= this.#deadline) this.#end(ABANDONED);
      else this.#watch();
    });
  }

  #end(code: number, cause?: unknown): void {
    if (this.#ended) return;
    this.#release();
    // A dead socket may take minutes to close: nobody waits for it.
    if (code === ABANDONED) this.#socket.close(1000);
    this.#handlers.closed(code, this.#greeted, cause);
  }

  #release(): void {
    this.#ended = true;
    this.#stopWatch();
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
  }
}

function parse(data: unknown): ServerFrame {
  if (typeof data !== "string") throw new TypeError("the server speaks text frames");
  const frame: unknown = JSON.parse(data);
  if (typeof frame !== "object" || frame === null || !("type" in frame)) {
    throw new TypeError("a frame is an object with a type");
  }
  return frame as ServerFrame;
}
