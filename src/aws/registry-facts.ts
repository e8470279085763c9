import {
  DescribeRepositoryCreationTemplatesCommand,
  type ECRClient,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  type RepositoryCreationTemplate,
} from "@aws-sdk/client-ecr";
import {
  DescribeSecretCommand,
  ListSecretVersionIdsCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { CreationTemplate } from "../facts/creation-templates.ts";
import { absent, type Evidence, present } from "../facts/evidence.ts";
import type { Scanning } from "../facts/scanning.ts";
import type { SecretDescription, SecretVersion } from "../facts/secrets.ts";
import {
  flagIn,
  listIn,
  nameIn,
  optionalListIn,
  optionalMomentIn,
  optionalTextIn,
  structureIn,
  textIn,
} from "./answer.ts";
import { errorName, unreadableBecause } from "./errors.ts";
import { operation } from "./operation.ts";
import { allItems, nextToken } from "./pages.ts";

/**
 * A registry has few templates, and a secret few versions with a label (Amazon ECR user guide, "Service quotas"; AWS
 * Secrets Manager user guide, "Quotas"; November 2026). Further pages may be empty.
 */
const mostPages = 200;

const describe = operation({
  name: "secretsmanager:DescribeSecret",
  command: DescribeSecretCommand,
  send: (client: SecretsManagerClient, command) => client.send(command),
  read: (secret): SecretDescription => {
    textIn(secret.ARN, "ARN");
    const tags = optionalListIn(secret.Tags, "Tags");
    return {
      name: nameIn(secret.Name, "Name"),
      kmsKeyId: optionalTextIn(secret.KmsKeyId, "KmsKeyId"),
      lastChangedAt:
        optionalMomentIn(secret.LastChangedDate, "LastChangedDate") ??
        optionalMomentIn(secret.CreatedDate, "CreatedDate"),
      deletedAt: optionalMomentIn(secret.DeletedDate, "DeletedDate"),
      tags: Object.fromEntries(
        tags.map(({ Key, Value }) => [
          textIn(Key, "Tags[].Key"),
          optionalTextIn(Value, "Tags[].Value") ?? "",
        ]),
      ),
      rotation: {
        // Left out for a secret that was never set up for rotation (DescribeSecret, November 2026).
        isEnabled: secret.RotationEnabled !== undefined && flagIn(secret.RotationEnabled, "RotationEnabled"),
        nextAt: optionalMomentIn(secret.NextRotationDate, "NextRotationDate"),
      },
    };
  },
  isRepeatable: true,
});

/** Describes a secret without reading its value; `absent` if the secret does not exist. */
export async function describeSecret(
  client: SecretsManagerClient,
  arn: string,
): Promise<Evidence<SecretDescription>> {
  try {
    return present(await describe(client, { SecretId: arn }));
  } catch (error) {
    if (errorName(error) === "ResourceNotFoundException") return absent;
    return unreadableBecause(error, "secretsmanager:DescribeSecret");
  }
}

const listVersions = operation({
  name: "secretsmanager:ListSecretVersionIds",
  command: ListSecretVersionIdsCommand,
  send: (client: SecretsManagerClient, command) => client.send(command),
  read: (page) => ({
    items: listIn(page.Versions, "Versions").map(({ VersionId, VersionStages, CreatedDate }) => ({
      id: nameIn(VersionId, "Versions[].VersionId"),
      isCurrent: optionalListIn(VersionStages, "Versions[].VersionStages").includes("AWSCURRENT"),
      createdAt: optionalMomentIn(CreatedDate, "Versions[].CreatedDate"),
    })),
    next: nextToken(page.NextToken),
  }),
  isRepeatable: true,
});

/** Reads when the current value of a secret was set, but not the value; `absent` if the secret does not exist. */
export async function readSecretVersion(
  client: SecretsManagerClient,
  arn: string,
): Promise<Evidence<SecretVersion>> {
  const name = "secretsmanager:ListSecretVersionIds";
  try {
    const versions = await allItems({
      name,
      page: (token) =>
        listVersions(client, { SecretId: arn, ...(token === undefined ? {} : { NextToken: token }) }),
      mostPages,
      keyOf: ({ id }) => id,
      again: "same-or-error",
    });
    const current = versions.find(({ isCurrent }) => isCurrent);
    return present({ currentSince: current?.createdAt ?? null });
  } catch (error) {
    if (errorName(error) === "ResourceNotFoundException") return absent;
    return unreadableBecause(error, name);
  }
}

const describeTemplates = operation({
  name: "ecr:DescribeRepositoryCreationTemplates",
  command: DescribeRepositoryCreationTemplatesCommand,
  send: (client: ECRClient, command) => client.send(command),
  read: (page) => ({
    items: listIn(page.repositoryCreationTemplates, "repositoryCreationTemplates").map(toTemplate),
    next: nextToken(page.nextToken),
  }),
  isRepeatable: true,
});

/** Lists all repository creation templates of the client's registry, over all pages; complete or unreadable. */
export async function listCreationTemplates(
  client: ECRClient,
): Promise<Evidence<readonly CreationTemplate[]>> {
  try {
    const templates = await allItems({
      name: "ecr:DescribeRepositoryCreationTemplates",
      page: (token) => describeTemplates(client, token === undefined ? {} : { nextToken: token }),
      mostPages,
      keyOf: ({ prefix }) => prefix,
      again: "same-or-error",
    });
    return present(templates);
  } catch (error) {
    return unreadableBecause(error, "ecr:DescribeRepositoryCreationTemplates");
  }
}

function toTemplate(template: RepositoryCreationTemplate): CreationTemplate {
  const optional = (
    member: "imageTagMutability" | "lifecyclePolicy" | "repositoryPolicy" | "customRoleArn",
  ) => optionalTextIn(template[member], `repositoryCreationTemplates[].${member}`);
  const appliedFor = listIn(template.appliedFor, "repositoryCreationTemplates[].appliedFor");
  const lifecyclePolicy = textOrNone(optional("lifecyclePolicy"));
  const repositoryPolicy = textOrNone(optional("repositoryPolicy"));
  const { encryptionType } = template.encryptionConfiguration ?? {};
  return {
    prefix: nameIn(template.prefix, "repositoryCreationTemplates[].prefix"),
    appliedFor: appliedFor.map((use) => textIn(use, "repositoryCreationTemplates[].appliedFor[]")),
    // The defaults of ECR for absent settings (ECR API reference, CreateRepositoryCreationTemplate, November 2026).
    imageTagMutability: optional("imageTagMutability") ?? "MUTABLE",
    encryptionType:
      optionalTextIn(encryptionType, "repositoryCreationTemplates[].encryptionConfiguration") ?? "AES256",
    hasLifecyclePolicy: lifecyclePolicy !== null,
    hasRepositoryPolicy: repositoryPolicy !== null,
    lifecyclePolicy,
    repositoryPolicy,
    hasResourceTags:
      optionalListIn(template.resourceTags, "repositoryCreationTemplates[].resourceTags").length > 0,
    customRoleArn: optional("customRoleArn"),
  };
}

function textOrNone(text: string | null): string | null {
  return text?.trim() === "" ? null : text;
}

const getScanning = operation({
  name: "ecr:GetRegistryScanningConfiguration",
  command: GetRegistryScanningConfigurationCommand,
  send: (client: ECRClient, command) => client.send(command),
  read: (answer): Scanning => {
    const { scanType, rules } = structureIn(answer.scanningConfiguration, "scanningConfiguration");
    return {
      scanType: textIn(scanType, "scanningConfiguration.scanType"),
      rules: listIn(rules, "scanningConfiguration.rules").map(({ scanFrequency, repositoryFilters }) => ({
        scanFrequency: textIn(scanFrequency, "scanningConfiguration.rules[].scanFrequency"),
        filters: listIn(repositoryFilters, "scanningConfiguration.rules[].repositoryFilters").map(
          ({ filter }) => textIn(filter, "scanningConfiguration.rules[].repositoryFilters[].filter"),
        ),
      })),
    };
  },
  isRepeatable: true,
});

/** Reads the scanning configuration of the client's registry. */
export async function describeScanning(client: ECRClient): Promise<Evidence<Scanning>> {
  try {
    return present(await getScanning(client, {}));
  } catch (error) {
    return unreadableBecause(error, "ecr:GetRegistryScanningConfiguration");
  }
}

/** The text has up to 10,240 characters (ECR API reference, PutRegistryPolicy, November 2026). A truncated policy is useless. */
const getPolicy = operation({
  name: "ecr:GetRegistryPolicy",
  command: GetRegistryPolicyCommand,
  send: (client: ECRClient, command) => client.send(command),
  read: ({ policyText }) => nameIn(policyText, "policyText"),
  isRepeatable: true,
});

/** Reads the policy text of the client's registry; `absent` if none is set. */
export async function readRegistryPolicy(client: ECRClient): Promise<Evidence<string>> {
  try {
    return present(await getPolicy(client, {}));
  } catch (error) {
    if (errorName(error) === "RegistryPolicyNotFoundException") return absent;
    return unreadableBecause(error, "ecr:GetRegistryPolicy");
  }
}
