import { globSync, readFileSync } from "node:fs";
import { packageFile } from "../../src/package-file.ts";

/** The documents that people read: all but the decisions, which are history. */
export const documents: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  ...globSync("docs/{*,checks/*}.md", { cwd: packageFile("") }).sort(),
];

/** Whatever stands fenced as of this language in a document. */
export function snippetsOf(document: string, language: string): readonly string[] {
  const fence = new RegExp(`^(\`{3,})${language}\\n(.*?)^\\1$`, "gms");
  const text = readFileSync(packageFile(document), "utf8");
  return Array.from(text.matchAll(fence), ([, , snippet = ""]) => snippet);
}

/** Where a document's links within the project lead, and to which heading. */
export function linksOf(document: string): readonly { readonly path: string; readonly heading: string }[] {
  const text = readFileSync(packageFile(document), "utf8");
  return Array.from(
    text.matchAll(/\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)/g),
    ([, path = "", heading = ""]) => ({
      path,
      heading,
    }),
  );
}

/** The headings of a document, as GitHub makes anchors of them. */
export function anchorsOf(document: string): readonly string[] {
  const text = readFileSync(packageFile(document), "utf8").replace(/^(`{3,}).*?^\1$/gms, "");
  return Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
