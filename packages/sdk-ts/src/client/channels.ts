//! Calls about channels and the people in them.

import type { ChannelId, Schemas, UserId, WorkspaceId } from "../shapes.ts";
import type { PageQuery } from "./people.ts";
import { body, done, type CallOptions, type Http } from "./transport.ts";

/** The path of a channel. */
export const inChannel = (channel_id: ChannelId) => ({ params: { path: { channel_id } } });

export function channelCalls(http: Http) {
  return {
    list: (workspace_id: WorkspaceId, query: PageQuery = {}, call?: CallOptions) =>
      body(
        http.GET("/api/workspaces/{workspace_id}/channels", {
          params: { path: { workspace_id }, query },
          ...call,
        }),
      ),
    create: (workspace_id: WorkspaceId, create: Schemas["CreateChannel"], call?: CallOptions) =>
      body(
        http.POST("/api/workspaces/{workspace_id}/channels", {
          params: { path: { workspace_id } },
          body: create,
          ...call,
        }),
      ),
    get: (id: ChannelId, call?: CallOptions) =>
      body(http.GET("/api/channels/{channel_id}", { ...inChannel(id), ...call })),
    update: (id: ChannelId, change: Schemas["UpdateChannel"], call?: CallOptions) =>
      body(http.PATCH("/api/channels/{channel_id}", { ...inChannel(id), body: change, ...call })),
    join: (id: ChannelId, call?: CallOptions) =>
      body(http.POST("/api/channels/{channel_id}/join", { ...inChannel(id), ...call })),
    leave: (id: ChannelId, call?: CallOptions) =>
      done(http.POST("/api/channels/{channel_id}/leave", { ...inChannel(id), ...call })),
    markRead: (id: ChannelId, mark: Schemas["MarkRead"], call?: CallOptions) =>
      body(http.POST("/api/channels/{channel_id}/read", { ...inChannel(id), body: mark, ...call })),
    markUnread: (id: ChannelId, mark: Schemas["MarkUnread"], call?: CallOptions) =>
      body(
        http.POST("/api/channels/{channel_id}/unread", { ...inChannel(id), body: mark, ...call }),
      ),
    updatePreferences: (
      id: ChannelId,
      change: Schemas["UpdateChannelPreferences"],
      call?: CallOptions,
    ) =>
      body(
        http.PATCH("/api/channels/{channel_id}/preferences", {
          ...inChannel(id),
          body: change,
          ...call,
        }),
      ),
    listPins: (id: ChannelId, call?: CallOptions) =>
      body(http.GET("/api/channels/{channel_id}/pins", { ...inChannel(id), ...call })),
  };
}

export function channelMemberCalls(http: Http) {
  const at = (channel_id: ChannelId, user_id: UserId) => ({
    params: { path: { channel_id, user_id } },
  });
  return {
    list: (channel_id: ChannelId, query: PageQuery = {}, call?: CallOptions) =>
      body(
        http.GET("/api/channels/{channel_id}/members", {
          params: { path: { channel_id }, query },
          ...call,
        }),
      ),
    add: (channel: ChannelId, user: UserId, call?: CallOptions) =>
      done(
        http.PUT("/api/channels/{channel_id}/members/{user_id}", { ...at(channel, user), ...call }),
      ),
    remove: (channel: ChannelId, user: UserId, call?: CallOptions) =>
      done(
        http.DELETE("/api/channels/{channel_id}/members/{user_id}", {
          ...at(channel, user),
          ...call,
        }),
      ),
  };
}
