import { describe, expect, it } from "vitest";
import { WebhookAddressError, webhookAddress } from "../../../functions/slack/address.ts";
import { SECRET_PART, WEBHOOK } from "./channel.ts";

describe("webhookAddress", () => {
  it.each([
    ["bare", WEBHOOK],
    ["with a line break behind it", `${WEBHOOK}\n`],
    ["as JSON", JSON.stringify({ url: WEBHOOK })],
    ["as JSON with more in it", `  ${JSON.stringify({ url: ` ${WEBHOOK} `, channel: "#alerts" }, null, 2)}`],
    ["with the port that it has anyway", WEBHOOK.replace(".com/", ".com:443/")],
  ])("finds the address %s", (_how, secret) => {
    expect(webhookAddress(secret).href).toBe(WEBHOOK);
  });

  it("takes GovCloud's Slack", () => {
    const address = WEBHOOK.replace("slack.com", "slack-gov.com");
    expect(webhookAddress(address).href).toBe(address);
  });

  it.each([
    ["nothing", ""],
    ["no address", SECRET_PART],
    ["http", WEBHOOK.replace("https", "http")],
    ["another host", WEBHOOK.replace("hooks.slack.com", "hooks.example.com")],
    ["a host that begins like Slack's", WEBHOOK.replace("slack.com", "slack.com.evil.example")],
    ["a host that ends like Slack's", WEBHOOK.replace("hooks.slack.com", "evilhooks.slack.com")],
    ["Slack's host as a user", WEBHOOK.replace("hooks.slack.com", "hooks.slack.com@evil.example")],
    ["a user at Slack's host", WEBHOOK.replace("hooks.", "user:password@hooks.")],
    ["another port", WEBHOOK.replace(".com/", ".com:8443/")],
    ["a workflow's trigger, which takes other messages", WEBHOOK.replace("/services/", "/triggers/")],
    ["this machine", WEBHOOK.replace("hooks.slack.com", "127.0.0.1")],
    ["a file", `file:///services/${SECRET_PART}`],
    ["broken JSON", `{"url": "${WEBHOOK}`],
    ["JSON without the address", JSON.stringify({ webhook: WEBHOOK })],
    ["JSON with something else as the address", JSON.stringify({ url: [WEBHOOK] })],
  ])("refuses %s, and repeats nothing of it", (_what, secret) => {
    expect(() => webhookAddress(secret)).toThrow(WebhookAddressError);
    expect(() => webhookAddress(secret)).not.toThrow(SECRET_PART);
  });
});
