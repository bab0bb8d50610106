//! The town behind HTTP: a `fetch` that answers from the model, is cut off, or refuses on demand.

import type { Town } from "./town.ts";

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What happens to a call: done and answered, done but the answer lost, never arrived, refused. */
type Fate =
  | "answer"
  | "lose_answer"
  | "unreachable"
  | { readonly status: number; readonly code: string; readonly retry_after_s?: number };

export class Server {
  readonly calls: Call[] = [];
  /** Fates of the next sends, first to last; after them all is well. */
  readonly fates: Fate[] = [];
  readonly readFates: Fate[] = [];
  /** Of everything that is neither sent nor read. */
  readonly otherFates: Fate[] = [];
  /** While set, nothing is answered. */
  silent = false;
  /** While set, sends wait here for their answer. */
  held: (() => void)[] | null = null;
  readonly #town: Town;
  readonly #me: string;

  constructor(town: Town, me: string) {
    this.#town = town;
    this.#me = me;
  }

  readonly fetch = async (request: Request | string | URL): Promise<Response> => {
    if (!(request instanceof Request)) throw new TypeError("the client calls with a Request");
    const text = await request.text();
    const path = new URL(request.url).pathname;
    const body: unknown = text === "" ? null : JSON.parse(text);
    const call = { method: request.method, path, body };
    this.calls.push(call);
    const isSend = call.method === "POST" && /\/(messages|replies)$/.test(path);
    const isRead = path.endsWith("/read");
    const fates = isSend ? this.fates : isRead ? this.readFates : this.otherFates;
    const fate = fates.shift() ?? "answer";
    if (this.silent) return new Promise<Response>(() => undefined);
    if (fate === "unreachable") throw new TypeError("fetch failed");
    if (typeof fate === "object") return problem(fate);
    const answer = this.#answer(call, new URL(request.url).searchParams);
    if (isSend && this.held !== null) await new Promise<void>((go) => this.held?.push(go));
    if (fate === "lose_answer") throw new TypeError("connection reset");
    return answer;
  };

  sends(): unknown[] {
    return this.calls
      .filter(({ method, path }) => method === "POST" && /\/(messages|replies)$/.test(path))
      .map(({ body }) => body);
  }

  #answer({ method, path, body }: Call, query: URLSearchParams): Response {
    const town = this.#town;
    const [, , noun, id = "", verb] = path.split("/").map(decodeURIComponent);
    if (noun === "me") return json(town.account(this.#me));
    if (noun === "auth") return new Response(null, { status: 204 });
    if (noun === "workspaces" && verb === "snapshot") return json(town.snapshot(this.#me));
    if (noun === "workspaces") return json({ items: [town.snapshot(this.#me).workspace] });
    const me = this.#me;
    if (noun === "channels") return this.#channel({ method, path, body }, query);
    if (noun === "messages") return this.#message({ method, path, body }, query);
    const { seq = 0 } = (body ?? {}) as { seq?: number };
    if (noun === "threads" && verb === "read") return json(town.desks.markThread(me, id, seq));
    if (noun === "threads" && verb === "unread") return json(town.desks.unmarkThread(me, id, seq));
    if (noun === "threads" && verb === "follow")
      return json(town.desks.setFollow(me, id, method === "PUT"));
    if (noun === "drafts") {
      const put = body as { channel_id: string; thread_root_id?: string; body: string };
      return json(town.desks.draft(me, put.channel_id, put.thread_root_id, put.body));
    }
    return problem({ status: 404, code: "not_found" });
  }

  #channel({ method, path, body }: Call, query: URLSearchParams): Response {
    const town = this.#town;
    const [, , , id = "", verb] = path.split("/");
    const { seq = 0 } = (body ?? {}) as { seq?: number };
    if (verb === "read") return json(town.desks.mark(this.#me, id, seq));
    if (verb === "unread") return json(town.desks.unmark(this.#me, id, seq));
    if (verb === "preferences") return json(town.desks.prefer(this.#me, id, body as object));
    if (method === "POST") {
      const { nonce, body: text } = body as { nonce: string; body: string };
      const message = town.send(id, this.#me, text, nonce);
      return json({ id: message.id, seq: message.seq, message }, 201);
    }
    const before = Number(query.get("before_seq"));
    return json(before > 0 ? town.page(id, before - 50, before - 1) : town.newest(id));
  }

  #message({ method, path, body }: Call, query: URLSearchParams): Response {
    const town = this.#town;
    const [, , , id = "", verb, emoji = ""] = path.split("/").map(decodeURIComponent);
    const there = town.has(id) && town.sees(this.#me, town.message(id).channel_id);
    if (!there) return problem({ status: 404, code: "not_found" });
    if (verb === "save") return json(town.desks.save(this.#me, id, method === "PUT"));
    if (verb === "pin") return json(town.pin(id, this.#me, method === "PUT"));
    if (verb === "reactions") {
      const on = method === "POST";
      town.react(id, this.#me, on ? (body as { emoji: string }).emoji : emoji, on);
      return json(town.message(id).reactions ?? { items: [], version: 0 });
    }
    if (verb === "thread" && method === "POST") return json(this.#reply(id, body as Reply), 201);
    if (verb === "thread") {
      const before = Number(query.get("before_seq"));
      const { messages, ...page } =
        before > 0
          ? town.threadPage(id, this.#me, before - 50, before - 1)
          : town.newestReplies(id, this.#me);
      return json({ ...page, replies: messages });
    }
    if (method === "GET") return json(town.message(id));
    if (method === "DELETE") return json(town.deleteMessage(id));
    return json(town.editMessage(id, (body as { body: string }).body));
  }

  #reply(rootId: string, { nonce, body, also_in_channel, quote_of }: Reply) {
    const { channel_id } = this.#town.message(rootId);
    const message = this.#town.send(channel_id, this.#me, body, {
      nonce,
      rootId,
      ...(also_in_channel === undefined ? {} : { alsoInChannel: also_in_channel }),
      ...(quote_of === undefined ? {} : { quoteOf: quote_of }),
    });
    return { id: message.id, message };
  }
}

interface Reply {
  readonly nonce: string;
  readonly body: string;
  readonly also_in_channel?: boolean;
  readonly quote_of?: string;
}

export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json" },
  });
}

export function problem(fields: {
  status: number;
  code: string;
  retry_after_s?: number;
}): Response {
  const body = { type: "urn:x", title: "No.", request_id: "req_1", ...fields };
  return new Response(JSON.stringify(body), {
    status: fields.status,
    headers: { "content-type": "application/problem+json" },
  });
}
