import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteLength } from "../../../src/core/bytes.ts";
import { cutSlack, slackText } from "../../../src/render/escape/slack.ts";

describe("slackText", () => {
  test.each([
    ["a mention of a channel", "<!channel> <!here>", "&lt;!channel&gt; &lt;!here&gt;"],
    ["a mention in plain words", "@here and @channel.", "`@here` and `@channel`."],
    ["a user's mention", "<@U012AB3CD>", "`&lt;@U012AB3CD&gt;`"],
    ["a link", "<https://evil.example|ok>", "`&lt;https://evil.example|ok&gt;`"],
    ["code that ends early", "a `*b` c`*", "a `'*b'` `c'*`"],
    ["an entity", "&lt;!here&gt;", "&amp;lt;!here&amp;gt;"],
    ["bold and code", "*a* `b` ~c~ _d_", "`*a*` `'b'` `~c~` `_d_`"],
    ["a line of its own", "a\n> quoted", "a &gt; quoted"],
    ["a name", "docker_hub/team-a", "docker_hub/team-a"],
    ["a sentence with colons", "eu-west-1: docker-hub, at 10:30.", "eu-west-1: docker-hub, at 10:30."],
  ])("leaves no Slack markup in %s", (_what, text, escaped) => {
    expect(slackText(text)).toBe(escaped);
  });

  test.each([
    ["arn:aws:iam::1:role/x", "`arn:aws:iam::1:role/x`"],
    ["Look at (arn:a:secret:b).", "Look at `(arn:a:secret:b)`."],
    [":fire: and :secret:", "`:fire:` and `:secret:`"],
    ['"arn:aws:s3:::a", and', '`"arn:aws:s3:::a"`, and'],
    ["was arn:aws:s3:::a; is", "was `arn:aws:s3:::a`; is"],
    ["a:b c:d", "a:b c:d"],
    ["arn:aws:x:<!here>", "`arn:aws:x:&lt;!here&gt;`"],
  ])("sets text with the name of an emoji as code: %s", (text, escaped) => {
    expect(slackText(text)).toBe(escaped);
  });
});

test("slackText leaves no Slack markup outside code, and closes all code", () => {
  const markup = fc.stringMatching(/^[<>&`*_~@:/\][()a .!\n]{0,30}$/);
  fc.assert(
    fc.property(markup, (text) => {
      const shown = slackText(text);
      const outside = shown.replaceAll(/`[^`\n]*`/g, "");
      expect(outside).not.toMatch(/[<>`*~\n]|:[^\s:]+:|:\/\/|(^|\s)[@_]\w|&(?!(amp|lt|gt);)/);
      expect(shown).not.toMatch(/[<>]/);
    }),
  );
});

describe("cutSlack", () => {
  test("leaves texts that fit unchanged", () => {
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
