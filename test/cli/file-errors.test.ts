import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { smallWorld } from "../e2e/support/organization.ts";
import { runAuditor } from "./support/run-auditor.ts";
import { setUpWorkspace } from "./support/workspace.ts";

/** Names of system errors, and the names of errors in front of a sentence. */
const raw = /\bE[A-Z]{4,}\b|Error:|no such file or directory|illegal operation|^ +at /m;

describe("an input that cannot be read is explained in a sentence:", () => {
  it.each([
    ["evaluate --snapshot missing.json", "missing.json could not be read: it does not exist"],
    ["evaluate --snapshot folder", "folder could not be read: it is a folder, not a file"],
    ["policy lint missing.json", "missing.json could not be read: it does not exist"],
    ["policy lint folder", "folder could not be read: it is a folder, not a file"],
    ["policy lint policy.json/x", "policy.json/x could not be read: a part of the path is not a folder"],
    ["policy lint latin.json", "latin.json could not be read: it is not text in UTF-8; save it as UTF-8"],
    ["policy test missing.json", "missing.json could not be read: it does not exist"],
    ["apply folder", "folder could not be read: it is a folder, not a file"],
    ["apply missing.json", "missing.json could not be read: it does not exist"],
    ["check missing.yml", "missing.yml could not be read: it does not exist"],
    ["plan --report missing.json", "missing.json could not be read: it does not exist"],
    ["diff a/report.json b/report.json", "a/report.json could not be read: it does not exist"],
    ["audit --format json=none/x.json", "the folder none does not exist; create it"],
    ["audit -o folder.json", "it is a folder, not a file"],
    ["audit --snapshot-out none/x.json", "the folder none does not exist; create it"],
    ["audit --store policy.json", "--store policy.json: it is not a folder"],
    [
      "policy init none/policy.json",
      "none/policy.json could not be written: the folder none does not exist; create it",
    ],
    ["policy lint empty.json", "$ is not JSON: it is empty"],
    ["evidence verify --store none", "The store none could not be read: it does not exist"],
    [
      "evidence --store policy.json --from 2026-01-01 --to 2026-01-02",
      "it is a file, and a store is a folder",
    ],
  ])("%s", async (line, sentence) => {
    await using workspace = await setUpWorkspace(smallWorld());
    const { folder } = workspace;
    await mkdir(join(folder, "folder"));
    await mkdir(join(folder, "folder.json"));
    await writeFile(join(folder, "empty.json"), " \n");
    await writeFile(join(folder, "latin.json"), Buffer.from('{"name":"caf\u00e9"}', "latin1"));
    const { code, errors, output } = await runAuditor(line.split(" "), workspace.simulator.env, {
      cwd: folder,
    });
    expect(output).toBe("");
    expect(errors).toContain(sentence);
    expect(errors).not.toMatch(raw);
    expect([64, 69, 74, 78]).toContain(code);
  });
});

it("certificates that cannot be read do not matter where AWS is not called", async () => {
  await using workspace = await setUpWorkspace(smallWorld());
  const at = { cwd: workspace.folder };
  const ended = await runAuditor(["policy", "lint", "policy.json"], { AWS_CA_BUNDLE: "missing.pem" }, at);
  expect(ended).toMatchObject({ code: 0, errors: "" });
});

describe("a slip in a location is refused, and makes no folder:", () => {
  it.each([
    ["audit --store s3:/bucket/x", "the bucket name is missing or not valid"],
    ["audit --store s3//bucket/x", "the colon after s3 is missing"],
    ["audit --store gs://bucket", "gs: is not supported"],
    ["history --store s3:bucket", "the bucket name is missing or not valid"],
    ["audit -o s3://bucket/report.json", "must be a path: s3: is not supported here"],
    ["audit --snapshot-out s3:/bucket/x.json", "must be a path: s3: is not supported here"],
    ["audit -f json=https://example.com/x", "must be a path: https: is not supported here"],
    ["plan -f cloudformation=s3:/bucket/templates", "must be a path: s3: is not supported here"],
    ["plan -f cloudformation=s3//bucket/templates", "must be a path: s3 is not supported here"],
    ["policy init s3://bucket/policy.json", "must be a path: s3: is not supported here"],
    ["apply policy.json --journal s3:/bucket/journal", "must be a path: s3: is not supported here"],
  ])("%s", async (line, explanation) => {
    await using workspace = await setUpWorkspace(smallWorld());
    const { folder } = workspace;
    const before = await readdir(folder);
    const { code, errors } = await runAuditor(line.split(" "), workspace.simulator.env, { cwd: folder });
    expect(code).toBe(64);
    expect(errors).toContain(explanation);
    expect(await readdir(folder)).toEqual(before);
    expect(workspace.simulator.calls).toEqual([]);
  });
});

it("the code in a folder is judged although a file beside it is no text", async () => {
  await using workspace = await setUpWorkspace(smallWorld());
  const code = join(workspace.folder, "code");
  await mkdir(code);
  await writeFile(join(code, "picture.json"), Buffer.from([0x89, 0x50, 0xff, 0xfe, 0x80]));
  await writeFile(
    join(code, "template.json"),
    '{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"T":{"Type":"AWS::SNS::Topic"}}}',
  );
  const ended = await runAuditor(["check", "code"], {}, { cwd: workspace.folder });
  expect(ended).toMatchObject({ code: 0 });
});

it("all errors of the options are reported at once, and nothing is called", async () => {
  await using workspace = await setUpWorkspace(smallWorld());
  const words = [
    "--accounts",
    "1",
    "--regions",
    "Ireland",
    "--format",
    "xml",
    "--fail-on",
    "urgent",
    "--region",
    "x",
  ];
  const { code, errors } = await workspace.audit(words);
  expect(code).toBe(64);
  expect(errors.trimEnd().split("\n")).toEqual([
    expect.stringContaining('"1" must be a 12-digit AWS account id'),
    expect.stringContaining('"Ireland" must be the code of an AWS region'),
    expect.stringContaining("Unknown format xml. Known formats: text"),
    expect.stringContaining("Allowed choices are critical"),
    expect.stringContaining('"x" must be the code of an AWS region'),
  ]);
  expect(workspace.simulator.calls).toEqual([]);
});
