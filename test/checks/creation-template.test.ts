import { expect } from "vitest";
import { creationTemplate } from "../../src/checks/creation-template/check.ts";
import { creationTemplateText } from "../../src/checks/creation-template/text.ts";
import type { CreationTemplate } from "../../src/facts/creation-templates.ts";
import { absent, present, unreadable } from "../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import type { Policy } from "../../src/policy/schema.ts";
import {
  aCreationTemplate,
  aLifecyclePolicy,
  aPolicy,
  aRegistryOf,
  aRepositoryPolicy,
  aSnapshot,
  aTarget,
  type PolicyFile,
} from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

/** A registry with one rule for each of `prefixes`, and a template for each of `templates`. */
function registryWith(
  prefixes: readonly string[],
  ...templates: readonly Partial<CreationTemplate>[]
): RegistrySnapshot {
  const { rules } = aRegistryOf(...prefixes.map((ecrRepositoryPrefix) => ({ ecrRepositoryPrefix })));
  return aSnapshot({ rules, creationTemplates: present(templates.map(aCreationTemplate)) });
}

/** A registry with a rule for docker-hub and one template for everything. */
function madeBy(template: Partial<CreationTemplate>): RegistrySnapshot {
  return registryWith(["docker-hub"], template);
}

function demanding(creationTemplates: PolicyFile["creationTemplates"]): Policy {
  return aPolicy({ creationTemplates });
}

const everything = demanding({
  tagMutability: ["MUTABLE", "MUTABLE_WITH_EXCLUSION"],
  encryption: ["KMS", "KMS_DSSE"],
  lifecyclePolicy: true,
  repositoryPolicy: true,
});
const optional = demanding({ required: false, encryption: ["KMS"] });

const replicated = ["REPLICATION"];
const missing = { kind: "template-missing", prefix: "docker-hub", data: {} };
const aes256 = (template: string) => ({
  kind: "encryption",
  prefix: "docker-hub",
  subject: `${template} encryption`,
  data: { template, encryptionType: "AES256", allowed: ["KMS"] },
});
const noRole = (...roleNeededFor: readonly string[]) => ({
  kind: "no-role",
  prefix: "docker-hub",
  subject: "ROOT customRole",
  data: { template: "ROOT", roleNeededFor },
});

const lifecycle = (kind: string, data: object) => ({
  kind,
  prefix: "docker-hub",
  subject: "ROOT lifecyclePolicy",
  data: { template: "ROOT", ...data },
});
const repository = (kind: string, data: object) => ({
  ...lifecycle(kind, data),
  subject: "ROOT repositoryPolicy",
});
const letIn = (kind: string, principals: readonly string[], data: object = {}) => ({
  ...repository(kind, {
    statement: "#1",
    actions: ["ecr:BatchGetImage"],
    principals,
    conditions: [],
    isAllBut: false,
    ...data,
  }),
  subject: "ROOT repositoryPolicy #1",
});

const pulling = { Effect: "Allow", Action: "ecr:BatchGetImage" };
const days = { countUnit: "days" };
const expiring = (rulePriority: number, selection: object, countNumber: number) => ({
  rulePriority,
  selection: { ...selection, ...days, countType: "sinceImagePushed", countNumber },
  action: { type: "expire" },
});
const counting = (rulePriority: number, selection: object, countNumber: number) => ({
  rulePriority,
  selection: { ...selection, countType: "imageCountMoreThan", countNumber },
  action: { type: "expire" },
});
const archiving = (countNumber: number) => ({
  rulePriority: 1,
  selection: { ...days, tagStatus: "any", countType: "sinceImagePulled", countNumber },
  action: { type: "transition", targetStorageClass: "archive" },
});
const expiringArchived = (countNumber: number) => ({
  rulePriority: 2,
  selection: {
    ...days,
    tagStatus: "any",
    storageClass: "archive",
    countType: "sinceImageTransitioned",
    countNumber,
  },
  action: { type: "expire" },
});

testCheck(creationTemplate, {
  text: creationTemplateText,
  policy: demanding({}),
  passes: [
    {
      name: "a lifecycle policy in two steps: images that nobody pulls go to the archive and expire there",
      registry: madeBy({ lifecyclePolicy: aLifecyclePolicy(archiving(60), expiringArchived(30)) }),
      policy: demanding({ lifecyclePolicy: { expireAfterDays: 90 } }),
    },
    {
      name: "a lifecycle policy with a rule each for tagged and untagged images",
      registry: madeBy({
        lifecyclePolicy: aLifecyclePolicy(
          expiring(1, { tagStatus: "untagged" }, 7),
          expiring(2, { tagStatus: "tagged", tagPatternList: ["*"] }, 90),
        ),
      }),
      policy: demanding({ lifecyclePolicy: { expireAfterDays: 90 } }),
    },
    {
      name: "a lifecycle policy that counts images, where any expiry is enough",
      registry: madeBy({ lifecyclePolicy: aLifecyclePolicy(counting(1, { tagStatus: "any" }, 10)) }),
      policy: demanding({ lifecyclePolicy: true }),
    },
    ...[
      { what: "an account of no name", Principal: { AWS: "999900001111" } },
      { what: "a service", Principal: { Service: "lambda.amazonaws.com" } },
      {
        what: "everybody of an organization",
        Principal: "*",
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-anyone" } },
      },
    ].map(({ what, ...statement }) => ({
      name: `a repository policy for ${what}, where it must only not let everybody in`,
      registry: madeBy({ repositoryPolicy: aRepositoryPolicy({ ...pulling, ...statement }) }),
      policy: demanding({ repositoryPolicy: true }),
    })),
    {
      name: "a repository policy that only denies, where nobody in particular is to be let in",
      registry: madeBy({
        repositoryPolicy: aRepositoryPolicy({ ...pulling, Effect: "Deny", Principal: "*" }),
      }),
      policy: demanding({ repositoryPolicy: true }),
    },
    {
      name: "a repository policy for the organization that is trusted",
      registry: madeBy({
        repositoryPolicy: aRepositoryPolicy({
          ...pulling,
          Principal: "*",
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } },
        }),
      }),
      policy: demanding({ repositoryPolicy: { trustOrganization: true } }),
    },
    { name: "a template for everything", registry: madeBy({}) },
    { name: "a template for the prefix", registry: madeBy({ prefix: "docker-hub" }) },
    { name: "a template that has all that is asked for", registry: madeBy({}), policy: everything },
    {
      name: "a template applied for pull through cache among others",
      registry: madeBy({ appliedFor: ["CREATE_ON_PUSH", "PULL_THROUGH_CACHE"] }),
    },
    { name: "a rule for ROOT and the catch-all", registry: registryWith(["ROOT"], {}) },
    {
      name: "settings that nothing asks for",
      registry: madeBy({
        imageTagMutability: "IMMUTABLE",
        encryptionType: "AES256",
        hasLifecyclePolicy: false,
        hasRepositoryPolicy: false,
        customRoleArn: null,
      }),
    },
    {
      name: "policies that may be there or not",
      registry: madeBy({}),
      policy: demanding({ lifecyclePolicy: false }),
    },
    {
      name: "a wider template that breaks the policy, with a nearer one that keeps it",
      registry: registryWith(["docker-hub"], { encryptionType: "AES256" }, { prefix: "docker-hub" }),
      policy: optional,
    },
    {
      name: "an inner template that breaks the policy, but belongs to another rule",
      registry: registryWith(
        ["docker-hub", "docker-hub/library"],
        {},
        { prefix: "docker-hub/library", encryptionType: "AES256" },
      ),
      policy: optional,
      evaluating: ["docker-hub"],
    },
    { name: "no template, where none is required", registry: registryWith(["docker-hub"]), policy: optional },
    {
      name: "a template for replication, where none is required",
      registry: madeBy({ appliedFor: replicated, encryptionType: "AES256" }),
      policy: optional,
    },
  ],
  fails: [
    { name: "no template at all", registry: registryWith(["docker-hub"]), says: [missing] },
    {
      name: "a registry of which AWS says that it has none",
      registry: aSnapshot({ creationTemplates: absent }),
      says: [missing],
    },
    {
      name: "templates for other prefixes",
      registry: registryWith(["docker-hub"], { prefix: "docker" }, { prefix: "quay" }),
      says: [missing],
    },
    {
      name: "a rule for ROOT without catch-all",
      registry: registryWith(["ROOT"], { prefix: "docker-hub" }),
      says: [{ ...missing, prefix: "ROOT" }],
    },
    {
      name: "a template for replication only",
      registry: madeBy({ appliedFor: replicated }),
      says: [
        {
          kind: "template-not-applied",
          prefix: "docker-hub",
          subject: "ROOT appliedFor",
          data: { template: "ROOT", appliedFor: replicated },
        },
      ],
    },
    {
      name: "a template for nothing",
      registry: madeBy({ prefix: "docker-hub", appliedFor: [] }),
      says: [
        {
          kind: "template-not-applied",
          prefix: "docker-hub",
          subject: "docker-hub appliedFor",
          data: { template: "docker-hub", appliedFor: [] },
        },
      ],
    },
    {
      name: "each setting that is not as asked for",
      registry: madeBy({
        imageTagMutability: "IMMUTABLE",
        encryptionType: "AES256",
        hasLifecyclePolicy: false,
        hasRepositoryPolicy: false,
        hasResourceTags: true,
        customRoleArn: null,
      }),
      policy: everything,
      says: [
        {
          kind: "tag-mutability",
          prefix: "docker-hub",
          subject: "ROOT tagMutability",
          data: {
            template: "ROOT",
            imageTagMutability: "IMMUTABLE",
            allowed: ["MUTABLE", "MUTABLE_WITH_EXCLUSION"],
          },
        },
        {
          kind: "encryption",
          prefix: "docker-hub",
          subject: "ROOT encryption",
          data: { template: "ROOT", encryptionType: "AES256", allowed: ["KMS", "KMS_DSSE"] },
        },
        ...["lifecycle", "repository"].map((name) => ({
          kind: `no-${name}-policy`,
          prefix: "docker-hub",
          subject: `ROOT ${name}Policy`,
          data: { template: "ROOT" },
        })),
        noRole("tags"),
      ],
    },
    ...[
      { what: "no rules", rules: {}, keeping: { why: "expires-nothing" } },
      {
        what: "a number of images to keep",
        rules: counting(3, { tagStatus: "any" }, 10),
        keeping: { why: "keeps-a-number", rule: 3, count: 10 },
      },
      {
        what: "a rule that is too late",
        rules: expiring(1, { tagStatus: "any" }, 91),
        keeping: { why: "too-late", rule: 1, days: 91 },
      },
      {
        what: "a rule for untagged images alone",
        rules: expiring(1, { tagStatus: "untagged" }, 1),
        keeping: { why: "no-rule", images: "tagged" },
      },
      {
        what: "a rule for two tags at once",
        rules: [
          expiring(1, { tagStatus: "untagged" }, 1),
          expiring(2, { tagStatus: "tagged", tagPatternList: ["*", "v*"] }, 1),
        ],
        keeping: { why: "no-rule", images: "tagged" },
      },
      {
        what: "two steps that add up to too many days",
        rules: [archiving(60), expiringArchived(31)],
        keeping: { why: "too-late", rule: 2, days: 91 },
      },
      { what: "the second step alone", rules: expiringArchived(1), keeping: { why: "expires-nothing" } },
      { what: "the first step alone", rules: archiving(1), keeping: { why: "expires-nothing" } },
      {
        what: "a rule that shields images from the one for all",
        rules: [
          counting(1, { tagStatus: "tagged", tagPrefixList: ["v"] }, 5),
          expiring(2, { tagStatus: "any" }, 30),
        ],
        keeping: { why: "keeps-a-number", rule: 1, count: 5 },
      },
    ].map(({ what, rules, keeping }) => ({
      name: `a lifecycle policy with ${what}`,
      registry: madeBy({
        lifecyclePolicy:
          Object.keys(rules).length === 0 ? '{"rules":[]}' : aLifecyclePolicy(...[rules].flat()),
      }),
      policy: demanding({ lifecyclePolicy: { expireAfterDays: 90 } }),
      says: [lifecycle("lifecycle-policy-keeps-images", { expireAfterDays: 90, ...keeping })],
    })),
    ...[archiving(1), expiringArchived(1)].map((rule) => ({
      name: `a lifecycle policy that only has the step ${rule.rulePriority} of two, where any expiry is enough`,
      registry: madeBy({ lifecyclePolicy: aLifecyclePolicy(rule) }),
      policy: demanding({ lifecyclePolicy: true }),
      says: [lifecycle("lifecycle-policy-keeps-images", { expireAfterDays: null, why: "expires-nothing" })],
    })),
    ...[true as const, { trustOrganization: true }].flatMap((repositoryPolicy) =>
      ["*", { AWS: "*" }, { AWS: ["444455556666", "*"] }].map((Principal) => ({
        name: `a repository policy for everybody: ${JSON.stringify([repositoryPolicy, Principal])}`,
        registry: madeBy({
          repositoryPolicy: aRepositoryPolicy({ ...pulling, Principal }),
        }),
        policy: demanding({
          repositoryPolicy:
            repositoryPolicy === true ? true : { ...repositoryPolicy, trustedAccounts: ["444455556666"] },
        }),
        says: [letIn("repository-policy-lets-in", ["*"])],
      })),
    ),
    {
      name: "a repository policy for everybody but some",
      registry: madeBy({ repositoryPolicy: aRepositoryPolicy({ ...pulling, NotPrincipal: "*" }) }),
      policy: demanding({ repositoryPolicy: true }),
      says: [letIn("repository-policy-lets-in", ["*"], { isAllBut: true })],
    },
    {
      name: "a repository policy for an account that is not trusted",
      registry: madeBy({
        repositoryPolicy: aRepositoryPolicy({ ...pulling, Principal: { AWS: "999900001111" } }),
      }),
      policy: demanding({ repositoryPolicy: { trustedAccounts: ["444455556666"] } }),
      says: [letIn("repository-policy-lets-in", ["999900001111"])],
    },
    {
      name: "a repository policy that lets nobody pull, where somebody is trusted",
      registry: madeBy({
        repositoryPolicy: aRepositoryPolicy({ ...pulling, Effect: "Deny", Principal: "*" }),
      }),
      policy: demanding({ repositoryPolicy: { trustedAccounts: ["444455556666"] } }),
      says: [repository("repository-policy-without-pull", {})],
    },
    {
      name: "a key without role",
      registry: madeBy({ customRoleArn: null }),
      says: [noRole("a KMS key")],
    },
    {
      name: "another kind of key and tags without role",
      registry: madeBy({ encryptionType: "KMS_DSSE", hasResourceTags: true, customRoleArn: null }),
      says: [noRole("a KMS key", "tags")],
    },
    {
      name: "settings of a template that is not required",
      registry: madeBy({ encryptionType: "AES256" }),
      policy: optional,
      says: [aes256("ROOT")],
    },
    {
      name: "the template around the prefix and one inside it, each on its own",
      registry: registryWith(
        ["docker-hub"],
        { encryptionType: "AES256" },
        { prefix: "docker-hub/library", encryptionType: "AES256" },
      ),
      policy: optional,
      says: [aes256("ROOT"), aes256("docker-hub/library")],
    },
    {
      name: "a part without template, though one inside it has one",
      registry: registryWith(["docker-hub"], { prefix: "docker-hub/library" }),
      says: [missing],
    },
    {
      name: "an inner template with the rule that it belongs to",
      registry: registryWith(
        ["docker-hub", "docker-hub/library"],
        {},
        { prefix: "docker-hub/library", encryptionType: "AES256" },
      ),
      policy: optional,
      evaluating: ["docker-hub/library"],
      says: [{ ...aes256("docker-hub/library"), prefix: "docker-hub/library" }],
    },
  ],
  unknownCases: [
    {
      name: "templates that could not be read",
      registry: aSnapshot({
        creationTemplates: unreadable("access-denied", "ecr:DescribeRepositoryCreationTemplates", "no"),
      }),
      says: [
        {
          kind: "evidence-unreadable",
          prefix: "docker-hub",
          data: {
            reason: "access-denied",
            operation: "ecr:DescribeRepositoryCreationTemplates",
            detail: "no",
          },
        },
      ],
    },
    ...[
      "<html>",
      '{"rules":[{"rulePriority":1}]}',
      aLifecyclePolicy({ ...archiving(90), action: { type: "expire" } }),
    ].map((text) => ({
      name: `a lifecycle policy that is none: ${text}`,
      registry: madeBy({ lifecyclePolicy: text }),
      policy: demanding({ lifecyclePolicy: true }),
      says: [lifecycle("lifecycle-policy-not-understood", { problem: expect.any(String) })],
    })),
    {
      name: "a repository policy that is none",
      registry: madeBy({ repositoryPolicy: "<html>" }),
      policy: demanding({ repositoryPolicy: true }),
      says: [repository("repository-policy-not-parsed", { problem: expect.any(String) })],
    },
    {
      name: "a repository policy with a condition that the auditor does not know",
      registry: madeBy({
        repositoryPolicy: aRepositoryPolicy({
          ...pulling,
          Principal: "*",
          Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } },
        }),
      }),
      policy: demanding({ repositoryPolicy: true }),
      says: [
        letIn("repository-policy-not-understood", ["*"], {
          conditions: ["StringEquals aws:SourceVpc vpc-1"],
        }),
      ],
    },
    {
      name: "a repository policy for an organization, where the own one is not known",
      registry: {
        ...madeBy({
          repositoryPolicy: aRepositoryPolicy({
            ...pulling,
            Principal: "*",
            Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } },
          }),
        }),
        target: aTarget({ organizationId: null }),
      },
      policy: demanding({ repositoryPolicy: { trustOrganization: true } }),
      says: [
        letIn("repository-policy-organization-unknown", ["*"], {
          conditions: ["StringEquals aws:PrincipalOrgID o-exampleorgid"],
        }),
      ],
    },
    {
      name: "policies whose texts an older version did not record",
      registry: madeBy({ lifecyclePolicy: null, repositoryPolicy: null }),
      policy: demanding({ lifecyclePolicy: true, repositoryPolicy: true }),
      says: [
        lifecycle("policy-not-recorded", { policy: "lifecycle" }),
        repository("policy-not-recorded", { policy: "repository" }),
      ],
    },
    ...["docker-hub", "docker-hub/library"].map((template) => ({
      name: `a template for replication, ${template}, with one for everything`,
      registry: registryWith(["docker-hub"], {}, { prefix: template, appliedFor: replicated }),
      says: [
        {
          kind: "template-shadowed",
          prefix: "docker-hub",
          subject: `${template} appliedFor`,
          data: { template, appliedFor: replicated, wider: "ROOT" },
        },
      ],
    })),
  ],
  doesNotApply: [
    {
      name: "a policy without the section",
      registry: registryWith(["docker-hub"]),
      policy: aPolicy(),
      says: [{ kind: "not-demanded", prefix: "docker-hub", data: {} }],
    },
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
  ],
});
