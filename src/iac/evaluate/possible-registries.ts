import { memoize } from "../../core/memoize.ts";
import { parseRoleArn, parseSecretArn } from "../../ecr/arn.ts";
import type { Target } from "../../ecr/target.ts";
import { parseEcrUrl } from "../../ecr/upstream.ts";
import { effectivePolicies } from "../../policy/effective.ts";
import type { Policy } from "../../policy/schema.ts";
import type { DeclaredRule, SourceLocation } from "../declared-rule.ts";

/** A registry where a rule may be created, and the policy in force there. */
export type PossibleRegistry = { readonly target: Target; readonly policy: Policy };

/** Stands for an account that is not known. */
const someAccount = "000000000000";
/** Stands for a region that is not known. */
const someRegion = "some-region-0";

/**
 * Lists the registries where a rule may be created. If the account and the region are known, there is one. Otherwise
 * there is one for each account and region that the rule itself names, and one that stands for any other. Overrides and
 * waivers apply only if the account and the region that they ask for are known. Entries of `requiredRules` that name
 * accounts or regions are evaluated both ways.
 */
export function possibleRegistries(
  policy: Policy,
  organizationalUnits: readonly string[],
): (rule: DeclaredRule) => readonly PossibleRegistry[] {
  const policyFor = effectivePolicies(policy);
  const withoutLocationsOf = memoize(new WeakMap<Policy, Policy>(), withoutLocations);
  return (rule) => {
    const { account, region } = rule.location;
    const named = registriesNamedBy(rule);
    const accounts = account === null ? [someAccount, ...named.accounts] : [account];
    const regions = region === null ? [someRegion, ...named.regions] : [region];
    const inForce = policyFor(targetAt(known(rule.location), organizationalUnits)).policy;
    const policies = account !== null && region !== null ? [inForce] : [inForce, withoutLocationsOf(inForce)];
    return policies.flatMap((inThis) =>
      accounts.flatMap((inAccount) =>
        regions.map((inRegion) => ({
          target: targetAt({ account: inAccount, region: inRegion }, organizationalUnits),
          policy: inThis,
        })),
      ),
    );
  };
}

/** A location as patterns see it: an unknown account or region is the empty text, which only `*` matches. */
export function known({ account, region }: SourceLocation): Pick<Target, "account" | "region"> {
  return { account: account ?? "", region: region ?? "" };
}

/** The text with `ACCOUNT` and `REGION` in place of the stand-ins, which do not exist. */
export function withoutStandIns(text: string): string {
  return text.replaceAll(someAccount, "ACCOUNT").replaceAll(someRegion, "REGION");
}

function targetAt(
  location: Pick<Target, "account" | "region">,
  organizationalUnits: readonly string[],
): Target {
  return { ...location, accountName: null, organizationId: null, organizationalUnits };
}

function registriesNamedBy({ parameters, secret: secretInCode, role: roleInCode }: DeclaredRule) {
  const { credentialArn, customRoleArn, upstreamRegistryUrl } = parameters;
  const secret = credentialArn.state === "set" ? parseSecretArn(credentialArn.value) : null;
  const role = customRoleArn.state === "set" ? parseRoleArn(customRoleArn.value) : null;
  const upstream = upstreamRegistryUrl.state === "set" ? parseEcrUrl(upstreamRegistryUrl.value) : null;
  const references = [secretInCode?.location, roleInCode?.location];
  const accounts = [
    secret?.account,
    role?.account,
    upstream?.account,
    ...references.map((at) => at?.account),
  ];
  // The region of an ECR upstream decides the partition of the registry.
  const regions = [secret?.region, upstream?.region, secretInCode?.location.region];
  return { accounts: present(accounts), regions: present(regions) };
}

function present(values: readonly (string | null | undefined)[]): ReadonlySet<string> {
  return new Set(values.filter((value) => typeof value === "string"));
}

function withoutLocations(policy: Policy): Policy {
  return {
    ...policy,
    requiredRules: policy.requiredRules.map(({ accounts, regions, organizationalUnits, ...rule }) => rule),
  };
}
