//! The server process of a story: started on a free port over a temporary folder, killed, started again.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const READY_MS = 20_000;
const POLL_MS = 20;
const SETUP_LINK = /(https?:\/\/\S+\/setup#token=\S+)\s/;

const run = promisify(execFile);

/** Also a run of the stories that is broken off leaves no server behind. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** What a server needs to know. */
export interface ServerOptions {
  /** Folder for everything it keeps. */
  folder: string;
  /** Database URL; a file in the folder without one. */
  db?: string | undefined;
  /** The host name that people open, where it is not localhost. */
  host?: string | undefined;
  /** Whether anybody on this machine may sign in as the demo administrator. */
  dev?: boolean | undefined;
}

/** A running server. */
export class Server {
  readonly port: number;
  readonly #options: ServerOptions;
  #process: ChildProcess | undefined;
  #said = "";

  private constructor(port: number, options: ServerOptions) {
    this.port = port;
    this.#options = options;
  }

  static async start(options: ServerOptions): Promise<Server> {
    const server = await Server.found(options);
    await server.start();
    return server;
  }

  /** A server that does not run yet: its commands may come first. */
  static async found(options: ServerOptions): Promise<Server> {
    return new Server(await freePort(), options);
  }

  /** The start of every address. */
  get origin(): string {
    return `http://${this.#options.host ?? "localhost"}:${this.port}`;
  }

  /** The same, for whoever speaks from this machine and not through a person's line. */
  get direct(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The link that a server prints while it waits for its set-up. */
  async setUpLink(): Promise<string> {
    const until = Date.now() + READY_MS;
    while (Date.now() < until) {
      const link = SETUP_LINK.exec(this.#said)?.[1];
      if (link !== undefined) return link;
      await pause(POLL_MS);
    }
    throw new Error(`no set-up link was printed:\n${this.#said}`);
  }

  /** Starts on the same port over the same folder, and waits until it answers. */
  async start(): Promise<void> {
    // Stories hurry: they are not what the limits are against.
    const limits = ["--credential-rate", "0", "--request-rate", "0"];
    const dev = this.#options.dev === true ? ["--dev"] : [];
    const child = spawn(binary(), ["serve", ...this.#settings(), ...limits, ...dev], {
      cwd: this.#options.folder,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    running.add(child);
    child.on("exit", () => running.delete(child));
    this.#said = "";
    const hear = (bytes: Buffer): void => void (this.#said += bytes.toString());
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    await this.#ready(child);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it as an operator would; by force when it does not go. */
  async stop(): Promise<void> {
    const force = setTimeout(() => this.#process?.kill("SIGKILL"), 5_000);
    await this.#end("SIGTERM");
    clearTimeout(force);
  }

  /** Runs another command of the binary over the same data; answers what it printed. */
  async command(...words: string[]): Promise<string> {
    const { stdout } = await run(binary(), [...words, ...this.#settings()], {
      cwd: this.#options.folder,
      env: environment(),
    });
    return stdout;
  }

  /** Everything that the running process has printed. */
  get said(): string {
    return this.#said;
  }

  #settings(): string[] {
    const { folder, db, host } = this.#options;
    return [
      "--data",
      folder,
      "--addr",
      `127.0.0.1:${this.port}`,
      ...(db === undefined ? [] : ["--db", db]),
      ...(host === undefined ? [] : ["--public-url", this.origin]),
    ];
  }

  async #ready(child: ChildProcess): Promise<void> {
    const until = Date.now() + READY_MS;
    while (Date.now() < until) {
      if (child.exitCode !== null) throw new Error(`the server ended:\n${this.#said}`);
      if (await this.#answers()) return;
      await pause(POLL_MS);
    }
    throw new Error(`the server did not get ready:\n${this.#said}`);
  }

  /** Whether it says that it is ready. Asked by the name that people use: it answers to no other. */
  #answers(): Promise<boolean> {
    const { host } = new URL(this.origin);
    return new Promise((answer) => {
      const asked = get(`${this.direct}/readyz`, { headers: { host }, timeout: 1_000 });
      asked.on("response", (response) => {
        response.resume();
        answer(response.statusCode === 200);
      });
      asked.on("timeout", () => asked.destroy());
      asked.on("error", () => answer(false));
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }
}

function binary(): string {
  const path = process.env["CLICKCLACK_BINARY"];
  if (path === undefined) throw new Error("CLICKCLACK_BINARY names the server's binary");
  return path;
}

/** A server of a story hears its flags only. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("CLICKCLACK_"));
  return Object.fromEntries(kept);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === "string") throw new Error("a listener has a port");
  return address.port;
}
