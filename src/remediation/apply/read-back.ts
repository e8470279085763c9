import type { Clock, RegistryWriter } from "../../audit/ports.ts";
import type { PlannedRule } from "../../ecr/rule.ts";
import type { Unreadable } from "../../facts/evidence.ts";
import { ruleText } from "../plan/fingerprint.ts";

/** What reading a rule back needs. */
export type ReadBackContext = {
  readonly writer: RegistryWriter;
  readonly clock: Clock;
  /** The longest wait between two reads, in milliseconds. */
  readonly confirmAfterMs: number;
};

/** The last read of a rule: the rule, `null` if it does not exist, or why it could not be read. */
type Seen = { readonly isAsWanted: boolean; readonly last: PlannedRule | Unreadable | null };

/** The wait before each further read, as a fraction of the longest wait: reads of ECR may lag behind changes. */
const waits: readonly number[] = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1];

/**
 * Reads a rule until it is as wanted, at most six times.
 *
 * @param wanted the rule's text; `null` if the rule must not exist
 * @param isRepeated whether to read it again if it is not as wanted
 */
export async function readBack(
  prefix: string,
  wanted: string | null,
  { writer, clock, confirmAfterMs }: ReadBackContext,
  isRepeated: boolean,
): Promise<Seen> {
  let seen = await readOnce(prefix, wanted, writer);
  for (const wait of isRepeated ? waits : []) {
    if (seen.isAsWanted) return seen;
    await clock.sleep(wait * confirmAfterMs);
    seen = await readOnce(prefix, wanted, writer);
  }
  return seen;
}

async function readOnce(prefix: string, wanted: string | null, writer: RegistryWriter): Promise<Seen> {
  const rules = await writer.listRules();
  if (rules.state === "unreadable") return { isAsWanted: false, last: rules };
  const list: readonly PlannedRule[] = rules.state === "present" ? rules.value : [];
  const there = list.find(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix === prefix) ?? null;
  return { isAsWanted: (there === null ? null : ruleText(there)) === wanted, last: there };
}

/** Describes what was read. The text may be hostile. */
export function seenText({ last }: Seen): string {
  if (last === null) return "the rule does not exist";
  if ("state" in last) return `${last.operation} could not be read (${last.reason}): ${last.detail}`;
  const { upstreamRegistryUrl, upstreamRepositoryPrefix, credentialArn, customRoleArn } = last;
  return `the rule exists with upstream ${upstreamRegistryUrl}, upstream prefix ${upstreamRepositoryPrefix}, credential ${credentialArn ?? "none"}, role ${customRoleArn ?? "none"}`;
}
