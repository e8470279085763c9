import { parseRoleArn, parseSecretArn } from "../../ecr/arn.ts";
import type { Target } from "../../ecr/target.ts";
import { parseEcrUrl } from "../../ecr/upstream.ts";
import { effectivePolicies } from "../../policy/effective.ts";
import type { Policy } from "../../policy/schema.ts";
import type { DeclaredRule, SourceLocation } from "../declared-rule.ts";

/** A registry that a rule may end in, and the policy that holds there. */
export type PossibleRegistry = { readonly target: Target; readonly policy: Policy };

/** Stands for an account that nobody has named. */
const someAccount = "000000000000";
/** Stands for a region that nobody has named. */
const someRegion = "some-region-0";

/**
 * The registries that must be told apart to say something of a rule whose place is not known: any, and those
 * that the rule itself names. Where the place is known there is one. Overrides and waivers count only where the
 * part of the place that they ask for is known; so do the places in `requiredRules`, which are taken both ways.
 */
export function possibleRegistries(
  rule: DeclaredRule,
  policy: Policy,
  organizationalUnits: readonly string[],
): readonly PossibleRegistry[] {
  const { account, region } = rule.location;
  const named = registriesNamedBy(rule);
  const accounts = account === null ? [someAccount, ...named.accounts] : [account];
  const regions = region === null ? [someRegion, ...named.regions] : [region];
  const inForce = effectivePolicies(policy)(targetAt(known(rule.location), organizationalUnits)).policy;
  const policies = account !== null && region !== null ? [inForce] : [inForce, withoutLocations(inForce)];
  return policies.flatMap((inThis) =>
    accounts.flatMap((inAccount) =>
      regions.map((inRegion) => ({
        target: targetAt({ account: inAccount, region: inRegion }, organizationalUnits),
        policy: inThis,
      })),
    ),
  );
}

/** A place as patterns see it: what is not known is the empty text, which only `*` names. */
export function known({ account, region }: SourceLocation): Pick<Target, "account" | "region"> {
  return { account: account ?? "", region: region ?? "" };
}

/** A text for people in which nobody is told of an account or a region that does not exist. */
export function withoutStandIns(text: string): string {
  return text.replaceAll(someAccount, "ACCOUNT").replaceAll(someRegion, "REGION");
}

function targetAt(
  location: Pick<Target, "account" | "region">,
  organizationalUnits: readonly string[],
): Target {
  return { ...location, accountName: null, organizationId: null, organizationalUnits };
}

function registriesNamedBy({ parameters }: DeclaredRule) {
  const { credentialArn, customRoleArn, upstreamRegistryUrl } = parameters;
  const secret = credentialArn.state === "set" ? parseSecretArn(credentialArn.value) : null;
  const role = customRoleArn.state === "set" ? parseRoleArn(customRoleArn.value) : null;
  const upstream = upstreamRegistryUrl.state === "set" ? parseEcrUrl(upstreamRegistryUrl.value) : null;
  const locations = [secret, role, upstream].filter((location) => location !== null);
  return {
    accounts: new Set(locations.map(({ account }) => account)),
    regions: new Set(secret === null ? [] : [secret.region]),
  };
}

function withoutLocations(policy: Policy): Policy {
  return {
    ...policy,
    requiredRules: policy.requiredRules.map(({ accounts, regions, organizationalUnits, ...rule }) => rule),
  };
}
