import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checks } from "../../src/checks/index.ts";
import { packageFile } from "../../src/package-file.ts";
import { collectText } from "./support/collected-text.ts";

it("lists every check in its order, with severity and what it fails for", async () => {
  const { code, output, errors } = await collectText(["checks"]);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  const rows = output
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
  expect(rows).toEqual(
    checks.map(({ id, severity, failsWhen }) => [
      id,
      severity,
      `fails when ${failsWhen.replaceAll("`", "")}`,
    ]),
  );
});

it.each(checks.map(({ id, docs }) => [id, docs]))("explains %s by its document", async (id, docs) => {
  const { code, output } = await collectText(["checks", id]);
  expect(code).toBe(0);
  expect(output).toBe(readFileSync(packageFile(docs), "utf8"));
  expect(output).toContain(id);
});

it("names the checks that there are when asked for another", async () => {
  const { code, output, errors } = await collectText(["checks", "no-such-check"]);
  expect({ code, output }).toEqual({ code: 64, output: "" });
  expect(errors).toBe(
    `There is no check no-such-check; there are ${checks.map(({ id }) => id).join(", ")}.\n`,
  );
});
