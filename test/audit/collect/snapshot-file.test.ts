import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSnapshotFile, snapshotFileOf } from "../../../src/audit/collect/snapshot-file.ts";
import { wholeScope } from "../../../src/audit/plan/request.ts";
import { ConfigurationError } from "../../../src/core/problem.ts";
import { present, unreadable } from "../../../src/facts/evidence.ts";
import { factNames } from "../../../src/facts/index.ts";
import { nothingCollected, type RegistrySnapshot, unreadSnapshot } from "../../../src/facts/snapshot.ts";
import type { ExcludedAccount } from "../../../src/schemas/report.ts";
import type { SnapshotFile } from "../../../src/schemas/snapshot-file.ts";
import { aRegistryOf, aSnapshot, aTarget, NOW } from "../../support/builders.ts";
import { aReport } from "../../support/report-builders.ts";

const suspended: ExcludedAccount = {
  account: "999999999999",
  accountName: "old",
  reason: "not-active",
  detail: "SUSPENDED",
};

function aSnapshotFile(overrides: Partial<SnapshotFile> = {}): SnapshotFile {
  return {
    schemaVersion: 1,
    collectedAt: NOW.toISOString(),
    request: wholeScope("schedule"),
    excludedAccounts: [suspended],
    registries: [aSnapshot()],
    ...overrides,
  };
}

function problemsWith(snapshotFile: unknown): readonly string[] {
  try {
    readSnapshotFile(JSON.stringify(snapshotFile), "recorded.json");
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map((p) => `${p.path} ${p.message}`);
    throw error;
  }
  return [];
}

describe("snapshotFileOf", () => {
  const { coverage } = aReport();

  it("keeps what was asked for, what was left out, and when it all began", () => {
    const request = { ...wholeScope("console"), regions: ["eu-west-1"] };
    const report = {
      startedAt: "2026-11-20T01:00:00.000Z",
      coverage: { ...coverage, excludedAccounts: [suspended] },
    };
    expect(snapshotFileOf(request, report, [aSnapshot()])).toEqual({
      ...aSnapshotFile({ collectedAt: report.startedAt, request }),
    });
  });

  it("orders registries by account and region, regardless of the order in which they were read", () => {
    const places = ["222222222222 eu-west-1", "111111111111 us-east-1", "111111111111 eu-west-1"];
    const snapshots = places.map((storage) => {
      const [account = "", region = ""] = storage.split(" ");
      return aSnapshot({ target: aTarget({ account, region }) });
    });
    const { registries } = snapshotFileOf(wholeScope("cli"), aReport(), snapshots);
    expect(registries.map(({ target }) => `${target.account} ${target.region}`)).toEqual(places.toSorted());
  });
});

/** One snapshot file as each released version of the auditor wrote it: what is kept must stay readable. */
const oldFiles = new URL("./snapshot-files/", import.meta.url);

/** A registry of an old file with the members of facts that later versions added: what was not recorded is null. */
function withLaterMembers({ creationTemplates, secrets, ...registry }: RegistrySnapshot) {
  const ofTemplates = { lifecyclePolicy: null, repositoryPolicy: null };
  return {
    ...registry,
    creationTemplates:
      creationTemplates.state === "present"
        ? present(creationTemplates.value.map((template) => ({ ...template, ...ofTemplates })))
        : creationTemplates,
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([arn, secret]) => [
        arn,
        secret.state === "present" ? present({ ...secret.value, rotation: null }) : secret,
      ]),
    ),
  };
}

describe("readSnapshotFile", () => {
  it.each(readdirSync(oldFiles))("reads the file of an older version, %s", (name) => {
    const text = readFileSync(new URL(name, oldFiles), "utf8");
    const written: SnapshotFile = JSON.parse(text);
    const read = readSnapshotFile(text, name);
    expect(written.registries).not.toEqual([]);
    expect(read.registries).toEqual(
      written.registries.map((registry) => ({ ...nothingCollected, ...withLaterMembers(registry) })),
    );
  });

  it.each(factNames)(
    "takes %s as not collected where a file lacks it: its auditor did not know it",
    (name) => {
      const { [name]: _unknownThen, ...registry } = aSnapshot();
      const text = JSON.stringify({ ...aSnapshotFile(), registries: [registry] });
      expect(readSnapshotFile(text, "old.json").registries).toEqual([
        { ...registry, [name]: nothingCollected[name] },
      ]);
    },
  );

  it("reads the placeholders of accounts and regions that could not be listed", () => {
    const unlisted = unreadable("deadline", "organizations:ListAccounts", "The time was over.");
    const targets = [aTarget({ account: "*", region: "*" }), aTarget({ region: "*" })];
    const snapshotFile = aSnapshotFile({
      registries: targets.map((target) => unreadSnapshot(target, unlisted, NOW)).map(apart),
    });
    expect(readSnapshotFile(JSON.stringify(snapshotFile), "recorded.json")).toEqual(snapshotFile);
  });

  it("reads what was written, every fact of it", () => {
    const snapshotFile = aSnapshotFile({ registries: [aSnapshot(), aRegistryOf()].map(apart) });
    expect(readSnapshotFile(JSON.stringify(snapshotFile), "recorded.json")).toEqual(snapshotFile);
  });

  it.each([
    ["is no object", [], "$ must be of type object"],
    ["has no version", aSnapshotFileWithout("schemaVersion"), "$.schemaVersion must be 1"],
    [
      "is of no time",
      { ...aSnapshotFile(), collectedAt: "today" },
      "$.collectedAt must be a time such as 2026-11-20T02:00:00.000Z",
    ],
    ["lacks its registries", aSnapshotFileWithout("registries"), "$.registries is missing (array)"],
    ["says more than it may", { ...aSnapshotFile(), notes: "x" }, "$.notes is not a known key"],
    [
      "has evidence of no known state",
      { ...aSnapshotFile(), registries: [{ ...aSnapshot(), scanning: { state: "guessed" } }] },
      '$.registries[0].scanning.state must be "present", "absent" or "unreadable"',
    ],
    [
      "has a registry twice",
      aSnapshotFile({ registries: [aSnapshot(), aSnapshot()] }),
      "$.registries[1] repeats 111122223333 eu-west-1",
    ],
  ])("refuses a file that %s", (_what, snapshotFile, problem) => {
    expect(problemsWith(snapshotFile)).toEqual([problem]);
  });

  it("lists all problems", () => {
    const rule = { rule: { ecrRepositoryPrefix: 3 }, validation: present({ outcome: "perhaps" }) };
    const spoilt = {
      ...aSnapshotFile({ request: wholeScope("cli") }),
      registries: [{ ...aSnapshot(), rules: present([rule]) }],
    };
    const paths = problemsWith({ ...spoilt, excludedAccounts: {} }).map((problem) => problem.split(" ")[0]);
    expect(paths).toEqual(
      expect.arrayContaining([
        "$.excludedAccounts",
        "$.registries[0].rules.value[0].rule.ecrRepositoryPrefix",
        "$.registries[0].rules.value[0].rule.upstreamRegistryUrl",
        "$.registries[0].rules.value[0].validation.value.outcome",
      ]),
    );
  });

  it("says of a newer version only that it is newer", () => {
    expect(problemsWith({ schemaVersion: 2, registries: "elsewhere" })).toEqual([
      "$.schemaVersion is 2, but this auditor reads version 1: use the newer auditor that wrote the file",
    ]);
  });

  it("refuses what is not JSON", () => {
    expect(() => readSnapshotFile("{", "recorded.json")).toThrow(
      /^recorded\.json: 1 problem\n {2}\$ is not JSON: /,
    );
  });
});

function apart<S extends { readonly target: object }>(snapshot: S, index: number): S {
  return { ...snapshot, target: { ...snapshot.target, region: `eu-west-${index + 1}` } };
}

function aSnapshotFileWithout(key: keyof SnapshotFile): Partial<SnapshotFile> {
  const { [key]: _gone, ...rest } = aSnapshotFile();
  return rest;
}
