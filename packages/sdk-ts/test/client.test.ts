//! The client speaks every operation of the contract, and its errors are of two kinds.

import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { createClient, isProblem, NetworkError, ProblemError } from "../src/index.ts";
import { json, problem } from "./server.ts";

const answering = (answer: () => Response | Promise<Response>, token?: string) => {
  const seen: Request[] = [];
  const fetch = async (request: Request) => {
    seen.push(request);
    return answer();
  };
  const client = createClient({
    baseUrl: "http://tide.test",
    fetch: fetch as typeof globalThis.fetch,
    ...(token === undefined ? {} : { token }),
  });
  return { client, seen };
};

/** Calls each method once with arguments that fit any path, and notes what was asked for. */
async function everyCall(): Promise<string[]> {
  const { client, seen } = answering(() => json({}));
  for (const noun of Object.values(client)) {
    for (const verb of Object.values(noun) as ((...args: unknown[]) => Promise<unknown>)[]) {
      const args = verb.length === 0 ? [] : ["an-id", "other-id"];
      await verb(...args).catch(() => undefined);
    }
  }
  return seen.map(({ method, url }) => `${method} ${shape(new URL(url).pathname)}`);
}

const shape = (path: string) => path.replaceAll(/\{[^}]*\}|an-id|other-id/g, "*");

function contractCalls(): string[] {
  const text = readFileSync(new URL("../../protocol/openapi.yaml", import.meta.url), "utf8");
  const calls: string[] = [];
  let path = "";
  for (const line of text.slice(0, text.indexOf("\ncomponents:")).split("\n")) {
    path = /^ {2}(\/\S*):/.exec(line)?.[1] ?? path;
    const method = /^ {4}(get|post|put|patch|delete):/.exec(line)?.[1];
    if (method !== undefined) calls.push(`${method.toUpperCase()} ${shape(path)}`);
  }
  return calls;
}

describe("the client", () => {
  it("has a method for every operation but the socket", async () => {
    const contract = contractCalls().filter((call) => call !== "GET /api/realtime/ws");
    expect(contract.length).toBeGreaterThan(50);
    expect([...new Set(await everyCall())].toSorted()).toEqual(contract.toSorted());
  });

  it("sends the token when it has one, and relies on the cookie when not", async () => {
    const bearer = answering(() => json({}), "secret");
    await bearer.client.me.get();
    expect(bearer.seen[0]?.headers.get("authorization")).toBe("Bearer secret");
    expect(bearer.seen[0]?.credentials).toBe("omit");
    const cookie = answering(() => json({}));
    await cookie.client.me.get();
    expect(cookie.seen[0]?.headers.has("authorization")).toBe(false);
    expect(cookie.seen[0]?.credentials).toBe("same-origin");
  });

  it("names what the server refused", async () => {
    const { client } = answering(
      () =>
        new Response(
          JSON.stringify({
            type: "urn:x",
            title: "Not like this.",
            status: 422,
            code: "invalid_request",
            request_id: "req_7",
            errors: [{ field: "email", message: "is no address" }],
          }),
          { status: 422, headers: { "content-type": "application/problem+json" } },
        ),
    );
    const error: unknown = await client.auth
      .logIn({ email: "", password: "" })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    expect(isProblem(error, "invalid_request")).toBe(true);
    expect(isProblem(error, "forbidden")).toBe(false);
    expect(error).toMatchObject({
      status: 422,
      requestId: "req_7",
      fieldErrors: { email: "is no address" },
    });
  });

  it("says how long to wait", async () => {
    const { client } = answering(() =>
      problem({ status: 429, code: "rate_limited", retry_after_s: 9 }),
    );
    await expect(client.me.get()).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: 9,
    });
  });

  it.each([
    ["no answer", () => Promise.reject(new TypeError("fetch failed"))],
    ["a proxy's page", () => new Response("<h1>Bad gateway</h1>", { status: 502 })],
    [
      "half an answer",
      () => new Response('{"id":', { headers: { "content-type": "application/json" } }),
    ],
  ])("takes %s for a failure of the network", async (_, answer) => {
    const { client } = answering(answer);
    await expect(client.me.get()).rejects.toBeInstanceOf(NetworkError);
  });

  it("answers nothing where the contract answers nothing", async () => {
    const { client } = answering(() => new Response(null, { status: 204 }));
    await expect(client.auth.logOut()).resolves.toBeUndefined();
  });
});
