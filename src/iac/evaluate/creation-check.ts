/** What AWS would refuse is reported like a check. No policy turns it off, and no waiver applies to it. */
export const creationCheck = {
  id: "creation-refused",
  severity: "high",
  title: "Rules that AWS would refuse to create",
  docs: "docs/check.md",
} as const;

/** Pull through cache rules in a registry; not adjustable (Amazon ECR user guide, "Service quotas", November 2026). */
export const rulesToARegistry = 50;
