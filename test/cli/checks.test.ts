import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { checks } from "../../src/checks/index.ts";
import { renderDocument } from "../../src/formats/document.ts";
import { packageFile } from "../../src/package-file.ts";
import { pageOf } from "../../src/render/page.ts";
import { checkCatalogueSchema } from "../../src/schemas/check-catalogue.ts";
import { publishedSchemas } from "../../tools/published-schemas.ts";
import { collectText } from "./support/collected-text.ts";

describe("checks", () => {
  it("lists every check in its order, with severity and what it fails for", async () => {
    const { code, output, errors } = await collectText(["checks"], {}, { columns: 500 });
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(
      output
        .trimEnd()
        .replace(/\n +/g, " ")
        .split("\n")
        .map((line) => line.split(/ {2,}/)),
    ).toEqual(
      checks.map(({ id, severity, failsWhen }) => [
        id,
        severity,
        `fails when ${failsWhen.replaceAll("`", "")}`,
      ]),
    );
  });

  it("lists every check for programs, as the published schema wants it", async () => {
    const { code, output, errors } = await collectText(["checks", "--format", "json"]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    const catalogue: unknown = JSON.parse(output);
    const validate = new Ajv2020().compile(publishedSchemas["policies/checks.schema.json"]);
    expect(validate(catalogue), JSON.stringify(validate.errors)).toBe(true);
    expect(checkCatalogueSchema.parse(catalogue).checks).toEqual(
      checks.map(({ id, severity, title, failsWhen, docs, requirements, predictable }) => ({
        id,
        severity,
        title,
        failsWhen,
        docs,
        requirements,
        predictable,
      })),
    );
  });

  it.each(checks.map(({ id }) => id))("describes %s alone for programs", async (id) => {
    const { code, output } = await collectText(["checks", id, "-f", "json"]);
    expect(code).toBe(0);
    expect(checkCatalogueSchema.parse(JSON.parse(output)).checks.map((check) => check.id)).toEqual([id]);
  });

  it("names the published requirements of a check", async () => {
    expect((await collectText(["checks", "allowed-upstream"])).output).toMatch(
      /^Requirements {2}CIS EKS 5\.1\.4$/m,
    );
    expect((await collectText(["checks", "rule-quota"])).output).not.toContain("Requirements  ");
  });

  it("fits a terminal of 80 columns", async () => {
    const { output } = await collectText(["checks"]);
    expect(output.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(checks.map(({ id, docs }) => [id, docs]))("explains %s by its document", async (id, docs) => {
    const { code, output } = await collectText(["checks", id], {}, { columns: 72 });
    expect(code).toBe(0);
    const document = renderDocument(readFileSync(packageFile(docs), "utf8"), pageOf(72, false));
    const requirements = checks.find((check) => check.id === id)?.requirements ?? [];
    expect(output.startsWith(document)).toBe(true);
    expect(output.slice(document.length).replace(/\s+/g, " ").trim()).toBe(
      requirements.length === 0 ? "" : `Requirements ${requirements.join(", ")}`,
    );
    expect(output).toContain(`${id}\n`);
  });

  it("uses colours on a terminal unless they are declined", async () => {
    const [first = ""] = checks.map(({ id }) => id);
    const painted = await collectText(["checks", first], {}, { isTTY: true });
    const plain = await collectText(["checks", first, "--no-color"], {}, { isTTY: true });
    expect(painted.output).toContain("\u001b[1m");
    expect(plain.output).not.toContain("\u001b[");
  });

  it("lists the known checks if the check is unknown", async () => {
    const { code, output, errors } = await collectText(["checks", "no-such-check"]);
    expect({ code, output }).toEqual({ code: 64, output: "" });
    expect(errors).toBe(
      `Unknown check no-such-check. Known checks: ${checks.map(({ id }) => id).join(", ")}.\n`,
    );
  });
});
