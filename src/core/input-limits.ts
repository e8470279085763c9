/**
 * The largest inputs that are read. An input beyond a limit is refused with one sentence before it is processed. The
 * table in `docs/check.md` lists the same limits.
 */
export const inputLimits = {
  /** The size of a Terraform plan in JSON, in bytes. */
  planBytes: 32 * 1024 * 1024,
  /** The size of a template or a serverless.yml, in bytes: the limit of CloudFormation (user guide, "Quotas", November 2026). */
  templateBytes: 1024 * 1024,
  /** The size of a policy, in bytes. */
  policyBytes: 1024 * 1024,
  /** Bytes of any other file: a snapshot, a report, a plan of changes, a policy test. */
  fileBytes: 128 * 1024 * 1024,
  /** The maximum depth of nested lists and maps. */
  depth: 100,
  /** The number of values in a template, including repetitions by aliases and merges. */
  templateValues: 500_000,
  /** How many conditions of a template may refer to the next in a chain. */
  conditionDepth: 1_000,
  /** The number of characters of a text that functions or variables of a template produce. */
  textLength: 16_384,
  /** The number of values and characters that the loops of a template can copy. */
  loopCopies: 5_000_000,
  /** The total number of iterations of all loops of a template. */
  loopTurns: 10_000,
  /** The number of files of code that are read of one folder. */
  filesOfFolder: 1_000,
  /** The number of characters of a resource's address in a plan. */
  addressLength: 4_096,
} as const;
