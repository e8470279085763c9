import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packageFile } from "../src/package-file.ts";

/**
 * What differs from one run to the next, and the only files that may look at it: all others are told by their callers
 * (src/audit/ports.ts).
 */
const sources: readonly {
  readonly what: string;
  readonly looks: RegExp;
  readonly allowed: readonly string[];
}[] = [
  {
    what: "the time",
    looks: /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\)|\bnew Date\b(?!\()/,
    allowed: ["local/clock.ts"],
  },
  {
    what: "the process's own time",
    looks: /\bperformance\b|\bprocess\.(?:hrtime|uptime)\b/,
    // How long calls take is measured for --verbose.
    allowed: ["aws/call-log.ts", "cli/progress.ts", "local/file-lock.ts"],
  },
  {
    what: "chance",
    looks: /\bMath\.random\b|\brandom(?:Bytes|UUID|Int)\b|\bgetRandomValues\b/,
    allowed: ["core/ids.ts", "local/drafts.ts", "local/random.ts"],
  },
  {
    what: "the environment",
    looks: /\bprocess\.env\b/,
    // The SDK reads its settings there: --profile and --region set them, the transport and the hints look at them.
    allowed: ["aws/http.ts", "aws/identity.ts", "cli/aws-options.ts"],
  },
  {
    what: "the machine's time zone",
    looks:
      /\.[gs]et(?:Date|Day|FullYear|Hours|Minutes|Month|Seconds|TimezoneOffset)\(|\bnew Date\([^()]*,|\bDateTimeFormat\b|\.to(?:Date|Time)String\(/,
    allowed: [],
  },
  {
    what: "the machine's language",
    looks: /\.toLocale\w+\((?!"en-US"\))|\.localeCompare\(|\bIntl\.\w+\(\s*\)/,
    allowed: [],
  },
];

const folder = packageFile("src");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.startsWith("formats/html/client/"))
  .map((name) => ({ name, code: codeOf(readFileSync(`${folder}/${name}`, "utf8")) }));

/** A source without its comments, roughly. */
function codeOf(text: string): string {
  return text.replaceAll(/^\s*\/\*.*?\*\/|(?<=^|\s)\/\/ [^\n]*/gms, "");
}

describe.each(sources)("$what", ({ looks, allowed }) => {
  it("is looked at in its own files alone, and in each of them", () => {
    const looking = files.filter(({ code }) => looks.test(code)).map(({ name }) => name);
    expect(looking.toSorted()).toEqual([...allowed]);
  });
});

describe("the patterns", () => {
  it.each([
    ["the time", "const now = Date.now();"],
    ["the time", "at(new Date())"],
    ["the process's own time", "performance.now()"],
    ["chance", "Math.random()"],
    ["chance", "randomUUID()"],
    ["the environment", "process.env.TZ"],
    ["the machine's time zone", "new Date(1980, 0, 1)"],
    ["the machine's time zone", "date.getHours()"],
    ["the machine's language", "name.localeCompare(other)"],
    ["the machine's language", "new Intl.NumberFormat()"],
  ])("find %s in %s", (what, code) => {
    expect(sources.filter(({ looks }) => looks.test(code)).map((source) => source.what)).toEqual([what]);
  });

  it.each([
    "new Date(text)",
    "new Date(Date.parse(at) + 5)",
    'new Intl.NumberFormat("en-US")',
    "at.toISOString()",
  ])("find nothing in %s", (code) => {
    expect(sources.filter(({ looks }) => looks.test(code))).toEqual([]);
  });
});
