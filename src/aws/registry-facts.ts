import {
  type ECRClient,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  paginateDescribeRepositoryCreationTemplates,
  type RepositoryCreationTemplate,
} from "@aws-sdk/client-ecr";
import { absent, type Evidence, present } from "../model/evidence.ts";
import type { CreationTemplate, Scanning } from "../model/facts.ts";
import { errorName, unreadableBecause } from "./errors.ts";

/** All repository creation templates of the client's registry, over all pages; all or nothing. */
export async function listCreationTemplates(
  client: ECRClient,
): Promise<Evidence<readonly CreationTemplate[]>> {
  try {
    const templates: CreationTemplate[] = [];
    for await (const page of paginateDescribeRepositoryCreationTemplates({ client }, {})) {
      templates.push(...(page.repositoryCreationTemplates ?? []).map(toTemplate));
    }
    return present(templates);
  } catch (error) {
    return unreadableBecause(error, "ecr:DescribeRepositoryCreationTemplates");
  }
}

function toTemplate(template: RepositoryCreationTemplate): CreationTemplate {
  const { prefix, imageTagMutability, lifecyclePolicy, repositoryPolicy } = template;
  if (prefix === undefined) throw new Error("a creation template came without prefix");
  return {
    prefix,
    appliedFor: template.appliedFor ?? [],
    // What ECR does where a template is silent (ECR API reference, CreateRepositoryCreationTemplate, November 2026).
    imageTagMutability: imageTagMutability ?? "MUTABLE",
    encryptionType: template.encryptionConfiguration?.encryptionType ?? "AES256",
    hasLifecyclePolicy: isText(lifecyclePolicy),
    hasRepositoryPolicy: isText(repositoryPolicy),
    hasResourceTags: (template.resourceTags ?? []).length > 0,
    customRoleArn: template.customRoleArn ?? null,
  };
}

function isText(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== "";
}

/** The scanning configuration of the client's registry. */
export async function describeScanning(client: ECRClient): Promise<Evidence<Scanning>> {
  try {
    const { scanningConfiguration } = await client.send(new GetRegistryScanningConfigurationCommand({}));
    if (scanningConfiguration === undefined) throw new Error("ECR answered without scanningConfiguration");
    const { scanType, rules = [] } = scanningConfiguration;
    return present({
      scanType: scanType ?? "BASIC",
      rules: rules.map(({ scanFrequency, repositoryFilters = [] }) => ({
        scanFrequency: scanFrequency ?? "MANUAL",
        filters: repositoryFilters.flatMap(({ filter }) => (filter === undefined ? [] : [filter])),
      })),
    });
  } catch (error) {
    return unreadableBecause(error, "ecr:GetRegistryScanningConfiguration");
  }
}

/** The text of the policy of the client's registry; `absent` when none is set. */
export async function readRegistryPolicy(client: ECRClient): Promise<Evidence<string>> {
  try {
    const { policyText } = await client.send(new GetRegistryPolicyCommand({}));
    if (policyText === undefined) throw new Error("ECR answered without policyText");
    return present(policyText);
  } catch (error) {
    if (errorName(error) === "RegistryPolicyNotFoundException") return absent;
    return unreadableBecause(error, "ecr:GetRegistryPolicy");
  }
}
