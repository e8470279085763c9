import { makeRecord } from "../../core/records.ts";
import { spelled } from "../../ecr/rule.ts";
import {
  allUnknown,
  byParameter,
  type DeclaredRule,
  type NotRead,
  type ReadRules,
  type RuleParameter,
  ruleParameters,
  unknown,
  unset,
} from "../declared-rule.ts";
import { entriesOf, entryUnder, type Source, valueUnder } from "../source-tree.ts";
import { wholeBudget } from "../too-large.ts";
import { metadataKey, waiversInPlace } from "../waivers-in-place.ts";
import { originIn, registryKeyOf, type TemplateContext } from "./context.ts";
import {
  bringsOthers,
  modulesSection,
  notRead,
  processed,
  readElsewhere,
  templateSources,
} from "./elsewhere.ts";
import { type Evaluator, evaluatorFor } from "./evaluate.ts";
import { isLoop, type LoopContext, unrolledEntries } from "./loops.ts";
import { changing, type Macro, macroCall, macrosBeside, macrosIn } from "./macros.ts";
import { plainOf } from "./plain.ts";
import { type References, referencesAmong, referredTypes } from "./references.ts";
import { resourcesOf, type TemplateResource } from "./resources.ts";
import { hiddenValues, scopeOf } from "./scope.ts";
import { declaredOf, type Value } from "./value.ts";

/** The type of a rule (AWS CloudFormation template reference, November 2026); its properties are the API's parameters. */
const ruleType = "AWS::ECR::PullThroughCacheRule";

/** The properties of a rule in a template, by the API's parameter. */
export const properties = makeRecord<Readonly<Record<RuleParameter, string>>>(ruleParameters, (parameter) =>
  spelled(parameter, "Aa"),
);

/**
 * Reads the text of a template that something else holds: a stack set, or a resource of another tool.
 * `context.within` names what holds it.
 */
export function rulesOfTemplateText(text: string, context: TemplateContext): ReadRules {
  const read = templateSources(text, context);
  return "notRead" in read ? read.notRead : rulesOfTemplates(read.sources, context);
}

/** The rules of the documents of one file. CloudFormation reads one of them, and does not document which. */
export function rulesOfTemplates(templates: readonly Source[], context: TemplateContext): ReadRules {
  const all = templates.map((template, at) =>
    rulesOfTemplate(template, {
      ...context,
      within: at === 0 ? context.within : `${context.within}#${at + 1}/`,
    }),
  );
  return {
    rules: all.flatMap(({ rules }) => rules),
    departing: [],
    notRead: [...furtherDocuments(templates, context), ...all.flatMap((read) => read.notRead)],
  };
}

/** The documents of a file after the first, each of which is said to be one too many. */
export function furtherDocuments(documents: readonly Source[], context: TemplateContext): readonly NotRead[] {
  return documents.slice(1).flatMap(
    ({ line }) =>
      notRead({ logicalId: "---", line }, context, {
        why: "begins another YAML document in the file, and only one of them is deployed",
        remedy: "Write each document into a file of its own.",
        heldBy: null,
      }).notRead,
  );
}

/** What reading the rules of a template needs. */
type RuleReader = {
  readonly context: TemplateContext;
  readonly evaluator: Evaluator;
  readonly loops: LoopContext;
  readonly references: References;
  /** A macro of the whole template that may change any part of it. */
  readonly macro: Macro | undefined;
  /** The values of parameters that are not to be shown. */
  readonly sensitive: readonly string[];
};

/** The rules of a parsed template: one document. Resources with a false condition are left out. */
export function rulesOfTemplate(template: Source, context: TemplateContext): ReadRules {
  const budget = wholeBudget();
  const evaluator: Evaluator = evaluatorFor(
    scopeOf(template, context, () => withoutLoops(valueUnder(template, "Conditions"), loops)),
  );
  const loops: LoopContext = { value: evaluator.value, budget };
  const section = valueUnder(template, "Resources");
  const { resources, closed } = resourcesOf(section, isWanted, evaluator, budget);
  const macros = [
    ...macrosIn(valueUnder(template, "Transform")),
    ...macrosBeside(template),
    ...macrosBeside(section),
  ];
  const reader: RuleReader = {
    context,
    evaluator,
    loops,
    references: referencesAmong(resources, evaluator, context),
    macro: changing(macros),
    sensitive: hiddenValues(template, context.given),
  };
  const existing = resources.filter(({ body }) => existsIn(body, evaluator) !== false);
  const elsewhere = { context, evaluator, readTemplate: rulesOfTemplateText };
  const others = existing
    .map((resource) => readElsewhere(resource, elsewhere))
    .filter((read) => read !== null);
  return {
    rules: [
      ...existing.filter(({ type }) => type === ruleType).map((resource) => ruleIn(resource, reader)),
      ...others.flatMap(({ rules }) => rules),
    ],
    departing: [],
    notRead: [
      ...unreadSections(template, context),
      ...modulesSection(template, context),
      ...closed.flatMap(([logicalId, { line }]) => notRead({ logicalId, line }, context, closedLoop).notRead),
      ...others.flatMap((read) => read.notRead),
    ],
  };
}

function isWanted(type: string): boolean {
  return type === ruleType || referredTypes.includes(type) || bringsOthers(type);
}

function withoutLoops(section: Source | undefined, loops: LoopContext): Source | undefined {
  // What a macro may change decides nothing.
  if (section?.kind !== "map" || changing(macrosBeside(section)) !== undefined) return undefined;
  return { ...section, entries: new Map(unrolledEntries(section, loops).entries) };
}

const closedLoop = {
  why: "is a loop over values that are known only after deployment",
  remedy:
    "Give the values with --parameter if they are those of a parameter, or check the processed template.",
  heldBy: null,
};

/** Where macros and functions may write resources. */
function unreadSections(template: Source, context: TemplateContext): readonly NotRead[] {
  const callsInTop = ["Transform", macroCall].flatMap((logicalId) => {
    const at = entryUnder(template, logicalId);
    return macrosIn(at?.value).map((macro) => ({ macro, logicalId, at }));
  });
  const section = valueUnder(template, "Resources");
  const functions = Array.from(entriesOf(section)).filter(
    ([name]) => name.startsWith("Fn::") && !isLoop(name),
  );
  return [
    ...callsInTop.flatMap(
      ({ macro, logicalId, at }) =>
        notRead({ logicalId, line: at?.line ?? 1 }, context, {
          why: `calls the macro ${macro.name}, which may write pull through cache rules`,
          remedy: processed,
          heldBy: null,
        }).notRead,
    ),
    ...functions.flatMap(
      ([logicalId, { line }]) =>
        notRead({ logicalId, line }, context, {
          why: "writes resources when the template is deployed",
          remedy: processed,
          heldBy: null,
        }).notRead,
    ),
  ];
}

/** Whether a resource exists; `null` if its condition is not known. */
function existsIn(body: Source, { holds }: Evaluator): boolean | null {
  const condition = valueUnder(body, "Condition");
  if (condition !== undefined) return holds(condition);
  return macrosBeside(body).length > 0 ? null : true;
}

function ruleIn({ logicalId, line, body }: TemplateResource, reader: RuleReader): DeclaredRule {
  const { context, evaluator, references } = reader;
  const origin = originIn(context, logicalId, line);
  const macro = reader.macro ?? changing(macrosBeside(body));
  const head = {
    ...origin,
    registryKey: registryKeyOf(context),
    call: "create" as const,
    replaces: null,
    unchangeable: [],
    sensitive: reader.sensitive,
    source: null,
    names: properties,
    isCertain: macro === undefined && existsIn(body, evaluator) === true,
    waivers: waiversIn(body, evaluator, origin),
    secret: null,
    role: null,
  };
  const given = macro === undefined ? valuesIn(body, reader) : `may be changed by the macro ${macro.name}`;
  if (typeof given === "string") return { ...head, parameters: allUnknown(given) };
  const { valueFor, whenUnset } = given;
  const role = valueFor("customRoleArn");
  return {
    ...head,
    parameters: byParameter((parameter) => {
      const value = valueFor(parameter);
      if (value === undefined) return whenUnset;
      return declaredOf(parameter === "customRoleArn" ? references.withRoleNames(value) : value);
    }),
    secret: ifPresent(valueFor("credentialArn"), references.secretBehind),
    role: ifPresent(role, references.roleBehind),
  };
}

function ifPresent<T>(value: Value | undefined, follow: (value: Value) => T | null): T | null {
  return value === undefined ? null : follow(value);
}

/** The values of the properties of a rule, and what those are that are not there. */
type GivenValues = {
  readonly valueFor: (parameter: RuleParameter) => Value | undefined;
  readonly whenUnset: ReturnType<typeof unknown> | typeof unset;
};

/** The values of a rule's properties; the reason if none of them is known. */
function valuesIn(body: Source, { evaluator, loops }: RuleReader): GivenValues | string {
  const given = valueUnder(body, "Properties");
  const adding = macrosBeside(body)[0];
  if (given === undefined)
    return adding === undefined ? { valueFor: () => undefined, whenUnset: unset } : writtenBy(adding);
  const chosen = evaluator.chosen(given);
  if (chosen === null) return "depends on properties that are unknown before deployment";
  const macros = macrosBeside(chosen);
  const macro = changing(macros);
  if (macro !== undefined) return `may be changed by the macro ${macro.name}`;
  const { entries, closed } = unrolledEntries(chosen, loops);
  const byName = new Map(entries);
  return {
    valueFor: (parameter) => {
      const property = byName.get(properties[parameter])?.value;
      return property === undefined ? undefined : evaluator.value(property);
    },
    whenUnset: whenUnsetWith(macros[0] ?? adding, closed.length > 0),
  };
}

function whenUnsetWith(macro: Macro | undefined, hasLoops: boolean): GivenValues["whenUnset"] {
  if (macro !== undefined) return unknown(writtenBy(macro));
  return hasLoops ? unknown("may be set by a loop over values that are known only after deployment") : unset;
}

function writtenBy({ name }: Macro): string {
  return `may be written by the macro ${name}`;
}

function waiversIn(
  body: Source,
  evaluator: Evaluator,
  { file, address }: Pick<DeclaredRule, "file" | "address">,
) {
  const given = valueUnder(valueUnder(body, "Metadata"), metadataKey);
  return given === undefined ? [] : waiversInPlace(plainOf(given, evaluator), file, address);
}
