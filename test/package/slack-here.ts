/** Imported before a zip's handler: what it sends to Slack's hosts arrives at `SLACK_HERE` on this machine. */
const { fetch } = globalThis;
const { SLACK_HERE: origin = "" } = process.env;

globalThis.fetch = (input, init) => {
  const { host, pathname } = new URL(input instanceof Request ? input.url : input);
  return host === "hooks.slack.com" ? fetch(origin + pathname, init) : fetch(input, init);
};
