import type { Region, World } from "../world.ts";
import { account, registry, rule, template, world } from "../world-builder.ts";

/** How large a world has to be and how slow its calls are. */
export interface Scale {
  readonly accounts: number;
  readonly regions: number;
  readonly rulesPerRegistry: number;
  /** How long each call takes, with up to that much more at random. */
  readonly latencyMilliseconds?: number;
  readonly jitterMilliseconds?: number;
  /** Every how many-th rule fails validation; none by default. */
  readonly failingEvery?: number;
  /** A token bucket for each registry and ECR operation; none by default. */
  readonly throttle?: { readonly ratePerSecond: number; readonly burst: number };
}

const REGIONS = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["eu-central-1", "eu-north-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2"],
  ...["ap-northeast-3", "ap-south-1", "ca-central-1", "sa-east-1"],
] as const;

const UPSTREAMS = ["ecr-public", "docker-hub", "quay", "github-container-registry", "k8s"] as const;

/** An organization of any size, for benchmarks. The first account is the hub. */
export function scaleWorld(scale: Scale): World {
  const regionNames = REGIONS.slice(0, scale.regions);
  if (regionNames.length < scale.regions) throw new RangeError(`There are ${REGIONS.length} regions.`);
  const [hub, ...members] = Array.from({ length: scale.accounts }, (_nothing, index) =>
    account((100_000_000_001 + index).toString(), {
      name: `workload-${index}`,
      organizationalUnit: `Workloads/Unit ${index % 20}`,
      regions: Object.fromEntries(regionNames.map((name) => [name, registryOfScale(scale)])),
    }),
  );
  if (hub === undefined) throw new RangeError("A world has at least one account.");
  return world({
    accounts: [hub, ...members],
    faults: scale.latencyMilliseconds === undefined ? [] : [delayOf(scale.latencyMilliseconds, scale)],
    throttles: scale.throttle === undefined ? [] : [{ on: { service: "ecr" }, ...scale.throttle }],
  });
}

function delayOf(milliseconds: number, { jitterMilliseconds = 0 }: Scale): World["faults"][number] {
  return { on: {}, effect: { kind: "delay", milliseconds, jitterMilliseconds } };
}

function registryOfScale({ rulesPerRegistry, failingEvery = Number.POSITIVE_INFINITY }: Scale): Region {
  const rules = Array.from({ length: rulesPerRegistry }, (_nothing, index) => {
    const upstream = UPSTREAMS[index % UPSTREAMS.length] ?? "quay";
    const fails = (index + 1) % failingEvery === 0;
    return rule(`${upstream.slice(0, 10)}-${index}`, upstream, {
      ...(fails ? { validation: { isValid: false, failure: "unauthorized: authentication required" } } : {}),
    });
  });
  return registry(rules, {
    templates: [template("ROOT")],
    scanning: { scanType: "ENHANCED", rules: [{ scanFrequency: "CONTINUOUS_SCAN", filters: ["*"] }] },
  });
}
