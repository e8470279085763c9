import { globSync, readFileSync } from "node:fs";
import { packageFile } from "../../src/package-file.ts";

/** The documents for readers: all except the decision records, which are history. */
export const documents: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  ...globSync("docs/{*,checks/*}.md", { cwd: packageFile("") }).sort(),
];

/** Returns the fenced code blocks of a language in a document. */
export function snippetsOf(document: string, language: string): readonly string[] {
  const fence = new RegExp(`^(\`{3,})${language}\\n(.*?)^\\1$`, "gms");
  const text = readFileSync(packageFile(document), "utf8");
  return Array.from(text.matchAll(fence), ([, , snippet = ""]) => snippet);
}

/** Returns the targets and headings of a document's links within the project. */
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

/** Returns the anchors that GitHub derives from the headings of a document. */
export function anchorsOf(document: string): readonly string[] {
  const text = readFileSync(packageFile(document), "utf8").replace(/^(`{3,}).*?^\1$/gms, "");
  return Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
