import { arch, cpus, totalmem, type } from "node:os";

const begin = "<!-- results: written by npm run bench -- --write -->";
const end = "<!-- end of results -->";

/** The document with new results. @throws Error when its marks are missing */
export function documentOf(document: string, table: string, at: Date): string {
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/performance.md lacks ${begin} or ${end}`);
  const where = `${machine()}, on ${at.toISOString().slice(0, 10)}, by \`npm run bench -- --write\`:`;
  return [before + begin, "", `Measured on ${where}`, "", table, "", end + after].join("\n");
}

function machine(): string {
  const processors = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const model = processors[0]?.model.trim() ?? "unknown processor";
  return `${type()} ${arch()}, ${processors.length} × ${model}, ${gibibytes} GiB, Node.js ${process.version}`;
}
