import * as z from "zod";

/** Slack's hosts for incoming webhooks, commercial and GovCloud: nothing is ever posted to any other host. */
const hosts = ["hooks.slack.com", "hooks.slack-gov.com"];

const secretSchema = z.object({ url: z.string() });

/** The secret does not contain the URL of an incoming webhook. The message reveals nothing of its content. */
export class WebhookAddressError extends Error {
  override readonly name = "WebhookAddressError";

  constructor() {
    super(
      `The secret must contain the URL of an incoming webhook, ${hosts.map((host) => `https://${host}/services/\u2026`).join(" or ")}, ` +
        'as plain text or as {"url": "\u2026"}',
    );
  }
}

/**
 * The URL of the incoming webhook in a secret, as plain text or as `{"url": "…"}`.
 *
 * Source: Slack developer documentation, "Sending messages using incoming webhooks", November 2026.
 *
 * @throws WebhookAddressError
 */
export function webhookAddress(secret: string): URL {
  const url = URL.parse(addressIn(secret.trim()));
  if (url === null || !isWebhook(url)) throw new WebhookAddressError();
  return url;
}

function addressIn(secret: string): string {
  if (!secret.startsWith("{")) return secret;
  const parsed = secretSchema.safeParse(jsonIn(secret));
  if (!parsed.success) throw new WebhookAddressError();
  return parsed.data.url.trim();
}

/** The parser's own error would quote the secret. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WebhookAddressError();
  }
}

function isWebhook({ protocol, host, username, password, pathname }: URL): boolean {
  const isPlain = username === "" && password === "";
  return protocol === "https:" && hosts.includes(host) && isPlain && pathname.startsWith("/services/");
}
