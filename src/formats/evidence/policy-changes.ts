import * as z from "zod";
import type { Evidence } from "../../schemas/evidence.ts";

/** What became of a section of the policy, as entries to read. */
export type PolicyChange = {
  readonly from: string;
  readonly section: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
};

const notStored = "This policy or the one before is not stored";

/** The changes of the policy within a period, each with the day of the first audit that used it. */
export function policyChangesOf(policies: Evidence["policies"]): readonly PolicyChange[] {
  return policies.flatMap(({ from, changes }): readonly PolicyChange[] => {
    if (changes === null) return [{ from, section: "not known", removed: [notStored], added: [] }];
    return changes.map(({ section, before, after }) => {
      const [old, young] = [entriesOf(before), entriesOf(after)];
      const [removed, added] = [without(old, young), without(young, old)];
      const isSame = removed.length === 0 && added.length === 0;
      return { from, section, removed, added: isSame ? ["the same entries in another order"] : added };
    });
  });
}

function without(entries: readonly string[], others: readonly string[]): readonly string[] {
  const rest = [...others];
  return entries.filter((entry) => {
    const index = rest.indexOf(entry);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

/** The settings and list items of a section's JSON, each as a line; none without the section. */
function entriesOf(json: string): readonly string[] {
  return json === "" ? [] : entriesIn(JSON.parse(json), "");
}

const listSchema = z.array(z.unknown());
const objectSchema = z.record(z.string(), z.unknown());

function entriesIn(value: unknown, path: string): readonly string[] {
  const named = (text: string) => (path === "" ? text : `${path}: ${text}`);
  const list = listSchema.safeParse(value);
  if (list.success) {
    return list.data.length === 0 ? [named("nothing")] : list.data.map((item) => named(inLine(item)));
  }
  const object = objectSchema.safeParse(value);
  if (!object.success) return [named(inLine(value))];
  const members = Object.entries(object.data);
  if (members.length === 0) return [named("defaults")];
  return members.flatMap(([key, member]) => entriesIn(member, path === "" ? key : `${path}.${key}`));
}

/** A value in one line: `checks secret-health, owner team-a, match (account 111122223333)`. */
function inLine(value: unknown): string {
  const list = listSchema.safeParse(value);
  if (list.success) return list.data.map(inLine).join(" ");
  const object = objectSchema.safeParse(value);
  if (!object.success) return String(value);
  return Object.entries(object.data)
    .map(([key, member]) =>
      objectSchema.safeParse(member).success ? `${key} (${inLine(member)})` : `${key} ${inLine(member)}`,
    )
    .join(", ");
}
