import { contentOfText } from "../references/content.ts";
import type { PartlyKnown } from "../references/partly-known.ts";
import type { RoleInCode } from "../references/role.ts";
import type { SecretContent, SecretInCode } from "../references/secret.ts";
import { notKnown } from "../references/trust.ts";
import { type Source, textOf, valueUnder } from "../source-tree.ts";
import { registryKeyOf, type TemplateContext } from "./context.ts";
import type { Evaluator } from "./evaluate.ts";
import { macrosBeside } from "./macros.ts";
import { plainOf } from "./plain.ts";
import type { TemplateResource } from "./resources.ts";
import { type Piece, textPieces, unknownValue, type Value } from "./value.ts";

const secretType = "AWS::SecretsManager::Secret";
const roleType = "AWS::IAM::Role";
const keyTypes = ["AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::KMS::Alias"];

/** The types of the resources that rules refer to. */
export const referredTypes: readonly string[] = [secretType, roleType, ...keyTypes];

/** What a rule's ARN refers to in the same template. */
export type References = {
  /** The secret that a credential's ARN refers to. */
  readonly secretBehind: (credential: Value) => SecretInCode | null;
  /** The role that a role's ARN refers to. */
  readonly roleBehind: (role: Value) => RoleInCode | null;
  /** A value with the names of roles that are known, or that are generated, in place of references to them. */
  readonly withRoleNames: (value: Value) => Value;
};

/** Follows references to the resources of a template (AWS CloudFormation template reference, "Return values", November 2026). */
export function referencesAmong(
  resources: readonly TemplateResource[],
  evaluator: Evaluator,
  context: TemplateContext,
): References {
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const behind = (piece: Piece | undefined, type: string): TemplateResource | null => {
    if (typeof piece !== "object" || piece === null || !("resource" in piece)) return null;
    const resource = byId.get(piece.resource);
    return resource?.type === type ? resource : null;
  };
  const head = { location: context.location, registryKey: registryKeyOf(context) };
  const properties = (resource: TemplateResource) => propertiesOf(resource, evaluator);

  const secretIn = (resource: TemplateResource): SecretInCode => {
    const given = properties(resource);
    const name = given === null ? unknownName : nameOf(given, "Name", resource.logicalId, evaluator);
    return {
      ...head,
      address: resource.logicalId,
      name,
      key: given === null ? "unknown" : keyOf(valueUnder(given, "KmsKeyId")),
      content: given === null ? { state: "unknown" } : contentOf(given, evaluator),
    };
  };
  const keyOf = (given: Source | undefined): SecretInCode["key"] => {
    const value = given === undefined ? null : evaluator.value(given);
    if (value === null || value.kind === "nothing") return "managed";
    const pieces = textPieces(value) ?? [null];
    const [only, ...others] = pieces;
    if (others.length === 0 && keyTypes.some((type) => behind(only, type) !== null)) return "customer";
    const last = pieces.at(-1);
    const alias = typeof last === "string" ? /(?:^|:)alias\/(.+)$/.exec(last)?.[1] : undefined;
    // An id or an ARN may be that of the key that AWS manages.
    if (alias === undefined) return "unknown";
    return alias === "aws/secretsmanager" ? "managed" : "customer";
  };
  const roleIn = (resource: TemplateResource): RoleInCode => {
    const given = properties(resource);
    const policy = valueUnder(given ?? undefined, "AssumeRolePolicyDocument");
    return {
      ...head,
      address: resource.logicalId,
      name: given === null ? unknownName : nameOf(given, "RoleName", resource.logicalId, evaluator),
      path: given === null ? null : pathOf(valueUnder(given, "Path"), evaluator),
      trust: policy === undefined ? notKnown : parsedIfText(plainOf(policy, evaluator)),
    };
  };
  const byName = (credential: Value): TemplateResource | null => {
    const name = nameOfOwnSecret(credential, context);
    if (name === null) return null;
    const [found = null, ...others] = resources.filter((resource) => {
      if (resource.type !== secretType) return false;
      const own = secretIn(resource).name;
      return (
        own.rest === "none" && (name === own.start || name.replace(/-[A-Za-z0-9]{6}$/, "") === own.start)
      );
    });
    return others.length === 0 ? found : null;
  };
  return {
    secretBehind: (credential) => {
      const pieces = textPieces(credential) ?? [];
      const [only, ...others] = pieces;
      const isArn = isReference(only) && [null, "Id"].includes(only.attribute);
      const resource = isArn && others.length === 0 ? behind(only, secretType) : byName(credential);
      return resource === null ? null : secretIn(resource);
    },
    roleBehind: (role) => {
      const pieces = textPieces(role) ?? [];
      const [last] = pieces.slice(-1);
      const before = pieces.at(-2);
      // `GetAtt` answers the ARN. `Ref` answers the name, which may end an ARN.
      const isArn = isReference(last) && last.attribute === "Arn" && pieces.length === 1;
      const endsArn = isReference(last) && last.attribute === null && typeof before === "string";
      const resource = isArn || (endsArn && before.endsWith("/")) ? behind(last, roleType) : null;
      return resource === null ? null : roleIn(resource);
    },
    withRoleNames: (value) => {
      if (value.kind !== "unknown") return value;
      const pieces = value.pieces.map((piece): Piece => {
        const resource = isReference(piece) && piece.attribute === null ? behind(piece, roleType) : null;
        if (resource === null) return piece;
        const { name } = roleIn(resource);
        if (name.rest === "none") return name.start;
        // A name alone is no ARN, whatever it is.
        return value.pieces.length === 1 ? `${name.start}XXXXXX` : piece;
      });
      const texts = pieces.filter((piece) => typeof piece === "string");
      return texts.length === pieces.length
        ? { kind: "text", text: texts.join("") }
        : unknownValue(value.why, pieces);
    },
  };
}

function isReference(
  piece: Piece | undefined,
): piece is { readonly resource: string; readonly attribute: string | null } {
  return typeof piece === "object" && piece !== null && "resource" in piece;
}

const unknownName: PartlyKnown = { start: "", rest: "unknown" };

/** The properties of a resource; `null` if they are not known. */
function propertiesOf({ body }: TemplateResource, evaluator: Evaluator): Source | null {
  const given = valueUnder(body, "Properties");
  const chosen = given === undefined ? noProperties : evaluator.chosen(given);
  const hasMacros = macrosBeside(body).length > 0 || (chosen !== null && macrosBeside(chosen).length > 0);
  return hasMacros || chosen?.kind !== "map" ? null : chosen;
}

const noProperties: Source = { kind: "map", entries: new Map(), line: 0 };

function nameOf(properties: Source, property: string, logicalId: string, evaluator: Evaluator): PartlyKnown {
  const given = valueUnder(properties, property);
  const value: Value = given === undefined ? { kind: "nothing" } : evaluator.value(given);
  if (value.kind === "nothing") return { start: `${logicalId}-`, rest: "generated" };
  const pieces = textPieces(value) ?? [null];
  const [first] = pieces;
  const start = typeof first === "string" ? first : "";
  const others = typeof first === "string" ? pieces.slice(1) : pieces;
  if (others.length === 0) return { start, rest: "none" };
  return { start, rest: others.every(isHarmless) ? "generated" : "unknown" };
}

/** Pseudo parameters have only characters that any name takes. */
function isHarmless(piece: Piece): boolean {
  return typeof piece === "string" || (piece !== null && "pseudo" in piece);
}

function pathOf(given: Source | undefined, evaluator: Evaluator): string | null {
  if (given === undefined) return "/";
  const value = evaluator.value(given);
  if (value.kind === "nothing") return "/";
  return value.kind === "text" && value.text.startsWith("/") && value.text.endsWith("/") ? value.text : null;
}

/** Stands for what is not known in the value of a secret. Valid within a text of JSON, and as a value. */
const gap = "7310934650";

/** What a template tells of the value of a secret. The value itself goes nowhere. */
function contentOf(properties: Source, evaluator: Evaluator): SecretContent {
  const text = valueUnder(properties, "SecretString");
  if (text !== undefined) {
    const value = evaluator.value(text);
    if (value.kind !== "nothing") return contentIn(textPieces(value) ?? [null]);
  }
  const generated = valueUnder(properties, "GenerateSecretString");
  return generated === undefined ? { state: "elsewhere" } : generatedContent(generated, evaluator);
}

function generatedContent(generated: Source, evaluator: Evaluator): SecretContent {
  const chosen = evaluator.chosen(generated);
  if (chosen?.kind !== "map" || macrosBeside(chosen).length > 0) return { state: "unknown" };
  const template = valueUnder(chosen, "SecretStringTemplate");
  const key = valueUnder(chosen, "GenerateStringKey");
  const content = template === undefined ? null : contentIn(textPieces(evaluator.value(template)) ?? [null]);
  const name = key === undefined ? null : textOf(key);
  if (content?.state !== "keys" || name === null) return { state: "unknown" };
  return { state: "keys", keys: [...content.keys, name] };
}

function contentIn(pieces: readonly Piece[]): SecretContent {
  if (pieces.every((piece) => typeof piece !== "string")) return { state: "unknown" };
  const hasGaps = pieces.some((piece) => typeof piece !== "string");
  const text = pieces.map((piece) => (typeof piece === "string" ? piece : gap)).join("");
  return contentOfText(text, hasGaps ? gap : null);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsedIfText(policy: unknown): unknown {
  return typeof policy === "string" ? (parsedJson(policy) ?? notKnown) : policy;
}

/** The name in the ARN of a secret of the stack's own account and region; `null` for any other. */
function nameOfOwnSecret(credential: Value, { location }: TemplateContext): string | null {
  const pieces = textPieces(credential);
  if (pieces === null) return null;
  const text = pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    return piece !== null && "pseudo" in piece ? piece.pseudo.replace("::", ".") : gap;
  });
  const [, , service, region, account, kind, name = "", ...more] = text.join("").split(":");
  if (service !== "secretsmanager" || kind !== "secret" || more.length > 0 || name.includes(gap)) return null;
  const isHere =
    [location.region, "AWS.Region"].includes(region ?? "") &&
    [location.account, "AWS.AccountId"].includes(account ?? "");
  return isHere ? name : null;
}
