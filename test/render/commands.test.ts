import { describe, expect, it } from "vitest";
import { stepsOf } from "../../src/core/advice.ts";
import { giveNewSecret } from "../../src/ecr/commands.ts";
import { aFinding, aReport } from "../support/report-builders.ts";
import { everyRenderer } from "./every-renderer.ts";

const steps = stepsOf(
  giveNewSecret({
    account: "111122223333",
    region: "eu-west-1",
    prefix: "a-long-prefix-of-a-team/and-its-part",
  }),
);
const commands = steps.flatMap((step) => step.commands);
const docsUrl =
  "https://git.example.com/platform/pull-through-auditor/blob/main/docs/checks/rule-validation.md";
const consoleUrl =
  "https://eu-west-1.console.aws.amazon.com/ecr/private-registry/repositories?region=eu-west-1";
const report = aReport({ findings: [aFinding({ steps, docsUrl, consoleUrl })] });

async function rendered(name: string): Promise<string> {
  return (await everyRenderer[name]?.(report))?.join("\n") ?? "";
}

/** Text that is read in JSON. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

describe("a command", () => {
  it("is long enough to be wrapped", () => {
    expect(commands).toHaveLength(2);
    for (const command of commands) expect(command.length).toBeGreaterThan(120);
  });

  it.each(["text", "sns", "markdown"])("is alone on a line, whole: %s", async (name) => {
    const lines = (await rendered(name)).split("\n").map((line) => line.trim());
    expect(lines).toEqual(expect.arrayContaining(commands));
  });

  it("is in a block of code in Markdown", async () => {
    const text = await rendered("markdown");
    for (const command of commands) expect(text).toContain(`\`\`\`sh\n${command}\n\`\`\``);
  });

  it("is code with a button that copies it on the page", async () => {
    const page = await rendered("html");
    for (const command of commands) {
      expect(page).toContain(
        `<pre class="command"><code>${command}</code></pre><button type="button" class="copy">Copy</button>`,
      );
    }
  });

  it("is in a block of code in Slack", async () => {
    const message = await rendered("slack");
    for (const command of commands) expect(message).toContain(inJson(`\`\`\`${command}\`\`\``));
  });

  it.each(["json", "eventbridge", "sns"])("is data for programs: %s", async (name) => {
    const text = await rendered(name);
    for (const command of commands) expect(text).toContain(inJson(command));
  });
});

describe("an address", () => {
  it.each(["text", "sns", "markdown", "html", "json", "asff", "ocsf", "eventbridge"])(
    "of the document is absolute: %s",
    async (name) => {
      expect(await rendered(name)).toContain(docsUrl);
    },
  );

  it("of the document and of the registry are in Security Hub's fields", async () => {
    expect(JSON.parse(await rendered("asff"))).toMatchObject([
      { SourceUrl: consoleUrl, Remediation: { Recommendation: { Url: docsUrl } } },
    ]);
  });

  it.each(["javascript:alert(1)", "", "https://a b"])("is left out of Security Hub: %s", async (url) => {
    const odd = aReport({ findings: [aFinding({ docsUrl: url, consoleUrl: url })] });
    const text = (await everyRenderer["asff"]?.(odd))?.join("") ?? "";
    expect(text).not.toContain("Url");
  });

  it("is a link on the page only if it is one of the web", async () => {
    const odd = aReport({ findings: [aFinding({ docsUrl: "javascript:alert(1)" })] });
    expect((await everyRenderer["html"]?.(odd))?.join("")).not.toContain('href="javascript:');
  });
});
