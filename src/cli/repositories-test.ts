import { dirname, relative, resolve } from "node:path";
import { cachedRepositories } from "../checks/cached-repositories/check.ts";
import { compareValues } from "../core/order.ts";
import { effectivePolicies } from "../policy/effective.ts";
import type { Policy } from "../policy/schema.ts";
import { describeRegistry, type RegistryFile } from "../policy-test/describe.ts";
import { runCase } from "../policy-test/run.ts";
import { readPolicyTest } from "../policy-test/schema.ts";
import type { Mended } from "../remediation/plan/repository-script.ts";

/** As many repositories as a case has: a policy test is read by people. */
const mostRepositories = 50;

type Case = {
  readonly name: string;
  readonly registry: RegistryFile;
  readonly expect: Readonly<Record<string, Readonly<Record<string, "PASS">>>>;
};

/**
 * Renders a policy test of what the script leaves: a case for each registry, with repositories as they are then, which must
 * comply with the policy.
 *
 * @param location the policy's path or S3 location
 * @param file the path of the policy test, to which a path of the policy is made relative
 * @returns `null` if no repository complies after the script
 */
export function renderRepositoriesTest(
  mended: readonly Mended[],
  policy: Policy,
  { location, file, now }: { readonly location: string; readonly file: string; readonly now: Date },
): string | null {
  const effective = effectivePolicies(policy);
  const path = location.startsWith("s3://") ? location : relative(dirname(resolve(file)), resolve(location));
  const cases = mended
    .toSorted((a, b) => compareValues(nameOf(a), nameOf(b)))
    .flatMap((one) => {
      const { maxRepositories = mostRepositories } =
        effective(one.registry.target).policy.cachedRepositories ?? {};
      const described = caseOf(one, Math.min(mostRepositories, maxRepositories));
      const met = metOf(described, path, policy, now);
      return Object.keys(met.expect).length === 0 ? [] : [met];
    });
  return cases.length === 0 ? null : `${JSON.stringify({ policy: path, cases }, null, 2)}\n`;
}

function nameOf({ registry: { target } }: Mended): string {
  return `${target.account} ${target.region}`;
}

function caseOf(mended: Mended, most: number): Case {
  const { registry, repositories } = mended;
  const names = new Set(repositories.slice(0, most));
  const lookedAt =
    registry.cachedRepositories.state === "present" ? registry.cachedRepositories.value.lookedAt : [];
  const prefixes = new Set(lookedAt.filter(({ name }) => names.has(name)).map(({ prefix }) => prefix));
  return {
    name: `${nameOf(mended)}: repositories as the script leaves them`,
    registry: describeRegistry(registry, names),
    expect: Object.fromEntries(
      Array.from(prefixes, (prefix) => [prefix, { [cachedRepositories.id]: "PASS" } as const]),
    ),
  };
}

/** The case without expectations that a description cannot meet, such as where a setting of the registry was not read. */
function metOf(described: Case, path: string, policy: Policy, now: Date): Case {
  const [parsed] = readPolicyTest(JSON.stringify({ policy: path, cases: [described] }), path).cases;
  const differences = parsed === undefined ? [] : runCase(parsed, policy, now).differences;
  const unmet = new Set(differences.map(({ prefix }) => prefix));
  const expect = Object.fromEntries(
    Object.entries(described.expect).filter(([prefix]) => !unmet.has(prefix)),
  );
  return { ...described, expect };
}
