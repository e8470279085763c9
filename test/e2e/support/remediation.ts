import { join } from "node:path";
import { collectText } from "../../cli/support/collected-text.ts";
import { secretArn } from "../../simulator/arn.ts";
import type { Fault } from "../../simulator/faults.ts";
import type { Rule } from "../../simulator/world.ts";
import { account, registry, rule, secret, world } from "../../simulator/world-builder.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { HUB, MEMBER } from "./organization.ts";
import { type Stage, setStage } from "./stage.ts";

const REGION = "us-east-1";

/** The secret and the role that are offered to rules which lack theirs. */
export const OFFERED = secretArn(
  { partition: "aws", accountId: MEMBER, region: REGION },
  "ecr-pullthroughcache/hub-new",
);
export const ROLE = `arn:aws:iam::${MEMBER}:role/ecr-pull`;

const policy: Partial<PolicyFile> = {
  scope: { accounts: [MEMBER], regions: [REGION] },
  allowedUpstreams: [
    { registry: "docker-hub", prefixes: ["docker-hub"], secretNames: ["ecr-pullthroughcache/hub-*"] },
    { registry: "quay", prefixes: ["quay"] },
    { registry: "k8s", prefixes: ["kubernetes"] },
    { registry: "ecr", upstreamPrefixes: ["base"], roleNames: ["ecr-pull"] },
  ],
};

const kubernetes = { prefix: "kubernetes", registry: "k8s" };

/** Rules that the policy wants otherwise, each by another change; and one that is required is missing. */
export const updated = rule("docker-hub", "docker-hub", { credential: "ecr-pullthroughcache/old" });
export const renamed = rule("red-hat", "quay");
export const forbidden = rule("ghcr", "github-container-registry");
export const narrowed = rule("base", "ecr", {
  upstreamRegistryUrl: `${HUB}.dkr.ecr.${REGION}.amazonaws.com`,
});

type Ended = Awaited<ReturnType<typeof collectText>>;

/** The workspace of an operator who remediates a member's registry. */
export type RemediationRegistry = AsyncDisposable & {
  readonly stage: Stage;
  readonly planFile: string;
  readonly run: (...words: readonly string[]) => Promise<Ended>;
  /** Plans, offering the secret and the role, into the plan's file or another beside it. */
  readonly plan: (file?: string) => Promise<Ended>;
  /** Applies the plan; without words with all that is allowed. */
  readonly apply: (...words: readonly string[]) => Promise<Ended>;
  /** The member's rules as they are, by prefix. */
  readonly rules: () => readonly Rule[];
};

type Spoils = {
  readonly faults?: Fault[];
  /** How the upstream takes the offered secret. */
  readonly login?: "accepted" | "rejected";
  /** What the policy requires. */
  readonly required?: PolicyFile["requiredRules"];
};

/** Creates a workspace for a member with `rules` and differences from the default. */
export async function registryBefore(
  rules: readonly Rule[],
  { faults = [], login = "accepted", required = [kubernetes] }: Spoils = {},
): Promise<RemediationRegistry> {
  const secrets = [secret("ecr-pullthroughcache/hub-new", { login })];
  const regions = { [REGION]: registry(structuredClone(rules), { secrets }) };
  const accounts = [account(HUB), account(MEMBER, { regions })] as const;
  const stage = await setStage(world({ hub: { region: REGION }, accounts, faults }), {
    policy: { ...policy, requiredRules: required },
  });
  const beside = (file: string) => join(stage.policyFile, "..", file);
  const planFile = beside("plan.json");
  const run = (...words: readonly string[]) => collectText(words, process.env);
  return {
    stage,
    planFile,
    run,
    plan: (file = "plan.json") =>
      run(
        "plan",
        "--quiet",
        "--format",
        `json=${beside(file)}`,
        "--credential",
        `docker-hub=${OFFERED}`,
        "--role",
        ROLE,
      ),
    apply: (...words) =>
      run(
        "apply",
        planFile,
        ...(words.length === 0 ? ["--yes", "--allow-replace", "--allow-delete"] : words),
      ),
    rules: () =>
      (stage.simulator.world.accounts[MEMBER]?.regions[REGION]?.rules ?? []).toSorted((a, b) =>
        a.ecrRepositoryPrefix < b.ecrRepositoryPrefix ? -1 : 1,
      ),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}
