import { withPart } from "./readme-parts.ts";

const marks = { begin: "<!-- demo: written by npm run generate -->", end: "<!-- end of demo -->" };

/** The parts of the report that the README shows: from one line up to the next that matches, with it or without. */
const excerpts = [
  { from: /^PULL THROUGH CACHE AUDIT$/, upTo: /^ {2}Policy/ },
  { from: /^ACCOUNTS AND REGIONS$/, upTo: /^ {2}Not shown/ },
  { from: /^FAILING: /, through: /^ {4}\d{12} / },
  { from: /^ {2}What to do/, upTo: /^ {2}(Read more|Docs|More)/ },
] as const;

/**
 * The README with an excerpt of the demo's report, `test/demo.report.txt`. Each excerpt begins after the one before.
 *
 * @throws Error when a mark or the beginning of an excerpt is missing
 */
export function withDemo(readme: string, report: string): string {
  const lines = report.split("\n");
  let at = 0;
  const texts = excerpts.map(({ from, ...last }) => {
    const [until, extra] = "through" in last ? [last.through, 1] : [last.upTo, 0];
    const begin = lines.findIndex((line, index) => index >= at && from.test(line));
    if (begin < 0) throw new Error(`The demo's report has no line that matches ${from}`);
    at = lines.findIndex((line, index) => index > begin && until.test(line));
    if (at < 0) throw new Error(`The demo's report has no line that matches ${until} after ${lines[begin]}`);
    return lines
      .slice(begin, at + extra)
      .join("\n")
      .trimEnd();
  });
  return withPart(readme, marks, `\`\`\`text\n${texts.join("\n  …\n\n")}\n  …\n\`\`\`\n`);
}
