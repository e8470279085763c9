import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cachedRepositories } from "../../src/checks/cached-repositories/check.ts";
import type { CachedRepository } from "../../src/facts/cached-repositories.ts";
import { present } from "../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import {
  planRepositories,
  type RepositoryChange,
  renderRepositoryScript,
} from "../../src/remediation/plan/repository-script.ts";
import { everyCall } from "../aws/every-call.ts";
import {
  aCachedRepository,
  aCreationTemplate,
  aLifecyclePolicy,
  aPolicy,
  aRepositoryPolicy,
  aSnapshot,
  NOW,
} from "../support/builders.ts";
import { aFinding } from "../support/report-builders.ts";

const run = promisify(execFile);
const policy = aPolicy({ cachedRepositories: { lifecyclePolicy: true }, scanning: {} });
const target = { account: "111122223333", region: "eu-west-1" };
const unset = "docker-hub/a";
const settled = "docker-hub/b";

/** Repositories, of which the first lacks everything. */
function registryOf(spoils: Partial<CachedRepository> = {}): RegistrySnapshot {
  const spoiled = { name: unset, imageTagMutability: "IMMUTABLE", ...spoils };
  return aSnapshot({
    cachedRepositories: present({
      prefixes: [{ prefix: "docker-hub", isFormer: false, existing: 2, excluded: 0 }],
      lookedAt: [aCachedRepository(spoiled), aCachedRepository({ name: settled, scanOnPush: true })],
    }),
    creationTemplates: present([aCreationTemplate()]),
    cachedLifecyclePolicies: present({
      texts: [aLifecyclePolicy()],
      of: { [spoiled.name]: null, [settled]: 0 },
      unread: [],
    }),
    cachedRepositoryPolicies: present({
      texts: [aRepositoryPolicy()],
      of: { [spoiled.name]: 0, [settled]: 0 },
      unread: [],
    }),
    scanning: present({ scanType: "BASIC", rules: [] }),
  });
}

/** The findings of the check on a registry. */
function findingsOn(registry: RegistrySnapshot, by = policy) {
  return cachedRepositories
    .evaluate({ registry, policy: by, now: NOW, inScope: () => true })
    .map(({ status, kind, prefix, subject }) =>
      aFinding({ ...target, check: "cached-repositories", status, kind, prefix, id: subject, stale: false }),
    );
}

function planned(registry: RegistrySnapshot, by = policy): readonly RepositoryChange[] {
  return planRepositories(findingsOn(registry, by), [registry], by);
}

/** The registry after the changes. */
function changed(registry: RegistrySnapshot, changes: readonly RepositoryChange[]): RegistrySnapshot {
  const wanted = (setting: RepositoryChange["setting"], name: string) =>
    changes.find((change) => change.setting === setting && change.repositories.includes(name))?.value;
  const { cachedRepositories: cached } = registry;
  if (cached.state !== "present") throw new Error("There are repositories.");
  return {
    ...registry,
    cachedRepositories: present({
      ...cached.value,
      lookedAt: cached.value.lookedAt.map((one) => ({
        ...one,
        imageTagMutability: wanted("mutability", one.name) ?? one.imageTagMutability,
        scanOnPush: wanted("scanning", one.name) === "true" || one.scanOnPush,
      })),
    }),
    cachedLifecyclePolicies: present({
      texts: [wanted("lifecycle", unset) ?? "", aLifecyclePolicy()],
      of: { [unset]: 0, [settled]: 1 },
      unread: [],
    }),
  };
}

describe("the changes of repositories", () => {
  it("make the check pass, by the same policy", () => {
    const registry = registryOf();
    const failing = findingsOn(registry).filter(({ status }) => status === "FAIL");
    expect(failing.map(({ kind }) => kind)).toEqual(["tag-mutability", "no-lifecycle-policy", "not-scanned"]);
    const changes = planned(registry);
    expect(changes).toEqual([
      { ...target, setting: "lifecycle", value: aLifecyclePolicy(), repositories: [unset] },
      { ...target, setting: "mutability", value: "MUTABLE", repositories: [unset] },
      { ...target, setting: "scanning", value: "true", repositories: [unset] },
    ]);
    expect(findingsOn(changed(registry, changes)).map(({ status }) => status)).toEqual(["PASS"]);
  });

  it("are none where the finding is waived or stale", () => {
    const registry = registryOf();
    const findings = findingsOn(registry);
    for (const spoil of [{ status: "WAIVED" } as const, { stale: true }]) {
      expect(
        planRepositories(
          findings.map((one) => ({ ...one, ...spoil })),
          [registry],
          policy,
        ),
      ).toEqual([]);
    }
  });

  it("are none that do not help: a template whose policy keeps images, or no template", () => {
    const strict = aPolicy({ cachedRepositories: { lifecyclePolicy: { expireAfterDays: 10 } } });
    const settings = planned(registryOf(), strict).map(({ setting }) => setting);
    expect(settings).toEqual(["mutability"]);
    expect(planned({ ...registryOf(), creationTemplates: present([]) })).toMatchObject([
      { setting: "scanning" },
    ]);
  });

  it("are none for an encryption, which cannot be changed", () => {
    const changes = planned(registryOf({ encryptionType: "AES256", imageTagMutability: "MUTABLE" }));
    expect(changes.map(({ setting }) => setting)).toEqual(["lifecycle", "scanning"]);
  });
});

describe("the script", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "repositories-"));
    // An AWS CLI that remembers what it was told, by its operation and repository.
    const aws = `#!/usr/bin/env bash
set -euo pipefail
state=${folder}/state
touch "$state"
printf '%s\\n' "$*" >> ${folder}/calls
if test -e ${folder}/fail && [[ $2 == put-* ]]; then exit 254; fi
case "$2" in
  get-caller-identity) echo 111122223333 ;;
  get-lifecycle-policy) grep -qF "put-lifecycle-policy $4" "$state" && sed -n "s/^text //p" "$state" | head -1 || exit 254 ;;
  describe-repositories) name=\${4/--repository-names/--repository-name}
    if [[ $5 == *Mutability* ]]; then grep -qF "put-image-tag-mutability $name" "$state" && echo MUTABLE || echo IMMUTABLE
    else grep -qF "put-image-scanning-configuration $name" "$state" && echo true || echo false; fi ;;
  put-*) echo "$2 $4" >> "$state"; if [[ $2 == put-lifecycle-policy ]]; then echo "text \${5#*=}" >> "$state"; fi ;;
esac
`;
    await writeFile(join(folder, "aws"), aws);
    await chmod(join(folder, "aws"), 0o755);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const hostile = "docker-hub/$(touch pwned)';rm -rf x";
  const env = () => ({ PATH: `${folder}:${process.env["PATH"]}` });
  const callsOf = async (operation: string) =>
    (await readFile(join(folder, "calls"), "utf8"))
      .split("\n")
      .filter((line) => line.startsWith(`ecr ${operation}`));

  it("changes each repository once, can be stopped, and skips what is done when it runs again", async () => {
    const file = join(folder, "repositories.sh");
    await writeFile(file, renderRepositoryScript(planned(registryOf({ name: hostile }))));
    await writeFile(join(folder, "fail"), "");
    await expect(run("bash", [file], { env: env(), cwd: folder })).rejects.toThrow();
    expect(await callsOf("put-")).toHaveLength(1);
    await rm(join(folder, "fail"));
    const { stdout } = await run("bash", [file], { env: env(), cwd: folder });
    expect(stdout).toContain("changed: 3; already as they should be: 0");
    expect(
      await callsOf(`put-image-tag-mutability --region=eu-west-1 --repository-name=${hostile} `),
    ).toHaveLength(1);
    const again = await run("bash", [file], { env: env(), cwd: folder });
    expect(again.stdout).toBe("changed: 0; already as they should be: 3\n");
    await expect(readFile(join(folder, "pwned"))).rejects.toThrow();
  });

  it("leaves other accounts alone, names 50 repositories a command, and deletes nothing", async () => {
    const repositories = Array.from({ length: 101 }, (_, index) => `docker-hub/${index}`);
    const other = { account: "999988887777", region: "eu-west-1", setting: "mutability" } as const;
    const text = renderRepositoryScript([{ ...other, value: "MUTABLE", repositories }]);
    expect(text.match(/^ {2}mutability /gm)).toHaveLength(3);
    expect(text).not.toMatch(/aws ecr (?:batch-)?delete/);
    const file = join(folder, "other.sh");
    await writeFile(file, text);
    const { stdout, stderr } = await run("bash", [file], { env: env(), cwd: folder });
    expect({ stdout, stderr }).toEqual({
      stdout: "changed: 0; already as they should be: 0\n",
      stderr: "Skipped: set credentials for account 999988887777 and run this script again\n",
    });
  });

  it("says that there is nothing to do", () => {
    expect(renderRepositoryScript([])).toContain("# No repository can be given what it lacks.");
  });
});

it("no command of the product changes or deletes a repository, apply neither", () => {
  // The test "the calls of AWS › are all in the table below" keeps this table complete.
  const ofEcr = Object.keys(everyCall).filter((name) => name.startsWith("ecr:"));
  const changing = ofEcr.filter((name) => !/^ecr:(?:Describe|Get|Validate)/.test(name));
  expect(changing.toSorted()).toEqual([
    "ecr:CreatePullThroughCacheRule",
    "ecr:DeletePullThroughCacheRule",
    "ecr:UpdatePullThroughCacheRule",
  ]);
});
