import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { present, unreadable } from "../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { renderJson } from "../../src/formats/json.ts";
import { evaluated } from "../remediation/support.ts";
import {
  aCachedRepository,
  aPolicyFile,
  aRegistryOf,
  aRepositoryPolicy,
  aSnapshot,
  aTarget,
  NOW,
  type PolicyFile,
} from "../support/builders.ts";
import { collectText } from "./support/collected-text.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pull-through-plan-"));
});
afterAll(() => rm(folder, { recursive: true }));

const quay = { upstreamRegistryUrl: "quay.io", credentialArn: null };
const policy: Partial<PolicyFile> = { allowedUpstreams: [{ registry: "quay", prefixes: ["quay"] }] };
const failing = aRegistryOf({ ...quay, ecrRepositoryPrefix: "red-hat" });
const elsewhere = { ...failing, target: aTarget({ region: "us-east-1" }) };

/** Plans offline by a snapshot of registries. */
function plan(registries: readonly RegistrySnapshot[], ...words: readonly string[]) {
  return planBy(policy, registries, ...words);
}

async function planBy(
  by: Partial<PolicyFile>,
  registries: readonly RegistrySnapshot[],
  ...words: readonly string[]
) {
  const [policyFile, snapshot] = ["policy.json", "seen.json"].map((name) => join(folder, name));
  if (policyFile === undefined || snapshot === undefined) throw new Error("There are two names.");
  await writeFile(policyFile, JSON.stringify(aPolicyFile(by)));
  const request = { trigger: "cli", accounts: null, regions: null, prefixes: null };
  const snapshotFile = {
    schemaVersion: 1,
    collectedAt: NOW.toISOString(),
    request,
    excludedAccounts: [],
    registries,
  };
  await writeFile(snapshot, JSON.stringify(snapshotFile));
  return collectText(["plan", "--policy", policyFile, "--snapshot", snapshot, ...words]);
}

describe("plan", () => {
  it("shows the changes, why, and their effects on pulls, and exits with 1", async () => {
    const { code, output, errors } = await plan([failing]);
    expect({ code, errors }).toEqual({ code: 1, errors: "" });
    expect(output).toContain("Replace red-hat with quay");
    expect(output).toContain("Because: Prefix is not allowed for its upstream (prefix-convention)");
    expect(output).toContain("Image names change from red-hat/… to quay/…");
    expect(output).toContain("1 change in 1 registry, 0 findings to fix manually.");
  });

  it("exits with 0 if nothing is to be done, and with 2 if something could not be read", async () => {
    const compliant = aRegistryOf({ ...quay, ecrRepositoryPrefix: "quay" });
    expect(await plan([compliant])).toMatchObject({ code: 0 });
    const unseen = aSnapshot({
      rules: unreadable("access-denied", "ecr:DescribePullThroughCacheRules", "no"),
    });
    const { code, output } = await plan([unseen]);
    expect(code).toBe(2);
    expect(output).toContain("SKIPPED");
    // The reason stands once, however many checks it keeps from an answer.
    expect(output.match(/UNKNOWN: ecr:DescribePullThroughCacheRules/g)).toHaveLength(1);
  });

  it("writes one template for each registry into a folder, and refuses to put two into one output", async () => {
    const templates = join(folder, "templates");
    const both = await plan(
      [failing, elsewhere],
      "--format",
      `cloudformation=${templates}`,
      "--format",
      "cli",
    );
    expect(both.code).toBe(1);
    expect((await readdir(templates)).toSorted()).toEqual([
      "111122223333-eu-west-1.json",
      "111122223333-us-east-1.json",
    ]);
    const refused = await plan([failing, elsewhere], "--format", "cloudformation");
    expect(refused).toMatchObject({ code: 64, errors: expect.stringContaining("Name a folder") });
    const single = await plan([failing], "--format", "cloudformation");
    expect(JSON.parse(single.output)).toMatchObject({ Resources: { RuleQuay: {} } });
  });

  it("fixes only the failures of a report", async () => {
    const report = join(folder, "report.json");
    await writeFile(report, renderJson(evaluated([elsewhere], policy)));
    const { output } = await plan([failing, elsewhere], "--report", report, "--format", "json");
    const regions = JSON.parse(output).registries.map(({ region }: { region: string }) => region);
    expect(regions).toEqual(["us-east-1"]);
  });

  it("can be narrowed, and refuses what is no offer", async () => {
    const { output } = await plan([failing, elsewhere], "--regions", "eu-west-1", "--format", "json");
    expect(JSON.parse(output).registries).toHaveLength(1);
    const refused = await plan([failing], "--credential", "docker-hub=nothing");
    expect(refused).toMatchObject({ code: 64, errors: expect.stringContaining("UPSTREAM=SECRET_ARN") });
    expect(await plan([failing], "--role", "nothing")).toMatchObject({ code: 64 });
  });
});

describe("plan --repositories", () => {
  it("writes the script beside the plan, also when there is nothing to do", async () => {
    const script = join(folder, "repositories.sh");
    const asking = { ...policy, cachedRepositories: {} };
    const { code, errors } = await planBy(asking, [failing], "--repositories", script);
    expect({ code, errors }).toEqual({ code: 1, errors: "" });
    expect(await readFile(script, "utf8")).toContain("# No repository can be given what it lacks.");
    const refused = await plan([failing], "--repositories", join(folder, "none", "script.sh"));
    expect(refused).toMatchObject({ code: 64, errors: expect.stringContaining("--repositories") });
  });

  it.each(["--repositories", "--repositories-test"])(
    "needs a policy for %s that has repositories read",
    async (option) => {
      const name = `unread${option}`;
      const file = join(folder, name);
      expect(await plan([failing], option, file)).toMatchObject({
        code: 64,
        errors: expect.stringContaining("need the section cachedRepositories in the policy"),
      });
      expect(await readdir(folder)).not.toContain(name);
      const inOverride = { overrides: [{ where: { accounts: ["*"] }, set: { cachedRepositories: {} } }] };
      expect(await planBy({ ...policy, ...inOverride }, [failing], option, file)).toMatchObject({ code: 1 });
    },
  );

  it("writes a policy test of what the script leaves, which the policy meets, and a stricter one does not", async () => {
    const [mended, lasting] = ["docker-hub/a", "docker-hub/b"];
    const registry = aSnapshot({
      cachedRepositories: present({
        prefixes: [{ prefix: "docker-hub", isFormer: false, existing: 2, excluded: 0 }],
        lookedAt: [
          aCachedRepository({ name: mended, imageTagMutability: "IMMUTABLE" }),
          aCachedRepository({ name: lasting, imageTagMutability: "IMMUTABLE", encryptionType: "AES256" }),
        ],
      }),
      cachedLifecyclePolicies: present({ texts: [], of: { [mended]: null, [lasting]: null }, unread: [] }),
      cachedRepositoryPolicies: present({
        texts: [aRepositoryPolicy()],
        of: { [mended]: 0, [lasting]: 0 },
        unread: [],
      }),
    });
    const file = join(folder, "repositories.test.json");
    const asking = { cachedRepositories: {} };
    const { errors } = await planBy(asking, [registry], "--repositories-test", file);
    expect(errors).toBe("");
    const written = JSON.parse(await readFile(file, "utf8"));
    expect(written).toMatchObject({
      policy: "policy.json",
      cases: [
        {
          registry: {
            // The encryption of the other one cannot be changed.
            cachedRepositories: [
              { name: mended, imageTagMutability: "MUTABLE", lifecyclePolicy: { rules: [{}] } },
            ],
          },
          expect: { "docker-hub": { "cached-repositories": "PASS" } },
        },
      ],
    });
    const run = () => collectText(["policy", "test", file]);
    expect(await run()).toMatchObject({ code: 0 });
    const stricter = { cachedRepositories: { lifecyclePolicy: { expireAfterDays: 1 } } };
    await writeFile(join(folder, "policy.json"), JSON.stringify(aPolicyFile(stricter)));
    expect(await run()).toMatchObject({
      code: 1,
      output: expect.stringContaining("expected PASS, got FAIL"),
    });
  });

  it("says so where no repository complies after the script", async () => {
    const file = join(folder, "nothing.test.json");
    const asking = { ...policy, cachedRepositories: {} };
    const { errors } = await planBy(asking, [failing], "--repositories-test", file);
    expect(errors).toContain("No policy test was written.");
    expect(await readdir(folder)).not.toContain("nothing.test.json");
  });
});
