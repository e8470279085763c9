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
  "no-role": "instruct",
};
