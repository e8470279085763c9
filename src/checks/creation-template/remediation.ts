import type { Instructions } from "../remediation.ts";
import type { CreationTemplateKinds } from "./text.ts";

export const creationTemplateRemediation: Instructions<CreationTemplateKinds> = {
  "template-missing": "instruct",
  "template-not-applied": "instruct",
  "template-shadowed": "never-fails",
  "tag-mutability": "instruct",
  encryption: "instruct",
  "no-lifecycle-policy": "instruct",
  "no-repository-policy": "instruct",
  "lifecycle-policy-keeps-images": "instruct",
  "lifecycle-policy-not-understood": "never-fails",
  "repository-policy-lets-in": "instruct",
  "repository-policy-without-pull": "instruct",
  "repository-policy-organization-unknown": "never-fails",
  "repository-policy-not-understood": "never-fails",
  "repository-policy-not-parsed": "never-fails",
  "policy-not-recorded": "never-fails",
  "no-role": "instruct",
};
