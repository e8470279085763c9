/**
 * The largest inputs that are read. An input beyond a limit is refused with one sentence before it is processed. The
 * table in `docs/check.md` lists the same limits.
 */
export const inputLimits = {
  /** Bytes of a Terraform plan in JSON. */
  planBytes: 32 * 1024 * 1024,
  /** Bytes of a template or a serverless.yml: what CloudFormation takes (user guide, "Quotas", November 2026). */
  templateBytes: 1024 * 1024,
  /** Bytes of a policy. */
  policyBytes: 1024 * 1024,
  /** Bytes of any other file: a snapshot, a report, a plan of changes, a policy test. */
  fileBytes: 128 * 1024 * 1024,
  /** How deep lists and maps may lie in one another. */
  depth: 100,
  /** Values of a template, each counted as often as aliases and merges repeat it. */
  templateValues: 500_000,
  /** How many conditions of a template may refer to the next in a chain. */
  conditionDepth: 1_000,
  /** Characters of a text that functions or variables of a template make. */
  textLength: 16_384,
  /** Values and characters that the loops of a template may copy. */
  loopCopies: 5_000_000,
  /** Turns of all loops of a template together. */
  loopTurns: 10_000,
  /** Characters of a resource's address in a plan. */
  addressLength: 4_096,
} as const;
