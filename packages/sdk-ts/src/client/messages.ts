//! Calls about messages: sending, reading, reacting, pinning, saving.

import type { ChannelId, MessageId, Schemas } from "../shapes.ts";
import { inChannel } from "./channels.ts";
import { body, type CallOptions, type Http } from "./transport.ts";

/** Where in a channel's or thread's history: at most one of the three; none means the newest. */
export interface HistoryQuery {
  readonly before_seq?: number;
  readonly after_seq?: number;
  readonly around_seq?: number;
  readonly limit?: number;
}

const at = (message_id: MessageId) => ({ params: { path: { message_id } } });

export function messageCalls(http: Http) {
  return { ...textCalls(http), ...threadPageCalls(http), ...markCalls(http) };
}

function textCalls(http: Http) {
  return {
    list: (channel_id: ChannelId, query: HistoryQuery = {}, call?: CallOptions) =>
      body(
        http.GET("/api/channels/{channel_id}/messages", {
          params: { path: { channel_id }, query },
          ...call,
        }),
      ),
    send: (id: ChannelId, draft: Schemas["SendMessage"], call?: CallOptions) =>
      body(
        http.POST("/api/channels/{channel_id}/messages", {
          ...inChannel(id),
          body: draft,
          ...call,
        }),
      ),
    get: (id: MessageId, call?: CallOptions) =>
      body(http.GET("/api/messages/{message_id}", { ...at(id), ...call })),
    edit: (id: MessageId, edit: Schemas["EditMessage"], call?: CallOptions) =>
      body(http.PATCH("/api/messages/{message_id}", { ...at(id), body: edit, ...call })),
    delete: (id: MessageId, call?: CallOptions) =>
      body(http.DELETE("/api/messages/{message_id}", { ...at(id), ...call })),
    getHistory: (id: MessageId, call?: CallOptions) =>
      body(http.GET("/api/messages/{message_id}/history", { ...at(id), ...call })),
  };
}

function threadPageCalls(http: Http) {
  return {
    getThread: (message_id: MessageId, query: HistoryQuery = {}, call?: CallOptions) =>
      body(
        http.GET("/api/messages/{message_id}/thread", {
          params: { path: { message_id }, query },
          ...call,
        }),
      ),
    sendReply: (id: MessageId, draft: Schemas["SendReply"], call?: CallOptions) =>
      body(
        http.POST("/api/messages/{message_id}/thread/replies", {
          ...at(id),
          body: draft,
          ...call,
        }),
      ),
  };
}

function markCalls(http: Http) {
  return {
    listReactions: (id: MessageId, call?: CallOptions) =>
      body(http.GET("/api/messages/{message_id}/reactions", { ...at(id), ...call })),
    addReaction: (id: MessageId, emoji: string, call?: CallOptions) =>
      body(
        http.POST("/api/messages/{message_id}/reactions", { ...at(id), body: { emoji }, ...call }),
      ),
    removeReaction: (message_id: MessageId, emoji: string, call?: CallOptions) =>
      body(
        http.DELETE("/api/messages/{message_id}/reactions/{emoji}", {
          params: { path: { message_id, emoji } },
          ...call,
        }),
      ),
    pin: (id: MessageId, call?: CallOptions) =>
      body(http.PUT("/api/messages/{message_id}/pin", { ...at(id), ...call })),
    unpin: (id: MessageId, call?: CallOptions) =>
      body(http.DELETE("/api/messages/{message_id}/pin", { ...at(id), ...call })),
    save: (id: MessageId, call?: CallOptions) =>
      body(http.PUT("/api/messages/{message_id}/save", { ...at(id), ...call })),
    unsave: (id: MessageId, call?: CallOptions) =>
      body(http.DELETE("/api/messages/{message_id}/save", { ...at(id), ...call })),
  };
}
