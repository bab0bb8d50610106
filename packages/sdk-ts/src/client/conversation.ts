//! Calls about what one follows, keeps and has begun to write.

import type { MessageId, Schemas, WorkspaceId } from "../shapes.ts";
import type { PageQuery } from "./people.ts";
import { body, type CallOptions, type Http } from "./transport.ts";

/** A page of what one has in a workspace. */
export interface OwnQuery extends PageQuery {
  readonly workspace_id: WorkspaceId;
}

/** A page of threads; `unread` leaves out those that one has read. */
export interface ThreadQuery extends OwnQuery {
  readonly unread?: boolean;
}

export function threadCalls(http: Http) {
  const at = (root_id: MessageId) => ({ params: { path: { root_id } } });
  return {
    list: (query: ThreadQuery, call?: CallOptions) =>
      body(http.GET("/api/threads", { params: { query }, ...call })),
    update: (id: MessageId, change: Schemas["UpdateThread"], call?: CallOptions) =>
      body(http.PATCH("/api/threads/{root_id}", { ...at(id), body: change, ...call })),
    follow: (id: MessageId, call?: CallOptions) =>
      body(http.PUT("/api/threads/{root_id}/follow", { ...at(id), ...call })),
    unfollow: (id: MessageId, call?: CallOptions) =>
      body(http.DELETE("/api/threads/{root_id}/follow", { ...at(id), ...call })),
    markRead: (id: MessageId, mark: Schemas["MarkRead"], call?: CallOptions) =>
      body(http.POST("/api/threads/{root_id}/read", { ...at(id), body: mark, ...call })),
    markUnread: (id: MessageId, mark: Schemas["MarkUnread"], call?: CallOptions) =>
      body(http.POST("/api/threads/{root_id}/unread", { ...at(id), body: mark, ...call })),
  };
}

export function savedCalls(http: Http) {
  return {
    list: (query: OwnQuery, call?: CallOptions) =>
      body(http.GET("/api/saved", { params: { query }, ...call })),
  };
}

export function draftCalls(http: Http) {
  return {
    list: (workspace_id: WorkspaceId, call?: CallOptions) =>
      body(http.GET("/api/drafts", { params: { query: { workspace_id } }, ...call })),
    put: (draft: Schemas["PutDraft"], call?: CallOptions) =>
      body(http.PUT("/api/drafts", { body: draft, ...call })),
  };
}
