//! Calls about workspaces, their members and invites.

import type { InviteId, Schemas, UserId, WorkspaceId } from "../shapes.ts";
import type { PageQuery } from "./people.ts";
import { body, done, type CallOptions, type Http } from "./transport.ts";

export function workspaceCalls(http: Http) {
  const at = (workspace_id: WorkspaceId) => ({ params: { path: { workspace_id } } });
  return {
    list: (call?: CallOptions) => body(http.GET("/api/workspaces", { ...call })),
    create: (create: Schemas["CreateWorkspace"], call?: CallOptions) =>
      body(http.POST("/api/workspaces", { body: create, ...call })),
    get: (id: WorkspaceId, call?: CallOptions) =>
      body(http.GET("/api/workspaces/{workspace_id}", { ...at(id), ...call })),
    update: (id: WorkspaceId, change: Schemas["UpdateWorkspace"], call?: CallOptions) =>
      body(http.PATCH("/api/workspaces/{workspace_id}", { ...at(id), body: change, ...call })),
    updatePreferences: (
      id: WorkspaceId,
      change: Schemas["UpdatePreferences"],
      call?: CallOptions,
    ) =>
      body(
        http.PATCH("/api/workspaces/{workspace_id}/preferences", {
          ...at(id),
          body: change,
          ...call,
        }),
      ),
    getSnapshot: (id: WorkspaceId, call?: CallOptions) =>
      body(http.GET("/api/workspaces/{workspace_id}/snapshot", { ...at(id), ...call })),
  };
}

export function memberCalls(http: Http) {
  const at = (workspace_id: WorkspaceId, user_id: UserId) => ({
    params: { path: { workspace_id, user_id } },
  });
  return {
    list: (
      workspace_id: WorkspaceId,
      query: PageQuery & { readonly q?: string } = {},
      call?: CallOptions,
    ) =>
      body(
        http.GET("/api/workspaces/{workspace_id}/members", {
          params: { path: { workspace_id }, query },
          ...call,
        }),
      ),
    update: (
      workspace: WorkspaceId,
      user: UserId,
      change: Schemas["UpdateMember"],
      call?: CallOptions,
    ) =>
      body(
        http.PATCH("/api/workspaces/{workspace_id}/members/{user_id}", {
          ...at(workspace, user),
          body: change,
          ...call,
        }),
      ),
    remove: (workspace: WorkspaceId, user: UserId, call?: CallOptions) =>
      done(
        http.DELETE("/api/workspaces/{workspace_id}/members/{user_id}", {
          ...at(workspace, user),
          ...call,
        }),
      ),
  };
}

export function inviteCalls(http: Http) {
  return {
    list: (workspace_id: WorkspaceId, query: PageQuery = {}, call?: CallOptions) =>
      body(
        http.GET("/api/workspaces/{workspace_id}/invites", {
          params: { path: { workspace_id }, query },
          ...call,
        }),
      ),
    create: (workspace_id: WorkspaceId, create: Schemas["CreateInvite"], call?: CallOptions) =>
      body(
        http.POST("/api/workspaces/{workspace_id}/invites", {
          params: { path: { workspace_id } },
          body: create,
          ...call,
        }),
      ),
    revoke: (workspace_id: WorkspaceId, invite_id: InviteId, call?: CallOptions) =>
      done(
        http.DELETE("/api/workspaces/{workspace_id}/invites/{invite_id}", {
          params: { path: { workspace_id, invite_id } },
          ...call,
        }),
      ),
    get: (token: string, call?: CallOptions) =>
      body(http.GET("/api/invites/{token}", { params: { path: { token } }, ...call })),
    accept: (token: string, call?: CallOptions) =>
      body(http.POST("/api/invites/{token}/accept", { params: { path: { token } }, ...call })),
  };
}
