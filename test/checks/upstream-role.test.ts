import { upstreamRole } from "../../src/checks/upstream-role/check.ts";
import { upstreamRoleText } from "../../src/checks/upstream-role/text.ts";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { aPolicy, aRegistryOf, type PolicyFile } from "../support/builders.ts";
import type { Expected } from "../support/check-table.ts";
import { testCheck } from "../support/check-tester.ts";

const OTHER_ACCOUNT = "444455556666.dkr.ecr.eu-west-1.amazonaws.com";
const SAME_ACCOUNT = "111122223333.dkr.ecr.us-east-1.amazonaws.com";

/** A registry of 111122223333 whose one rule caches an ECR registry of another account. */
function caching(overrides: Partial<PullThroughCacheRule>): RegistrySnapshot {
  return aRegistryOf({
    ecrRepositoryPrefix: "base",
    upstreamRegistryUrl: OTHER_ACCOUNT,
    credentialArn: null,
    ...overrides,
  });
}

function roleOf(account: string, name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

function asRole(name: string, overrides: Partial<PullThroughCacheRule> = {}): RegistrySnapshot {
  return caching({ customRoleArn: roleOf("111122223333", name), ...overrides });
}

function allowing(...allowedUpstreams: PolicyFile["allowedUpstreams"]) {
  return aPolicy({ allowedUpstreams });
}

function notAllowed(name: string, ...allowed: readonly string[]): Expected {
  return { kind: "role-not-allowed", prefix: "base", subject: "policy", data: { name, allowed } };
}

function ofAnotherAccount(name: string, account: string): Expected {
  return { kind: "role-of-another-account", prefix: "base", subject: "account", data: { name, account } };
}

const byAccount = allowing(
  { registry: "ecr", accounts: ["777788889999"], roleNames: ["pull-sevens"] },
  { registry: "ecr", accounts: ["444455556666"], roleNames: ["pull-fours"] },
);

testCheck(upstreamRole, {
  text: upstreamRoleText,
  passes: [
    { name: "a role for another account's registry", registry: asRole("ecr-pull") },
    {
      name: "no role for the account's own registry in another region",
      registry: caching({ upstreamRegistryUrl: SAME_ACCOUNT }),
    },
    {
      name: "no role for the account's own registry, where the policy names roles",
      registry: caching({ upstreamRegistryUrl: SAME_ACCOUNT }),
      policy: allowing({ registry: "ecr", roleNames: ["ecr-pull"] }),
    },
    {
      name: "a role for the account's own registry in another region",
      registry: asRole("ecr-pull", { upstreamRegistryUrl: SAME_ACCOUNT }),
    },
    {
      name: "a role in China",
      registry: caching({
        upstreamRegistryUrl: "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn",
        customRoleArn: "arn:aws-cn:iam::111122223333:role/ecr-pull",
      }),
    },
    {
      name: "a role that the policy names",
      registry: asRole("ecr-pull-base"),
      policy: allowing({ registry: "ecr", roleNames: ["other", "ecr-pull-*"] }),
    },
    {
      name: "a role that the policy names, whatever its path",
      registry: asRole("teams/a/ecr-pull"),
      policy: allowing({ registry: "ecr", roleNames: ["ecr-pull"] }),
    },
    {
      name: "any role, where one of the upstream's entries names none",
      registry: asRole("anything"),
      policy: allowing({ registry: "ecr", roleNames: ["ecr-pull"] }, { registry: "ecr" }),
    },
    {
      name: "any role for an upstream that is not allowed, which allowed-upstream reports",
      registry: asRole("anything"),
      policy: allowing({ registry: "ecr", urls: ["777788889999.*"], roleNames: ["ecr-pull"] }),
    },
    {
      name: "the role of the entry with the upstream's account",
      registry: asRole("pull-fours"),
      policy: byAccount,
    },
    {
      name: "the role of any entry, where none has the upstream's account",
      registry: asRole("pull-sevens", {
        upstreamRegistryUrl: "222233334444.dkr.ecr.eu-west-1.amazonaws.com",
      }),
      policy: byAccount,
    },
  ],
  fails: [
    ...[
      OTHER_ACCOUNT,
      "444455556666.dkr.ecr.us-east-1.amazonaws.com",
      "444455556666.dkr-ecr.us-east-1.on.aws",
    ].map((upstreamRegistryUrl) => ({
      name: `no role for ${upstreamRegistryUrl}`,
      registry: caching({ upstreamRegistryUrl }),
      says: [
        {
          kind: "role-missing",
          prefix: "base",
          data: { upstreamRegistryUrl, upstreamAccount: "444455556666" },
        },
      ],
    })),
    ...["public.ecr.aws", "registry-1.docker.io"].map((upstreamRegistryUrl) => ({
      name: `a role for ${upstreamRegistryUrl}`,
      registry: asRole("ecr-pull", { upstreamRegistryUrl }),
      says: [
        {
          kind: "role-needless",
          prefix: "base",
          data: {
            upstreamRegistryUrl,
            upstreamRepositoryPrefix: "ROOT",
            credentialArn: null,
            customRoleArn: roleOf("111122223333", "ecr-pull"),
          },
        },
      ],
    })),
    ...["ecr-pull", "arn:aws:iam::111122223333:user/ecr-pull"].map((customRoleArn) => ({
      name: `what is not the ARN of a role: ${customRoleArn}`,
      registry: caching({ customRoleArn }),
      says: [{ kind: "not-a-role", prefix: "base", data: { customRoleArn } }],
    })),
    {
      name: "a role of the upstream's account",
      registry: caching({ customRoleArn: roleOf("444455556666", "ecr-pull") }),
      says: [ofAnotherAccount("ecr-pull", "444455556666")],
    },
    {
      name: "a role of another account for the account's own registry",
      registry: caching({
        upstreamRegistryUrl: SAME_ACCOUNT,
        customRoleArn: roleOf("444455556666", "ecr-pull"),
      }),
      says: [ofAnotherAccount("ecr-pull", "444455556666")],
    },
    {
      name: "a role that the policy does not name",
      registry: asRole("admin"),
      policy: allowing(
        { registry: "ecr", roleNames: ["ecr-pull"] },
        { registry: "ecr", roleNames: ["base-*"] },
      ),
      says: [notAllowed("admin", "ecr-pull", "base-*")],
    },
    {
      name: "a role whose path alone is as the policy names it",
      registry: asRole("ecr-pull/admin"),
      policy: allowing({ registry: "ecr", roleNames: ["ecr-pull*"] }),
      says: [notAllowed("admin", "ecr-pull*")],
    },
    {
      name: "the role of an entry with another account",
      registry: asRole("pull-sevens"),
      policy: byAccount,
      says: [notAllowed("pull-sevens", "pull-fours")],
    },
    {
      name: "a role of another account that the policy does not name",
      registry: caching({ customRoleArn: roleOf("444455556666", "admin") }),
      policy: allowing({ registry: "ecr", roleNames: ["ecr-pull"] }),
      says: [ofAnotherAccount("admin", "444455556666"), notAllowed("admin", "ecr-pull")],
    },
  ],
  unknownCases: { never: "a rule always shows its role" },
  doesNotApply: [
    ...["public.ecr.aws", "registry.example", `${OTHER_ACCOUNT}.evil.com`].map((upstreamRegistryUrl) => ({
      name: `no role for ${upstreamRegistryUrl}`,
      registry: caching({ upstreamRegistryUrl }),
      says: [{ kind: "not-an-ecr-upstream", prefix: "base", data: { upstreamRegistryUrl } }],
    })),
    {
      name: "a role for an upstream that this version does not know",
      registry: asRole("ecr-pull", {
        upstreamRegistryUrl: "registry.new.example",
        upstreamRegistry: "new-registry",
      }),
      says: [
        {
          kind: "not-an-ecr-upstream",
          prefix: "base",
          data: { upstreamRegistryUrl: "registry.new.example" },
        },
      ],
    },
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
  ],
});
