import * as z from "zod";
import { problemsWith } from "../../core/json-file.ts";

/** The listed items, or everything except the listed items. */
export type Listed<T> = { readonly allBut: boolean; readonly list: readonly T[] };

/** A principal of a policy document; `type` is `AWS`, `Service`, `Federated` or `CanonicalUser`. */
export type Principal = { readonly type: string; readonly id: string };

/** A condition of a statement. A statement applies if all of its conditions hold. */
export type Condition = {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
};

/** A statement of a policy document. */
export type Statement = {
  /** Its Sid if no other statement has the same Sid, or else its position, such as `#1`. */
  readonly label: string;
  readonly effect: "Allow" | "Deny";
  readonly principals: Listed<Principal>;
  readonly actions: Listed<string>;
  /** Everything if the document does not set it. */
  readonly resources: Listed<string>;
  readonly conditions: readonly Condition[];
};

/** A parsed policy document, or the reason why the text is not one. */
export type ParsedDocument =
  | { readonly statements: readonly Statement[] }
  | { readonly statements: null; readonly problem: string };

const oneOrMore = z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1)]);

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const conditionValues = z.union([scalar.transform((value) => [value]), z.array(scalar).min(1)]);

const principals = z.union([
  z.literal("*").transform((id): readonly Principal[] => [{ type: "AWS", id }]),
  z
    .partialRecord(z.enum(["AWS", "Service", "Federated", "CanonicalUser"]), oneOrMore)
    .transform((byType): readonly Principal[] =>
      Object.entries(byType).flatMap(([type, ids]) => ids.map((id) => ({ type, id }))),
    ),
]);

const statementSchema = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"]),
    Principal: principals.optional(),
    NotPrincipal: principals.optional(),
    Action: oneOrMore.optional(),
    NotAction: oneOrMore.optional(),
    Resource: oneOrMore.optional(),
    NotResource: oneOrMore.optional(),
    Condition: z.record(z.string(), z.record(z.string(), conditionValues)).default({}),
  })
  .refine(({ Principal, NotPrincipal }) => (Principal === undefined) !== (NotPrincipal === undefined), {
    message: "must have either Principal or NotPrincipal",
  })
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined), {
    message: "must have either Action or NotAction",
  })
  .refine(({ Resource, NotResource }) => Resource === undefined || NotResource === undefined, {
    message: "must not have both Resource and NotResource",
  });

/** A single statement may be given instead of a list. */
const statementsSchema = z.preprocess(
  (value) => (Array.isArray(value) ? value : [value]),
  z.array(statementSchema).min(1),
);

const documentSchema = z.strictObject({
  Version: z.enum(["2012-10-17", "2008-10-17"]).optional(),
  Id: z.string().optional(),
  Statement: statementsSchema,
});

/**
 * Parses the text of a resource-based policy (IAM user guide, "Grammar of the IAM JSON policy language", November
 * 2026). A text with elements that the grammar does not define is rejected, because its effect is unknown.
 */
export function parseDocument(text: string): ParsedDocument {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { statements: null, problem: error instanceof Error ? error.message : String(error) };
  }
  const { success, data, error } = documentSchema.safeParse(json, { reportInput: true });
  if (success) return { statements: toStatements(data.Statement) };
  const problems = problemsWith(documentSchema, error.issues).map(
    ({ path, message }) => `${path} ${message}`,
  );
  return { statements: null, problem: problems.join("; ") };
}

/** Whether the list includes an item. `matches` compares the item with one entry. */
export function includesItem<T>({ allBut, list }: Listed<T>, matches: (entry: T) => boolean): boolean {
  return list.some(matches) !== allBut;
}

function toStatements(parsed: readonly z.infer<typeof statementSchema>[]): readonly Statement[] {
  const sids = parsed.map(({ Sid }) => Sid);
  return parsed.map((statement, index) => ({
    label: labelOf(statement.Sid, index, sids),
    effect: statement.Effect,
    principals: listed(statement.Principal, statement.NotPrincipal),
    actions: listed(statement.Action, statement.NotAction),
    resources: listed(statement.Resource, statement.NotResource),
    conditions: Object.entries(statement.Condition).flatMap(([operator, byKey]) =>
      Object.entries(byKey).map(([key, values]) => ({ operator, key, values })),
    ),
  }));
}

function labelOf(sid: string | undefined, index: number, sids: readonly (string | undefined)[]): string {
  const isItsOwn = sids.filter((other) => other === sid).length === 1;
  return sid !== undefined && sid !== "" && isItsOwn ? sid : `#${index + 1}`;
}

function listed<T>(only: readonly T[] | undefined, allBut: readonly T[] = []): Listed<T> {
  return only === undefined ? { allBut: true, list: allBut } : { allBut: false, list: only };
}
