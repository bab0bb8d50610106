//! The server that is measured, with much to read: the demo's administrator looks on, Ben talks.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@clickclack/sdk";
import { Server } from "../town/server.ts";
import { type Bare, bare } from "./bare.ts";
import { talk } from "./talk.ts";

/** In the channel that is scrolled through. */
const LARGE = 100_000;
const ORDINARY = 400;

/** A channel with something to read. */
export interface Channel {
  id: string;
  name: string;
}

/** A server, and what is on it. */
export interface Ground {
  server: Server;
  /** The demo's administrator. */
  ana: Client;
  /** A member who talks. */
  ben: Client;
  workspaceId: string;
  /** The channel that may be large. */
  general: Channel;
  /** Two ordinary channels. */
  pair: readonly [Channel, Channel];
  /** The address of a channel. */
  path(channel: Channel): string;
  /** What this machine takes for next to nothing. */
  bare: Bare;
  leave(): Promise<void>;
}

/** Starts the server and fills it; with a hundred thousand messages in one channel if need be. */
export async function prepare(large: boolean): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), "clickclack-bench-"));
  const began = performance.now();
  const server = await Server.found({ folder, dev: true });
  const leave = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const words = large ? ["--messages", String(LARGE), "--into", "general"] : [];
    await server.command("seed", ...words);
    await server.start();
    const filled = await fill(server);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const size = large ? `, ${LARGE.toLocaleString("en")} messages in #general` : "";
    console.log(`ready after ${seconds} s${size}`);
    return {
      ...filled,
      server,
      path: ({ id }) => `/w/${filled.workspaceId}/c/${id}`,
      bare: await bare(server),
      leave,
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

async function fill({
  direct,
}: Server): Promise<Omit<Ground, "server" | "path" | "bare" | "leave">> {
  const nobody = createClient({ baseUrl: direct });
  const clientOf = (token = ""): Client => createClient({ baseUrl: direct, token });
  const ana = clientOf((await nobody.auth.logInAsDemo({ transport: "token" })).token);
  const [workspace] = (await ana.workspaces.list()).items;
  if (workspace === undefined) throw new Error("the demo has a workspace");
  const { items } = await ana.channels.list(workspace.id, { limit: 200 });
  const general = items.find(({ name }) => name === "general");
  if (general === undefined) throw new Error("every workspace has #general");
  const invite = await ana.invites.create(workspace.id, {});
  const joined = await nobody.auth.signUp({
    name: "Ben Bench",
    email: "ben@bench.example",
    password: "a long walk on the beach",
    invite_token: invite.token,
    transport: "token",
  });
  const ben = clientOf(joined.token);
  const ordinary = async (name: string): Promise<Channel> => {
    const channel = await ana.channels.create(workspace.id, { name, kind: "public" });
    await ben.channels.join(channel.id);
    await talk(ana, channel.id, ORDINARY);
    return channel;
  };
  const pair = [await ordinary("kettle"), await ordinary("lantern")] as const;
  return { ana, ben, workspaceId: workspace.id, general, pair };
}
