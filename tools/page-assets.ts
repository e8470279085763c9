import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const client = join(root, "src/formats/html/client");
const documents = join(root, "docs/checks");

/** The generated files that the page is built from, by path. */
export async function pageAssets(): Promise<Readonly<Record<string, unknown>>> {
  return {
    "src/formats/html/assets.json": await scriptAndStyle(),
    "src/formats/html/why.json": reasons(),
  };
}

/** The page's inline script and style, and their hashes for its content security policy. */
async function scriptAndStyle() {
  const [script, style] = await Promise.all([bundle("main.ts"), bundle("page.css")]);
  return { script, scriptHash: hashOf(script), style, styleHash: hashOf(style) };
}

/** Bundles for browsers that support `light-dark()`: Chrome 123, Firefox 120, Safari 17.5 (MDN, November 2026). */
async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(client, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    charset: "utf8",
    legalComments: "none",
    target: ["chrome123", "firefox120", "safari17.5"],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`${entry}: esbuild returned no output`);
  return file.text.trim();
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** Why each check matters, by check id: the section of its document, as plain text. */
function reasons(): Readonly<Record<string, string>> {
  const files = readdirSync(documents).toSorted();
  return Object.fromEntries(
    files.map((file) => [
      file.replace(/\.md$/, ""),
      reasonIn(readFileSync(join(documents, file), "utf8"), file),
    ]),
  );
}

function reasonIn(document: string, file: string): string {
  const [, section = ""] = document.split(/^## Why it matters$/m);
  const [text = ""] = section.split(/^## /m);
  if (text.trim() === "") throw new Error(`docs/checks/${file} does not say why it matters`);
  return text.replaceAll("`", "").replace(/\s+/g, " ").trim();
}
