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
    const isSend = call.method === "POST" && path.endsWith("/messages");
    const isRead = path.endsWith("/read");
    const fates = isSend ? this.fates : isRead ? this.readFates : [];
    const fate = fates.shift() ?? "answer";
    if (fate === "unreachable") throw new TypeError("fetch failed");
    if (typeof fate === "object") return problem(fate);
    const answer = this.#answer(call, new URL(request.url).searchParams);
    if (isSend && this.held !== null) await new Promise<void>((go) => this.held?.push(go));
    if (fate === "lose_answer") throw new TypeError("connection reset");
    return answer;
  };

  sends(): unknown[] {
    return this.calls
      .filter(({ method, path }) => method === "POST" && path.endsWith("/messages"))
      .map(({ body }) => body);
  }

  #answer({ method, path, body }: Call, query: URLSearchParams): Response {
    const town = this.#town;
    const [, , noun, id = "", verb] = path.split("/");
    if (noun === "me") return json(town.account(this.#me));
    if (noun === "auth") return new Response(null, { status: 204 });
    if (noun === "workspaces" && verb === "snapshot") return json(town.snapshot(this.#me));
    if (noun === "workspaces") return json({ items: [town.snapshot(this.#me).workspace] });
    if (noun === "channels" && verb === "read") {
      return json({ channel_id: id, read_seq: (body as { seq: number }).seq, version: town.seq });
    }
    if (noun === "channels" && verb === "messages" && method === "POST") {
      const { nonce, body: text } = body as { nonce: string; body: string };
      const message = town.send(id, this.#me, text, nonce);
      return json({ id: message.id, seq: message.seq, message }, 201);
    }
    if (noun === "channels" && verb === "messages") {
      const before = Number(query.get("before_seq"));
      return json(before > 0 ? town.page(id, before - 50, before - 1) : town.newest(id));
    }
    if (noun === "messages") {
      const [channelId = "", seq] = id.slice("msg_".length).split("_");
      if (method === "DELETE") return json(town.delete(channelId, Number(seq)));
      return json(town.edit(channelId, Number(seq), (body as { body: string }).body));
    }
    return problem({ status: 404, code: "not_found" });
  }
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
