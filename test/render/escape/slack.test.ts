import { describe, expect, test } from "vitest";
import { byteLength } from "../../../src/render/escape/cut.ts";
import { cutSlack, slackText } from "../../../src/render/escape/slack.ts";

describe("slackText", () => {
  test.each([
    ["a mention of a channel", "<!channel> <!here>", "&lt;!channel&gt; &lt;!here&gt;"],
    ["a mention in plain words", "@here and @channel", "\uff20here and \uff20channel"],
    ["a user's mention", "<@U012AB3CD>", "&lt;\uff20U012AB3CD&gt;"],
    ["a link", "<https://evil.example|ok>", "&lt;https[:]//evil.example|ok&gt;"],
    ["an entity", "&lt;!here&gt;", "&amp;lt;!here&amp;gt;"],
    ["bold and code", "*a* `b` ~c~", "\u2217a\u2217 'b' \u223cc\u223c"],
    ["a line of its own", "a\n> quoted", "a &gt; quoted"],
    ["a name", "docker_hub/team-a", "docker_hub/team-a"],
    ["a sentence with colons", "eu-west-1: docker-hub, at 10:30.", "eu-west-1: docker-hub, at 10:30."],
  ])("leaves nothing of %s that Slack obeys", (_what, text, escaped) => {
    expect(slackText(text)).toBe(escaped);
  });

  test.each([
    ["arn:aws:iam::1:role/x", "`arn:aws:iam::1:role/x`"],
    ["Look at (arn:a:secret:b).", "Look at (`arn:a:secret:b`)."],
    [":fire: and :secret:", "`:fire:` and `:secret:`"],
    ['"arn:aws:s3:::a", and', '"`arn:aws:s3:::a`", and'],
    ["was arn:aws:s3:::a; is", "was `arn:aws:s3:::a`; is"],
    ["a:b c:d", "a:b c:d"],
    ["arn:aws:x:<!here>", "`arn:aws:x:&lt;!here&gt;`"],
  ])("sets what holds an emoji's name as code: %s", (text, escaped) => {
    expect(slackText(text)).toBe(escaped);
  });
});

describe("cutSlack", () => {
  test("leaves alone what fits", () => {
    expect(cutSlack("`a:b:c`", 8)).toBe("`a:b:c`");
  });

  test("closes code that is cut, splits no entity, and keeps its limit", () => {
    for (let bytes = 5; bytes < 40; bytes += 1) {
      const cut = cutSlack("`arn:aws:x:&lt;&amp;&gt;\u00e9:y` and `b:c:d`", bytes);
      expect(byteLength(cut)).toBeLessThanOrEqual(bytes);
      expect(cut.match(/`/g)?.length ?? 0).toSatisfy((count: number) => count % 2 === 0);
      expect(cut).not.toMatch(/&[a-z]*(?![a-z;])/);
    }
  });
});
