import { globSync, readFileSync } from "node:fs";
import { packageFile } from "../../src/package-file.ts";

/** All documents except the ADRs, which are history. */
export const documents: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  ...globSync("docs/{*,checks/*}.md", { cwd: packageFile("") }).sort(),
];

/** The fenced blocks of a language in a document. */
export function snippetsOf(document: string, language: string): readonly string[] {
  const fence = new RegExp(`^(\`{3,})${language}\\n(.*?)^\\1$`, "gms");
  const text = readFileSync(packageFile(document), "utf8");
  return Array.from(text.matchAll(fence), ([, , snippet = ""]) => snippet);
}

/** The targets and headings of a document's links within the project. */
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

/** The anchors that GitHub generates for a document's headings. */
export function anchorsOf(document: string): readonly string[] {
  const text = readFileSync(packageFile(document), "utf8").replace(/^(`{3,}).*?^\1$/gms, "");
  return Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
