import { z } from "zod";
import type { Region, World } from "../world.ts";
import { account, registry, repositoriesMadeBy, rule, template, world } from "../world-builder.ts";

/** The schema of {@link Scale}. */
export const scaleSchema = z.strictObject({
  accounts: z.int().min(1),
  regions: z.int().min(1),
  rulesPerRegistry: z.int().min(0).max(50),
  /** The repositories of each registry, under the prefix of its first rule; none by default. */
  repositoriesPerRegistry: z.int().min(0).optional(),
  /** The duration of each call, plus a random part of up to the same length. */
  latencyMilliseconds: z.number().optional(),
  jitterMilliseconds: z.number().optional(),
  /** Every nth rule fails validation; none by default. */
  failingEvery: z.int().optional(),
  /** A token bucket for each registry and ECR operation, in every account or every nth one; none by default. */
  throttle: z
    .strictObject({ ratePerSecond: z.number(), burst: z.number(), everyAccount: z.int().optional() })
    .optional(),
  /** A token bucket for AssumeRole, which all accounts share; none by default. */
  sessionThrottle: z.strictObject({ ratePerSecond: z.number(), burst: z.number() }).optional(),
});

/** The size of a world and the duration of its calls. */
export type Scale = Readonly<z.infer<typeof scaleSchema>>;

const REGIONS = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["eu-central-1", "eu-north-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2"],
  ...["ap-northeast-3", "ap-south-1", "ca-central-1", "sa-east-1"],
] as const;

const UPSTREAMS = ["ecr-public", "docker-hub", "quay", "github-container-registry", "k8s"] as const;

/** An organization of any size, for benchmarks. The first account is the hub. */
export function scaleWorld(scale: Scale): World {
  const regionNames = worldRegions(scale.regions);
  const [hub, ...members] = Array.from({ length: scale.accounts }, (_nothing, index) =>
    account(accountIdAt(index), {
      name: `workload-${index}`,
      organizationalUnit: `Workloads/Unit ${index % 20}`,
      regions: Object.fromEntries(regionNames.map((name) => [name, registryOfScale(scale)])),
    }),
  );
  if (hub === undefined) throw new RangeError("A world must have at least one account.");
  return world({
    accounts: [hub, ...members],
    faults: scale.latencyMilliseconds === undefined ? [] : [delayOf(scale.latencyMilliseconds, scale)],
    throttles: [...throttlesOf(scale), ...sessionThrottlesOf(scale)],
  });
}

/** The first `count` regions of a scale world. */
export function worldRegions(count: number): readonly string[] {
  const names = REGIONS.slice(0, count);
  if (names.length < count) throw new RangeError(`There are only ${REGIONS.length} regions.`);
  return names;
}

function throttlesOf({ accounts, throttle }: Scale): World["throttles"] {
  if (throttle === undefined) return [];
  const { everyAccount, ...bucket } = throttle;
  if (everyAccount === undefined) return [{ on: { service: "ecr" }, ...bucket }];
  return Array.from({ length: accounts }, (_nothing, index) => index)
    .filter((index) => isEvery(everyAccount, index))
    .map((index) => ({ on: { service: "ecr", account: accountIdAt(index) }, ...bucket }));
}

function sessionThrottlesOf({ sessionThrottle }: Scale): World["throttles"] {
  if (sessionThrottle === undefined) return [];
  return [{ on: { service: "sts", operation: "AssumeRole" }, ...sessionThrottle, shared: true }];
}

/** Whether the account with this index (from 0) is the last of each `nth` accounts. */
export function isEvery(nth: number, index: number): boolean {
  return (index + 1) % nth === 0;
}

/** The id of the account with this index (from 0) in a scale world. */
export function accountIdAt(index: number): string {
  return (100_000_000_001 + index).toString();
}

function delayOf(milliseconds: number, { jitterMilliseconds = 0 }: Scale): World["faults"][number] {
  return { on: {}, effect: { kind: "delay", milliseconds, jitterMilliseconds } };
}

function registryOfScale({
  rulesPerRegistry,
  repositoriesPerRegistry = 0,
  failingEvery = Number.POSITIVE_INFINITY,
}: Scale): Region {
  const rules = Array.from({ length: rulesPerRegistry }, (_nothing, index) => {
    const upstream = UPSTREAMS[index % UPSTREAMS.length] ?? "quay";
    const fails = (index + 1) % failingEvery === 0;
    return rule(`${upstream.slice(0, 10)}-${index}`, upstream, {
      ...(fails ? { validation: { isValid: false, failure: "unauthorized: authentication required" } } : {}),
    });
  });
  const prefix = rules[0]?.ecrRepositoryPrefix ?? "";
  const names = Array.from(
    { length: repositoriesPerRegistry },
    (_nothing, index) => `${prefix}/image-${index}`,
  );
  return registry(rules, {
    templates: [template("ROOT")],
    ...(names.length === 0 ? {} : { repositories: repositoriesMadeBy(template("ROOT"), names) }),
    scanning: { scanType: "ENHANCED", rules: [{ scanFrequency: "CONTINUOUS_SCAN", filters: ["*"] }] },
  });
}
