//! The network line of one person: a SOCKS5 proxy that leads to the town's server and nowhere else, and can be cut.
import { connect, createServer, type Server, type Socket } from "node:net";

const VERSION = 5;
const CONNECT = 1;
const NAME = 3;
const GRANTED = 0;
const UNREACHABLE = 4;
/** What Chromium asks on its own account, whatever the page is. It gets nothing either. */
const HOUSEKEEPING = new Set(["content-autofill.googleapis.com"]);

/** Where a browser wanted to go. */
interface Target {
  host: string;
  port: number;
}

/** A line that is whole until it is cut. Whatever leads elsewhere is refused and noted. */
export class Line {
  /** Addresses outside the town that the browser asked for. */
  readonly strayed: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #serves: (target: Target) => number | undefined;
  #whole = true;

  private constructor(serves: (target: Target) => number | undefined) {
    this.#serves = serves;
    this.#server = createServer((socket) => this.#greet(socket));
  }

  /** Lays a line. `serves` answers the local port behind an address, or nothing. */
  static async lay(serves: (target: Target) => number | undefined): Promise<Line> {
    const line = new Line(serves);
    await new Promise<void>((done) => line.#server.listen(0, "127.0.0.1", done));
    return line;
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("a laid line has a port");
    return `socks5://127.0.0.1:${address.port}`;
  }

  /** Ends every connection at once and lets none through until the line is mended. */
  cut(): void {
    this.#whole = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#whole = true;
  }

  async remove(): Promise<void> {
    this.cut();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    // A line that breaks is what stories are about; the other end notices by itself.
    socket.on("error", () => socket.destroy());
  }

  #greet(socket: Socket): void {
    this.#keep(socket);
    if (!this.#whole) {
      socket.destroy();
      return;
    }
    let heard = Buffer.alloc(0);
    let greeted = false;
    const hear = (bytes: Buffer): void => {
      heard = Buffer.concat([heard, bytes]);
      if (!greeted) {
        const length = 2 + (heard[1] ?? 0);
        if (heard.length < length) return;
        greeted = true;
        heard = heard.subarray(length);
        socket.write(Buffer.from([VERSION, 0]));
      }
      const target = read(heard);
      if (target === undefined) return;
      socket.off("data", hear);
      socket.pause();
      this.#lead(socket, target);
    };
    socket.on("data", hear);
  }

  #lead(socket: Socket, target: Target): void {
    const answer = (code: number): Buffer => Buffer.from([VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0]);
    const port = this.#serves(target);
    if (port === undefined) {
      if (!HOUSEKEEPING.has(target.host)) this.strayed.push(`${target.host}:${target.port}`);
      socket.end(answer(UNREACHABLE));
      return;
    }
    const onward = connect(port, "127.0.0.1");
    this.#keep(onward);
    onward.on("connect", () => {
      socket.write(answer(GRANTED));
      socket.pipe(onward);
      onward.pipe(socket);
    });
    onward.on("close", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  }
}

/** Reads the request of RFC 1928 §4 once it is whole. */
function read(heard: Buffer): Target | undefined {
  const [, command, , kind, length] = heard;
  if (command === undefined || kind === undefined || length === undefined) return undefined;
  if (command !== CONNECT)
    throw new Error(`a browser only connects, this one asked for ${command}`);
  const [start, size] = kind === NAME ? [5, length] : [4, kind === 1 ? 4 : 16];
  if (heard.length < start + size + 2) return undefined;
  const bytes = heard.subarray(start, start + size);
  const host = kind === NAME ? bytes.toString("latin1") : [...bytes].join(".");
  return { host, port: heard.readUInt16BE(start + size) };
}
