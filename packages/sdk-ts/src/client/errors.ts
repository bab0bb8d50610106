//! What can go wrong when calling the server: it said no, or it did not answer.

import type { Problem, ProblemCode } from "../shapes.ts";

/** The server refused, and said why. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  /** Also in the server's log. */
  readonly requestId: string;
  /** What is wrong with which field, by the field's path. */
  readonly fieldErrors: Readonly<Record<string, string>>;
  /** Seconds until another try makes sense. */
  readonly retryAfterSeconds: number | undefined;
  /** The limit that was passed. */
  readonly limit: number | undefined;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.code = problem.code;
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail;
    this.requestId = problem.request_id;
    this.fieldErrors = Object.fromEntries(
      (problem.errors ?? []).map(({ field, message }) => [field, message]),
    );
    this.retryAfterSeconds = problem.retry_after_s;
    this.limit = problem.limit;
  }
}

/** No answer of the server came: offline, cut off, or somebody else answered in its place. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
}

/** Whether the server refused, with this code when one is given. */
export function isProblem(error: unknown, code?: ProblemCode): error is ProblemError {
  return error instanceof ProblemError && (code === undefined || error.code === code);
}

/** Whether the server refused for reasons of its own: the same may be taken later. */
export function isPassing(error: unknown): boolean {
  return isProblem(error, "rate_limited") || isProblem(error, "unavailable");
}
