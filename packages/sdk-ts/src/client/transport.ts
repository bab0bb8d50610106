//! Sends calls and turns answers into values or errors.

import createFetchClient from "openapi-fetch";

import type { paths } from "../generated/api.ts";
import type { Problem } from "../shapes.ts";
import { NetworkError, ProblemError } from "./errors.ts";

export interface ClientOptions {
  /** Where the server is; empty for the page's own origin. */
  readonly baseUrl?: string;
  readonly fetch?: typeof globalThis.fetch;
  /** A session's token. Without one the browser's cookie speaks. */
  readonly token?: string | (() => string | undefined);
}

/** What every method takes last. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Lets the call end after the page is gone; its body must be small. */
  readonly keepalive?: boolean;
}

export type Http = ReturnType<typeof createFetchClient<paths>>;

/** The typed door to the contract's paths. */
export function openTransport(options: ClientOptions): Http {
  const http = createFetchClient<paths>({
    baseUrl: options.baseUrl ?? "",
    credentials: options.token === undefined ? "same-origin" : "omit",
    // Looked up at each call, so that a page's later replacement of fetch is honoured.
    fetch: (request) => (options.fetch ?? globalThis.fetch)(request),
  });
  http.use({
    onRequest({ request }) {
      const token = typeof options.token === "function" ? options.token() : options.token;
      if (token !== undefined) request.headers.set("authorization", `Bearer ${token}`);
      return request;
    },
  });
  return http;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Waits for an answer's body. Throws ProblemError or NetworkError, never anything else. */
export async function body<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await arrive(call);
  if (!answer.response.ok) throw refusal(answer);
  if (answer.data === undefined) throw new NetworkError("The answer had no body.");
  return answer.data;
}

/** Waits for an answer that has no body. */
export async function done(call: Promise<Answer<unknown>>): Promise<void> {
  const answer = await arrive(call);
  if (!answer.response.ok) throw refusal(answer);
}

async function arrive<T>(call: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await call;
  } catch (cause) {
    throw new NetworkError("The server did not answer.", { cause });
  }
}

function refusal({ error, response }: Answer<unknown>): ProblemError | NetworkError {
  if (isProblemBody(error)) return new ProblemError(error);
  // A proxy in between speaks its own language: what happened behind it is unknown.
  return new NetworkError(`The answer ${response.status} was not the server's own.`);
}

function isProblemBody(value: unknown): value is Problem {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof value.code === "string" &&
    "status" in value &&
    typeof value.status === "number"
  );
}
