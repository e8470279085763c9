import { renderSlack } from "../../src/notifiers/slack/slack.ts";
import type { MachineDigest } from "../../src/notifiers/sns/machine-schema.ts";
import { webhookAddress } from "./address.ts";
import { postToSlack, SlackError, type WebhookPorts } from "./webhook.ts";

/** What posting to a channel needs from outside. */
export type SlackPosterPorts = Omit<WebhookPorts, "timeLeft"> & {
  /** The secret's text. */
  readonly readSecret: () => Promise<string>;
};

/**
 * Posts a digest to a Slack channel, within the time that the function has left, in milliseconds.
 *
 * @throws SlackError, WebhookAddressError
 */
export type SlackPoster = (digest: MachineDigest, timeLeft: () => number) => Promise<void>;

/**
 * Opens a poster for the webhook in a secret. The secret is read with the first digest and cached. It is read again
 * after a failure to read it, and after Slack rejected the URL, because it may have changed.
 */
export function openSlackPoster({ readSecret, ...ports }: SlackPosterPorts): SlackPoster {
  let address: URL | null = null;
  return async (digest, timeLeft) => {
    address ??= webhookAddress(await readSecret());
    try {
      await postToSlack(address, renderSlack(digest), { ...ports, timeLeft });
    } catch (error) {
      if (error instanceof SlackError && error.isFinal) address = null;
      throw error;
    }
  };
}
