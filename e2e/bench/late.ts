//! A forward proxy that can be slow to pass on what goes to the API; the page itself comes at once.
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

/** The way of one browser to the server. */
export class Late {
  /** How long the API takes longer than it does, in milliseconds. */
  ms = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  readonly #port: number;

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer((asked, answer) => void this.#pass(asked, answer));
    this.#server.on("connection", (socket: Socket) => this.#keep(socket));
    // Sockets come as tunnels.
    this.#server.on("connect", (_: IncomingMessage, socket: Duplex, head: Buffer) => {
      void this.#tunnel(socket, head);
    });
  }

  /** Lays a way to the server that listens on a port of this machine. */
  static async lay(port: number): Promise<Late> {
    const late = new Late(port);
    await new Promise<void>((done) => late.#server.listen(0, "127.0.0.1", done));
    return late;
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("a laid way has a port");
    return `http://127.0.0.1:${address.port}`;
  }

  async remove(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(asked.url ?? "/", "http://localhost");
    if (pathname.startsWith("/api/")) await pause(this.ms);
    const { method, headers } = asked;
    const onward = request(
      { host: "127.0.0.1", port: this.#port, path: pathname + search, method, headers },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      },
    );
    // A page that is closed breaks off what it asked for.
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  }

  async #tunnel(socket: Duplex, head: Buffer): Promise<void> {
    this.#keep(socket);
    await pause(this.ms);
    const onward = connect(this.#port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    this.#keep(onward);
    onward.on("close", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  }
}
