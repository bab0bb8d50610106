//! A town: one server with a workspace, and the people who come to it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Client, type Workspace } from "@clickclack/sdk";
import type { BrowserContextOptions } from "playwright-core";
import { Database } from "./database.ts";
import { Person, type Credentials } from "./person.ts";
import { Server } from "./server.ts";

const PASSWORD = "a long walk on the beach";

/** What kind of town a story wants. */
export interface TownOptions {
  engine?: "sqlite" | "postgres";
  /** The host name that people open. */
  host?: string;
}

/** A server and its people. */
export class Town {
  readonly server: Server;
  readonly folder: string;
  readonly people: Person[] = [];
  readonly #database: Database | undefined;
  #workspace: Workspace | undefined;
  #owner: Client | undefined;

  private constructor(server: Server, folder: string, database: Database | undefined) {
    this.server = server;
    this.folder = folder;
    this.#database = database;
  }

  static async open({ engine = "sqlite", host }: TownOptions = {}): Promise<Town> {
    const folder = await mkdtemp(join(tmpdir(), "clickclack-story-"));
    const database = engine === "postgres" ? await Database.create() : undefined;
    try {
      const server = await Server.start({ folder, host, db: database?.url });
      return new Town(server, folder, database);
    } catch (error) {
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The local port behind an address, or nothing when it leads out of town. */
  portOf({ host, port }: { host: string; port: number }): number | undefined {
    const { hostname } = new URL(this.server.origin);
    return host === hostname && port === this.server.port ? port : undefined;
  }

  /** Somebody comes with a browser; they have no account yet. */
  async arrives(name: string, options: BrowserContextOptions = {}): Promise<Person> {
    return await this.#seat(credentials(name), options);
  }

  /** A second browser of somebody. */
  async alsoHas(person: Person, options: BrowserContextOptions = {}): Promise<Person> {
    const again = await this.#seat(person, options);
    again.client = person.client;
    return again;
  }

  /** Another device of somebody, signed in and looking at `#general`. */
  async device(person: Person, options: BrowserContextOptions = {}): Promise<Person> {
    const again = await this.alsoHas(person, options);
    await this.#signIn(again);
    await again.opens("/");
    await again.isIn("general");
    return again;
  }

  /** Members of the workspace, signed in and looking at `#general`. The first owns it. */
  async members<Names extends string[]>(...names: Names): Promise<{ [N in keyof Names]: Person }> {
    const people: Person[] = [];
    for (const name of names) people.push(await this.member(name));
    return people as { [N in keyof Names]: Person };
  }

  /** A member of the workspace, signed in and looking at `#general`. */
  async member(name: string, options: BrowserContextOptions = {}): Promise<Person> {
    const client = await this.account(name);
    const person = await this.arrives(name, options);
    person.client = client;
    await this.#signIn(person);
    await person.opens("/");
    await person.isIn("general");
    return person;
  }

  /** An account without a browser: a member; the first sets the server up and owns the workspace. */
  async account(name: string): Promise<Client> {
    const who = credentials(name);
    if (this.#owner === undefined) {
      const token = new URLSearchParams(new URL(await this.server.setUpLink()).hash.slice(1)).get(
        "token",
      );
      const signedIn = await this.nobody.auth.setUp({
        ...who,
        token: token ?? "",
        workspace_name: "Tidepool",
        transport: "token",
      });
      this.#owner = this.clientOf(signedIn.token);
      return this.#owner;
    }
    const invite = await this.#owner.invites.create((await this.workspace()).id, {});
    const signedIn = await this.nobody.auth.signUp({
      ...who,
      invite_token: invite.token,
      transport: "token",
    });
    return this.clientOf(signedIn.token);
  }

  /** The workspace that the owner made at set-up. */
  async workspace(): Promise<Workspace> {
    if (this.#owner === undefined) throw new Error("the town is not set up yet");
    this.#workspace ??= (await this.#owner.workspaces.list()).items[0];
    if (this.#workspace === undefined) throw new Error("a set-up makes a workspace");
    return this.#workspace;
  }

  /** A channel's id, as its owner sees it. */
  async channelId(name: string): Promise<string> {
    const { items } = await this.owner.channels.list((await this.workspace()).id, { limit: 200 });
    const channel = items.find((one) => one.name === name);
    if (channel === undefined) throw new Error(`there is no #${name}`);
    return channel.id;
  }

  /** A public channel with these people in it, beside its owner. */
  async publicChannel(name: string, ...people: Person[]): Promise<string> {
    const channel = await this.owner.channels.create((await this.workspace()).id, {
      name,
      kind: "public",
    });
    for (const { client } of people) await client?.channels.join(channel.id);
    return channel.id;
  }

  /** A private channel with these people in it, beside its owner. */
  async privateChannel(name: string, ...people: Person[]): Promise<string> {
    const channel = await this.owner.channels.create((await this.workspace()).id, {
      name,
      kind: "private",
    });
    for (const { client } of people) {
      const me = await client?.me.get();
      if (me !== undefined) await this.owner.channelMembers.add(channel.id, me.id);
    }
    return channel.id;
  }

  /** The API as the owner of the workspace. */
  get owner(): Client {
    if (this.#owner === undefined) throw new Error("the town is not set up yet");
    return this.#owner;
  }

  /** The API as nobody. */
  get nobody(): Client {
    return createClient({ baseUrl: this.server.direct });
  }

  clientOf(token: string | undefined): Client {
    if (token === undefined) throw new Error("a token was asked for");
    return createClient({ baseUrl: this.server.direct, token });
  }

  /** Ends everything: browsers first, so that nobody complains about the server. Answers the faults. */
  async close(): Promise<string[]> {
    const faults: string[] = [];
    for (const person of this.people) {
      await person.leave();
      faults.push(...person.watch.faults.map((what) => `${person.name}: ${what}`));
    }
    await this.server.stop();
    await this.#database?.drop();
    await rm(this.folder, { recursive: true, force: true });
    return faults;
  }

  /** Signs in beside the form, for stories about something else. */
  async #signIn(person: Person): Promise<void> {
    const { origin, direct } = this.server;
    const answer = await fetch(`${direct}/api/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: direct },
      body: JSON.stringify({ email: person.email, password: person.password, transport: "cookie" }),
    });
    const [cookie] = answer.headers.getSetCookie();
    const [, name, value] = /^([^=]+)=([^;]+)/.exec(cookie ?? "") ?? [];
    if (name === undefined || value === undefined) {
      throw new Error(`no cookie came with ${answer.status}: ${await answer.text()}`);
    }
    await person.context.addCookies([
      { name, value, url: origin, httpOnly: true, sameSite: "Lax" },
    ]);
  }

  async #seat(who: Credentials, options: BrowserContextOptions): Promise<Person> {
    const person = await Person.arrive(this, who, options);
    this.people.push(person);
    return person;
  }
}

function credentials(name: string): Credentials {
  return { name, email: `${name.toLowerCase()}@tidepool.example`, password: PASSWORD };
}
