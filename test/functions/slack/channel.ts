import { text } from "node:stream/consumers";
import { serve } from "../../aws/local-server.ts";

/** A webhook URL as Slack creates them. Anyone who knows it may post. */
export const WEBHOOK = "https://hooks.slack.com/services/T0000/B0000/aSecretThatNobodyMaySee";

/** The secret part of the URL. */
export const SECRET_PART = "aSecretThatNobodyMaySee";

/** How Slack answers a post. */
export type Reply =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | "hang up"
  /** It answers, and its connection breaks, or nothing more comes, before all of the body is there. */
  | { readonly status: number; readonly breaksAfter: string }
  | { readonly status: number; readonly hangsAfter: string }
  /** A body without end. @see Channel.sent */
  | { readonly status: number; readonly endless: true };

/** What was posted, and where to. */
export type Post = { readonly url: string; readonly type: string | undefined; readonly message: unknown };

/** A local fake of Slack, and a `fetch` that redirects Slack's hosts to it. */
export type Channel = {
  readonly posts: readonly Post[];
  readonly fetch: typeof globalThis.fetch;
  /** How many bytes of bodies without end were sent, and how many of those connections were closed. */
  readonly sent: () => { readonly bytes: number; readonly closed: number };
};

const taken: Reply = { status: 200, body: "ok" };

/** Opens a channel that replies in this order, and then takes everything. It lives as long as the test. */
export async function openChannel(...replies: readonly Reply[]): Promise<Channel> {
  const posts: Post[] = [];
  const addresses: string[] = [];
  let [bytes, closed] = [0, 0];
  const origin = await serve(async (request, response) => {
    const reply = replies[posts.length] ?? taken;
    const message: unknown = JSON.parse(await text(request));
    posts.push({ url: addresses.at(-1) ?? "", type: request.headers["content-type"], message });
    if (reply === "hang up") request.socket.destroy();
    else if ("breaksAfter" in reply) {
      response.writeHead(reply.status, { "content-length": "1000" });
      response.write(reply.breaksAfter, () => request.socket.destroy());
    } else if ("hangsAfter" in reply) {
      response.writeHead(reply.status, { "content-length": "1000" }).write(reply.hangsAfter);
    } else if ("endless" in reply) {
      const more = (): void => {
        bytes += 65_536;
        response.write(Buffer.alloc(65_536, "x"), (error) => {
          if (error == null) setImmediate(more);
        });
      };
      response.on("close", () => {
        closed += 1;
      });
      response.writeHead(reply.status);
      more();
    } else response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  const { fetch } = globalThis;
  return {
    posts,
    sent: () => ({ bytes, closed }),
    fetch: (input, init) => {
      const address = input instanceof Request ? input.url : String(input);
      addresses.push(address);
      return fetch(origin + new URL(address).pathname, init);
    },
  };
}
