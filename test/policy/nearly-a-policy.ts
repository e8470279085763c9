import fc from "fast-check";
import { aPolicyFile } from "../support/builders.ts";

const anything = fc.jsonValue({ maxDepth: 1 });

/** A string that a policy may hold, or any other JSON. */
const something = fc.oneof(
  anything,
  fc.constantFrom(
    ...[
      "allow",
      "forbid",
      "*",
      "docker-hub",
      "ecr",
      "ROOT",
      "root-prefix",
      "own",
      "organization",
      "eu-west-1",
    ],
    ...["111122223333", "ou-ab12-34567890", "2026-01-31", "rule", "registry", "low", "rule.createdAt == ''"],
  ),
);

/** An object with some of `keys`, or now and then any other JSON. */
function nearly(...keys: readonly string[]) {
  const values = fc.oneof(
    { weight: 2, arbitrary: something },
    { weight: 3, arbitrary: fc.array(something, { maxLength: 3 }) },
  );
  const fields = fc.dictionary(fc.constantFrom(...keys), values, { maxKeys: 5 });
  return fc.oneof({ weight: 5, arbitrary: fields }, { weight: 1, arbitrary: anything });
}

function listOf<T>(entry: fc.Arbitrary<T>) {
  return fc.oneof(
    { weight: 5, arbitrary: fc.array(entry, { maxLength: 4 }) },
    { weight: 1, arbitrary: anything },
  );
}

const place = nearly("accounts", "organizationalUnits", "regions", "prefixes", "checks");
const upstreams = listOf(
  nearly(
    "registry",
    "urls",
    "prefixes",
    "secretNames",
    "accounts",
    "regions",
    "upstreamPrefixes",
    "roleNames",
  ),
);
const required = listOf(nearly("prefix", "registry", "urls", "upstreamPrefixes", "accounts", "regions"));
const prefixes = nearly("pattern", "maxLength", "root", "overlap", "duplicateUpstreams");
const settings = fc.dictionary(
  fc.oneof(fc.string(), fc.constant("root-prefix")),
  nearly("enabled", "severity"),
);

/** A policy of which any sections are replaced by something like them, or by any JSON. */
export const nearlyAPolicy = fc
  .record(
    {
      version: anything,
      name: anything,
      scope: nearly("accounts", "organizationalUnits", "excludeAccounts", "regions"),
      allowedUpstreams: upstreams,
      prefixes,
      requiredRules: required,
      undeclaredRules: something,
      secrets: nearly("maxAgeDays", "expiryTag", "warnDays"),
      creationTemplates: nearly("required", "tagMutability", "encryption", "lifecyclePolicy"),
      scanning: nearly("required", "frequencies"),
      registryPolicy: nearly("trustedAccounts", "trustOrganization"),
      checks: settings,
      customChecks: listOf(
        nearly("id", "title", "severity", "appliesTo", "assert", "message", "remediation"),
      ),
      overrides: listOf(
        fc.record({
          where: place,
          set: fc.oneof(
            anything,
            fc.record(
              {
                allowedUpstreams: upstreams,
                prefixes,
                requiredRules: required,
                undeclaredRules: something,
                checks: settings,
              },
              { requiredKeys: [] },
            ),
          ),
        }),
      ),
      waivers: listOf(
        nearly("check", "accounts", "regions", "prefixes", "reason", "owner", "ticket", "expires"),
      ),
      notifications: fc.oneof(
        anything,
        fc.record({ when: something, routes: listOf(fc.record({ where: place, topicArn: something })) }),
      ),
    },
    { requiredKeys: [] },
  )
  .map((sections) => ({ ...aPolicyFile(), ...sections }));
