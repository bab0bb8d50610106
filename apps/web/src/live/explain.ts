//! Failures as sentences: what happened and what to do.
import { isProblem, NetworkError, ProblemError } from "@clickclack/sdk";
import { say } from "../strings.ts";

/** The sentence for anything that was thrown. */
export function explain(error: unknown): string {
  if (error instanceof NetworkError) return say.failure.network;
  if (!(error instanceof ProblemError)) return say.failure.unknown;
  const own = say.failure.codes[error.code];
  if (error.code === "rate_limited") return say.failure.rateLimited(error.retryAfterSeconds);
  if (error.code === "internal") return say.failure.internal(error.requestId);
  return own ?? [error.title, error.detail].filter(Boolean).join(" ");
}

/** What is wrong with each field; empty when the failure is about something else. */
export function fieldsOf(error: unknown): Record<string, string> {
  return error instanceof ProblemError ? error.fieldErrors : {};
}

/** Whether nobody is signed in. */
export const isSignedOut = (error: unknown): boolean => isProblem(error, "unauthenticated");
