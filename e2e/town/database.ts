//! A PostgreSQL database for one story, on the cluster that `CLICKCLACK_TEST_POSTGRES` names.
import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** The cluster's address, where the tests have one. */
export const cluster = process.env["CLICKCLACK_TEST_POSTGRES"];

/** Whether going without one is a failure. */
export const required = process.env["CLICKCLACK_TEST_REQUIRE_POSTGRES"] === "1";

/** An empty database. */
export class Database {
  readonly url: string;
  readonly #name: string;
  readonly #cluster: string;

  private constructor(cluster: string, name: string) {
    this.#cluster = cluster;
    this.#name = name;
    const url = new URL(cluster);
    url.pathname = `/${name}`;
    this.url = url.toString();
  }

  static async create(): Promise<Database> {
    if (cluster === undefined) throw new Error("CLICKCLACK_TEST_POSTGRES names the cluster");
    const database = new Database(cluster, `story_${randomBytes(6).toString("hex")}`);
    await database.#ask(`CREATE DATABASE ${database.#name} TEMPLATE template0`);
    return database;
  }

  async drop(): Promise<void> {
    await this.#ask(`DROP DATABASE ${this.#name} WITH (FORCE)`);
  }

  async #ask(sql: string): Promise<void> {
    const client = new Client({ connectionString: this.#cluster });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }
}
