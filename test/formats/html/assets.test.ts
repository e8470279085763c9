import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checks } from "../../../src/checks/index.ts";
import { renderHtml } from "../../../src/formats/html/html.ts";
import { whyOf } from "../../../src/formats/html/problem-card.ts";
import { packageFile } from "../../../src/package-file.ts";
import { pageAssets } from "../../../tools/page-assets.ts";
import { aReport } from "../../support/report-builders.ts";

describe("the assets of the page", () => {
  it("is as npm run generate writes it", async () => {
    for (const [file, content] of Object.entries(await pageAssets())) {
      expect(JSON.parse(readFileSync(packageFile(file), "utf8")), `${file} is stale`).toEqual(content);
    }
  });

  it("are the only thing that the page's policy allows", () => {
    const html = renderHtml(aReport());
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const hashes = ["script", "style"].map((tag) => {
      const [, text = ""] = new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(html) ?? [];
      expect(text).not.toBe("");
      return `${tag}-src 'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    });
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      ...hashes,
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it("says of every check why it matters", () => {
    for (const { id } of checks) expect(whyOf(id), id).toMatch(/^[A-Z].*\.$/);
    expect(whyOf("a-check-of-the-policy")).toBeNull();
  });
});
