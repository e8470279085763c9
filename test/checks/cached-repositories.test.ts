import { cachedRepositories } from "../../src/checks/cached-repositories/check.ts";
import { cachedRepositoriesText } from "../../src/checks/cached-repositories/text.ts";
import type { CachedRepository } from "../../src/facts/cached-repositories.ts";
import type { CreationTemplate } from "../../src/facts/creation-templates.ts";
import { absent, present, unreadable } from "../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import {
  aCachedRepository,
  aCreationTemplate,
  aLifecyclePolicy,
  anObservedRule,
  aPolicy,
  aRepositoryPolicy,
  aRule,
  aScanning,
  aSnapshot,
  type PolicyFile,
} from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

const name = "docker-hub/library/nginx";
const sample = { failing: 1, lookedAt: 1, existing: 1, excluded: 0, names: [name] };

/** The finding that one repository has a problem. */
function one(kind: string) {
  return { kind, prefix: "docker-hub", subject: kind, data: { sample } };
}

function asking(section: NonNullable<PolicyFile["cachedRepositories"]>, sections: Partial<PolicyFile> = {}) {
  return aPolicy({ cachedRepositories: section, ...sections });
}

type Spoils = {
  readonly repository?: Partial<CachedRepository>;
  readonly template?: Partial<CreationTemplate> | null;
  readonly lifecycle?: string | null;
  readonly access?: string | null;
} & Partial<RegistrySnapshot>;

/** One repository as it should be, with one thing spoiled. */
function given({ repository = {}, template = {}, lifecycle, access, ...facts }: Spoils): RegistrySnapshot {
  const texts = (text: string | null | undefined, usual: string) =>
    present({
      texts: text === null ? [] : [text ?? usual],
      of: { [name]: text === null ? null : 0 },
      unread: [],
    });
  return aSnapshot({
    creationTemplates: present(template === null ? [] : [aCreationTemplate(template)]),
    cachedRepositories: present({
      prefixes: [{ prefix: "docker-hub", isFormer: false, existing: 1, excluded: 0 }],
      lookedAt: [aCachedRepository(repository)],
    }),
    cachedLifecyclePolicies: texts(lifecycle, aLifecyclePolicy()),
    cachedRepositoryPolicies: texts(access, aRepositoryPolicy()),
    ...facts,
  });
}

const spaced = JSON.stringify(JSON.parse(aLifecyclePolicy()), null, 2);
const everybody = aRepositoryPolicy({ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" });
const keeping = aLifecyclePolicy({
  rulePriority: 1,
  selection: { tagStatus: "any", countType: "sinceImagePushed", countUnit: "days", countNumber: 400 },
  action: { type: "expire" },
});
const few = { prefixes: [{ prefix: "docker-hub", isFormer: false, existing: 3, excluded: 0 }] };
const root = present([anObservedRule({ rule: aRule({ ecrRepositoryPrefix: "ROOT" }) })]);
const ofRoot = present({
  prefixes: [{ prefix: "ROOT", isFormer: false, existing: 1, excluded: 0 }],
  lookedAt: [aCachedRepository({ prefix: "ROOT" })],
});

function unread(operation: string) {
  return unreadable("access-denied", operation, "no");
}

function unknown(operation: string, subject = operation) {
  const data = { reason: "access-denied", operation, detail: "no" };
  return { kind: "evidence-unreadable", prefix: "docker-hub", subject, data };
}

/** One text that could not be read, of a repository that nothing else is known of. */
function notRead(operation: string): RegistrySnapshot["cachedLifecyclePolicies"] {
  return present({ texts: [], of: {}, unread: [{ ...unread(operation), repositories: [name] }] });
}

testCheck(cachedRepositories, {
  text: cachedRepositoriesText,
  policy: asking({}, { scanning: {} }),
  passes: [
    { name: "it is as its template makes it", registry: given({}) },
    { name: "it has the text of its template in another layout", registry: given({ lifecycle: spaced }) },
    {
      name: "no template covers it",
      registry: given({
        template: null,
        lifecycle: null,
        access: null,
        repository: { encryptionType: "AES256" },
      }),
    },
    {
      name: "the template is not asked",
      registry: given({ lifecycle: keeping, repository: { imageTagMutability: "IMMUTABLE" } }),
      policy: asking({ matchTemplate: false }),
    },
    {
      name: "it has more than its template gives",
      registry: given({
        template: {
          hasLifecyclePolicy: false,
          lifecyclePolicy: null,
          hasRepositoryPolicy: false,
          repositoryPolicy: null,
        },
      }),
    },
    {
      name: "it is scanned on push, by its own setting",
      registry: given({
        repository: { scanOnPush: true },
        scanning: present({ scanType: "BASIC", rules: [] }),
      }),
    },
    {
      name: "it is excluded",
      registry: given({ lifecycle: null }),
      policy: asking({ exclude: ["docker-hub/*"] }),
    },
    {
      name: "there is no repository",
      registry: given({ cachedRepositories: present({ prefixes: [], lookedAt: [] }) }),
    },
    {
      name: "all repositories that ROOT may have filled are as they should be",
      registry: given({ rules: root, cachedRepositories: ofRoot }),
    },
    { name: "AWS says that there are none", registry: given({ cachedRepositories: absent }) },
  ],
  fails: [
    {
      name: "another encryption",
      registry: given({ repository: { encryptionType: "AES256" } }),
      says: [one("encryption")],
    },
    {
      name: "an encryption that the policy does not allow",
      registry: given({ template: null, repository: { encryptionType: "AES256" } }),
      policy: asking({}, { creationTemplates: { encryption: ["KMS"] } }),
      says: [one("encryption")],
    },
    {
      name: "another tag mutability",
      registry: given({ repository: { imageTagMutability: "IMMUTABLE" } }),
      says: [one("tag-mutability")],
    },
    { name: "no lifecycle policy", registry: given({ lifecycle: null }), says: [one("no-lifecycle-policy")] },
    {
      name: "no lifecycle policy, which the policy asks for",
      registry: given({ template: null, lifecycle: null }),
      policy: asking({ lifecyclePolicy: true }),
      says: [one("no-lifecycle-policy")],
    },
    {
      name: "another lifecycle policy",
      registry: given({ lifecycle: keeping }),
      says: [one("lifecycle-policy-differs")],
    },
    {
      name: "a lifecycle policy that keeps images",
      registry: given({ lifecycle: keeping }),
      policy: asking({ lifecyclePolicy: { expireAfterDays: 180 } }),
      says: [one("lifecycle-policy-keeps-images")],
    },
    { name: "no repository policy", registry: given({ access: null }), says: [one("no-repository-policy")] },
    {
      name: "another repository policy",
      registry: given({
        access: aRepositoryPolicy({
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::777788889999:root" },
          Action: "ecr:BatchGetImage",
        }),
      }),
      says: [one("repository-policy-differs")],
    },
    {
      name: "a repository policy for everybody, as its template has it",
      registry: given({ access: everybody, template: { repositoryPolicy: everybody } }),
      says: [one("repository-policy-lets-in")],
    },
    {
      name: "no scan",
      registry: given({
        scanning: present(aScanning({ rules: [{ scanFrequency: "CONTINUOUS_SCAN", filters: ["quay/*"] }] })),
      }),
      says: [one("not-scanned")],
    },
  ],
  unknownCases: [
    {
      name: "a lifecycle policy that is none",
      registry: given({ lifecycle: "{}" }),
      policy: asking({ lifecyclePolicy: true }),
      says: [one("policy-not-understood")],
    },
    {
      name: "two policies that are none, of one repository",
      registry: given({ lifecycle: "{}", access: "<html>" }),
      policy: asking({ lifecyclePolicy: true }),
      says: [one("policy-not-understood")],
    },
    {
      name: "a policy that is none, in the share of ROOT",
      registry: given({ rules: root, cachedRepositories: ofRoot, lifecycle: "{}" }),
      policy: asking({ lifecyclePolicy: true }),
      says: [{ ...one("policy-not-understood"), prefix: "ROOT" }],
    },
    {
      name: "the policies of one repository could not be read",
      registry: given({
        cachedLifecyclePolicies: notRead("ecr:GetLifecyclePolicy"),
        cachedRepositoryPolicies: notRead("ecr:GetRepositoryPolicy"),
      }),
      says: ["ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy"].map((operation) => ({
        kind: "policy-not-read",
        prefix: "docker-hub",
        subject: `${operation} access-denied`,
        data: { sample, operation, reason: "access-denied", detail: "no" },
      })),
    },
    {
      name: "a more specific template for something else",
      registry: given({
        creationTemplates: present([
          aCreationTemplate(),
          aCreationTemplate({ prefix: "docker-hub", appliedFor: ["REPLICATION"] }),
        ]),
      }),
      says: [one("template-not-known")],
    },
    {
      name: "others had their turn",
      registry: given({
        cachedRepositories: present({ ...few, lookedAt: [aCachedRepository()] }),
      }),
      says: [
        {
          kind: "not-all-read",
          prefix: "docker-hub",
          data: { sample: { ...sample, failing: 0, existing: 3, names: [] } },
        },
      ],
    },
    {
      name: "a repository that ROOT or somebody else made",
      registry: given({ rules: root, cachedRepositories: ofRoot, lifecycle: null }),
      says: [{ kind: "share-not-known", prefix: "ROOT", subject: "share", data: { sample } }],
    },
    {
      name: "the repositories could not be listed",
      registry: given({ cachedRepositories: unread("ecr:DescribeRepositories") }),
      says: [unknown("ecr:DescribeRepositories", "")],
    },
    {
      name: "the lifecycle policies could not be read",
      registry: given({ cachedLifecyclePolicies: unread("ecr:GetLifecyclePolicy") }),
      says: [unknown("ecr:GetLifecyclePolicy")],
    },
    {
      name: "the repository policies could not be read",
      registry: given({ cachedRepositoryPolicies: unread("ecr:GetRepositoryPolicy") }),
      says: [unknown("ecr:GetRepositoryPolicy")],
    },
    {
      name: "the templates could not be listed",
      registry: given({ creationTemplates: unread("ecr:DescribeRepositoryCreationTemplates") }),
      says: [unknown("ecr:DescribeRepositoryCreationTemplates")],
    },
    {
      name: "the scanning configuration could not be read",
      registry: given({ scanning: unread("ecr:GetRegistryScanningConfiguration") }),
      says: [unknown("ecr:GetRegistryScanningConfiguration")],
    },
  ],
  doesNotApply: [
    {
      name: "the policy has no section",
      registry: given({ lifecycle: null }),
      policy: aPolicy(),
      says: [{ kind: "not-demanded", prefix: "docker-hub", data: {} }],
    },
    { name: "there is no rule", registry: given({ rules: present([]) }), says: "nothing" },
  ],
});
