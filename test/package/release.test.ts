import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { hubTemplate, writeRelease } from "../../tools/release/files.ts";
import { markersOf } from "../../tools/release/settings.ts";
import { functionNames, packaged } from "./packages.ts";

const project = packageFile("");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "release-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function release(): Promise<readonly string[]> {
  const sbom = `${folder}.sbom.json`;
  await writeFile(sbom, "{}");
  const [, markedPackage] = inject("packages");
  const parts = { project, version: "1.2.3", packaged: markedPackage, markers: markersOf(project), sbom };
  return await writeRelease(folder, parts).finally(() => rm(sbom));
}

function contents(): Promise<readonly (readonly [string, string])[]> {
  return readdir(folder).then((names) =>
    Promise.all(
      names.sort().map(async (name) => [name, await readFile(join(folder, name), "base64")] as const),
    ),
  );
}

describe("a release", () => {
  it("has each function's code, the templates, a bill of materials and their checksums", async () => {
    const names = await release();
    expect(await readdir(folder)).toEqual([...names].sort());
    expect(names).toEqual(
      expect.arrayContaining([
        hubTemplate,
        "member-role.yml",
        "member-events.yml",
        "alerts-jira.yml",
        "alerts-opsgenie.yml",
        "alerts-pagerduty.yml",
        "alerts-servicenow.yml",
        "sbom.cdx.json",
        "SHA256SUMS",
        ...functionNames.map((name) => expect.stringMatching(new RegExp(`^${name}-[0-9a-f]{12}\\.zip$`))),
      ]),
    );
    const others = names.filter((name) => name !== "SHA256SUMS").sort();
    const lines = others.map(async (name) => {
      const digest = createHash("sha256").update(await readFile(join(folder, name)));
      // As `sha256sum --check` reads them.
      return `${digest.digest("hex")}  ${name}\n`;
    });
    expect(await readFile(join(folder, "SHA256SUMS"), "utf8")).toBe((await Promise.all(lines)).join(""));
  });

  it("has every template of deploy as it is", async () => {
    await release();
    const templates = (await readdir(join(project, "deploy"))).filter((name) => name.endsWith(".yml"));
    for (const name of templates) {
      const released = await readFile(join(folder, name), "utf8");
      expect(released, name).toBe(await readFile(join(project, "deploy", name), "utf8"));
    }
  });

  it("has the code that Serverless deploys, where the template looks for it", async () => {
    const names = await release();
    const template = await readFile(join(folder, hubTemplate), "utf8");
    const keys = Array.from(template.matchAll(/"\$\{CodePrefix\}([^"]+)"/g), ([, key = ""]) => key).sort();
    expect(keys).toEqual(names.filter((name) => name.endsWith(".zip")).sort());
    const { zips } = await packaged();
    for (const name of functionNames) {
      const key = keys.find((each) => each.startsWith(`${name}-`)) ?? "none";
      expect((await readFile(join(folder, key))).equals(zips[name]), name).toBe(true);
    }
  });

  it("is the same each time, replaces an earlier one, and leaves other files alone", async () => {
    await release();
    const first = await contents();
    await writeFile(join(folder, "auditor.js"), "built");
    await writeFile(join(folder, "audit-000000000000.zip"), "earlier");
    const sums = await readFile(join(folder, "SHA256SUMS"), "utf8");
    await writeFile(join(folder, "SHA256SUMS"), `${sums}${"0".repeat(64)}  audit-000000000000.zip\n`);
    await release();
    const [kept] = await contents().then((all) => all.filter(([name]) => name === "auditor.js"));
    expect(kept).toEqual(["auditor.js", Buffer.from("built").toString("base64")]);
    expect((await contents()).filter(([name]) => name !== "auditor.js")).toEqual(first);
  });
});
