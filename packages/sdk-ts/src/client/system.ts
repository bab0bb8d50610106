//! Calls about events, the socket's ticket, and for operators.

import type { Cursor, Schemas, WorkspaceId } from "../shapes.ts";
import { body, done, type CallOptions, type Http } from "./transport.ts";

export interface EventQuery {
  readonly workspace_id: WorkspaceId;
  readonly after_cursor: Cursor;
  readonly limit?: number;
}

export function eventCalls(http: Http) {
  return {
    list: (query: EventQuery, call?: CallOptions) =>
      body(http.GET("/api/realtime/events", { params: { query }, ...call })),
  };
}

export function realtimeCalls(http: Http) {
  return {
    sendEphemeral: (ephemeral: Schemas["SendEphemeral"], call?: CallOptions) =>
      done(http.POST("/api/realtime/ephemeral", { body: ephemeral, ...call })),
    createTicket: (call?: CallOptions) => body(http.POST("/api/realtime/tickets", { ...call })),
  };
}

export function healthCalls(http: Http) {
  return {
    get: (call?: CallOptions) => body(http.GET("/healthz", { ...call })),
    getReadiness: (call?: CallOptions) => body(http.GET("/readyz", { ...call })),
    getMetrics: (call?: CallOptions) => body(http.GET("/metrics", { parseAs: "text", ...call })),
  };
}

export function contractCalls(http: Http) {
  return {
    get: (call?: CallOptions) => body(http.GET("/api/openapi.yaml", { parseAs: "text", ...call })),
  };
}
