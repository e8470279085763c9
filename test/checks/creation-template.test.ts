import { creationTemplate } from "../../src/checks/creation-template/check.ts";
import { creationTemplateText } from "../../src/checks/creation-template/text.ts";
import type { CreationTemplate } from "../../src/facts/creation-templates.ts";
import { absent, present, unreadable } from "../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import type { Policy } from "../../src/policy/schema.ts";
import { aCreationTemplate, aPolicy, aRegistryOf, aSnapshot, type PolicyFile } from "../support/builders.ts";
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

testCheck(creationTemplate, {
  text: creationTemplateText,
  policy: demanding({}),
  passes: [
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
