//! Calls about signing in, oneself, accounts and the instance.

import type { Schemas, SessionId, UserId, WorkspaceId } from "../shapes.ts";
import { body, done, type CallOptions, type Http } from "./transport.ts";

/** A page of a list: `next_cursor` of the page before, and how many. */
export interface PageQuery {
  readonly cursor?: string;
  readonly limit?: number;
}

export function authCalls(http: Http) {
  return {
    getProviders: (call?: CallOptions) => body(http.GET("/api/auth/providers", { ...call })),
    setUp: (setUp: Schemas["SetUp"], call?: CallOptions) =>
      body(http.POST("/api/auth/setup", { body: setUp, ...call })),
    signUp: (signUp: Schemas["SignUp"], call?: CallOptions) =>
      body(http.POST("/api/auth/signup", { body: signUp, ...call })),
    logIn: (logIn: Schemas["LogIn"], call?: CallOptions) =>
      body(http.POST("/api/auth/login", { body: logIn, ...call })),
    logInAsDemo: (logIn: Schemas["LogInAsDemo"] = {}, call?: CallOptions) =>
      body(http.POST("/api/auth/dev", { body: logIn, ...call })),
    logOut: (call?: CallOptions) => done(http.POST("/api/auth/logout", { ...call })),
    requestMagicLink: (request: Schemas["RequestMagicLink"], call?: CallOptions) =>
      done(http.POST("/api/auth/magic-link", { body: request, ...call })),
    consumeMagicLink: (link: Schemas["ConsumeMagicLink"], call?: CallOptions) =>
      body(http.POST("/api/auth/magic-link/consume", { body: link, ...call })),
  };
}

export function sessionCalls(http: Http) {
  return {
    list: (call?: CallOptions) => body(http.GET("/api/sessions", { ...call })),
    revoke: (session_id: SessionId, call?: CallOptions) =>
      done(
        http.DELETE("/api/sessions/{session_id}", { params: { path: { session_id } }, ...call }),
      ),
  };
}

export function meCalls(http: Http) {
  return {
    get: (call?: CallOptions) => body(http.GET("/api/me", { ...call })),
    update: (change: Schemas["UpdateMe"], call?: CallOptions) =>
      body(http.PATCH("/api/me", { body: change, ...call })),
    changePassword: (change: Schemas["ChangePassword"], call?: CallOptions) =>
      done(http.PUT("/api/me/password", { body: change, ...call })),
    getState: (workspace_id: WorkspaceId, since?: number, call?: CallOptions) =>
      body(
        http.GET("/api/me/state", {
          params: { query: { workspace_id, ...(since === undefined ? {} : { since }) } },
          ...call,
        }),
      ),
  };
}

export function userCalls(http: Http) {
  const at = (user_id: UserId) => ({ params: { path: { user_id } } });
  return {
    list: (query: PageQuery = {}, call?: CallOptions) =>
      body(http.GET("/api/users", { params: { query }, ...call })),
    get: (id: UserId, call?: CallOptions) =>
      body(http.GET("/api/users/{user_id}", { ...at(id), ...call })),
    deactivate: (id: UserId, call?: CallOptions) =>
      body(http.POST("/api/users/{user_id}/deactivate", { ...at(id), ...call })),
    reactivate: (id: UserId, call?: CallOptions) =>
      body(http.POST("/api/users/{user_id}/reactivate", { ...at(id), ...call })),
  };
}

export function instanceCalls(http: Http) {
  return {
    get: (call?: CallOptions) => body(http.GET("/api/instance", { ...call })),
    update: (change: Schemas["UpdateInstance"], call?: CallOptions) =>
      body(http.PATCH("/api/instance", { body: change, ...call })),
  };
}

export function onlineCalls(http: Http) {
  return {
    list: (workspace_id: WorkspaceId, call?: CallOptions) =>
      body(http.GET("/api/online", { params: { query: { workspace_id } }, ...call })),
  };
}
