import { ConfigurationError } from "../../core/problem.ts";
import type { NotRead, ReadRules, SourceLocation } from "../declared-rule.ts";
import { entriesOf, parseSources, type Source, textOf, valueUnder } from "../source-tree.ts";
import { originIn, type TemplateContext } from "./context.ts";
import { callIn, type Evaluator } from "./evaluate.ts";
import { unresolvedVariable } from "./intrinsics.ts";
import { macrosBeside } from "./macros.ts";
import type { TemplateResource } from "./resources.ts";

/** What reading a resource that brings other resources needs. */
export type ElsewhereContext = {
  readonly context: TemplateContext;
  readonly evaluator: Evaluator;
  /** Reads the text of a template that a resource holds. */
  readonly readTemplate: (text: string, context: TemplateContext) => ReadRules;
};

type Reader = (resource: TemplateResource, context: ElsewhereContext) => ReadRules;

/** The types of the resources that bring other resources, and how they are read. */
const readers: Readonly<Record<string, Reader>> = {
  "AWS::CloudFormation::Stack": (resource, { context, evaluator }) => {
    const url = propertyOf(resource, "TemplateURL", evaluator);
    return notRead(resource, context, {
      why: `is a nested stack, whose template is in another file${url === null ? "" : `: ${url}`}`,
      remedy: "Check its template too.",
      heldBy: localPath(url) ?? assetOf(resource),
    });
  },
  "AWS::Serverless::Application": (resource, { context, evaluator }) => {
    const location = propertyOf(resource, "Location", evaluator);
    return notRead(resource, context, {
      why: `is a serverless application, whose template is elsewhere${location === null ? "" : `: ${location}`}`,
      remedy: "Check its template too.",
      heldBy: localPath(location),
    });
  },
  "AWS::CloudFormation::StackSet": readStackSet,
  "AWS::ServiceCatalog::CloudFormationProvisionedProduct": (resource, { context }) =>
    notRead(resource, context, {
      why: "is a product of Service Catalog, whose template is elsewhere",
      remedy: "Check the template of the product too.",
      heldBy: null,
    }),
};

/** Whether a resource of this type brings other resources. */
export function bringsOthers(type: string): boolean {
  return Object.hasOwn(readers, type) || isModule(type);
}

/** Modules have types that end so (AWS CloudFormation user guide, "Modules", November 2026). */
function isModule(type: string): boolean {
  return type.endsWith("::MODULE");
}

/** Reads a resource that brings other resources, or whose type is not known; `null` for any other. */
export function readElsewhere(resource: TemplateResource, elsewhere: ElsewhereContext): ReadRules | null {
  const { type, body } = resource;
  if (type === null) return notRead(resource, elsewhere.context, untyped(body));
  if (isModule(type)) {
    return notRead(resource, elsewhere.context, {
      why: `is a module (${type}), whose resources are in the registry of CloudFormation`,
      remedy: "Check the template of the module too.",
      heldBy: null,
    });
  }
  return readers[type]?.(resource, elsewhere) ?? null;
}

function untyped(body: Source): Reason {
  const [name, argument] = callIn(body) ?? [];
  const variable = name === unresolvedVariable ? textOf(argument) : null;
  if (variable !== null) {
    return {
      why: `is in another place: ${variable}`,
      remedy: "Check what it resolves to: serverless package writes the whole template.",
      heldBy: fileOfVariable(variable),
    };
  }
  const [macro] = macrosBeside(body);
  if (macro !== undefined || name !== undefined) {
    return {
      why: `is written by ${macro === undefined ? name : `the macro ${macro.name}`} when it is deployed`,
      remedy: processed,
      heldBy: null,
    };
  }
  return { why: "has no type that is known before deployment", remedy: processed, heldBy: null };
}

/** What to do about macros. */
export const processed =
  "Check the processed template too: aws cloudformation get-template --template-stage Processed.";

type Reason = Pick<NotRead, "why" | "remedy" | "heldBy">;

/** A part of a template that was not read. */
export function notRead(
  { logicalId, line }: Pick<TemplateResource, "logicalId" | "line">,
  context: TemplateContext,
  reason: Reason,
): ReadRules {
  return {
    rules: [],
    departing: [],
    notRead: [{ ...originIn(context, logicalId, line), ...reason }],
  };
}

function propertyOf({ body }: TemplateResource, name: string, evaluator: Evaluator): string | null {
  const properties = evaluator.chosen(valueUnder(body, "Properties") ?? body);
  const given = valueUnder(properties ?? undefined, name);
  const value = given === undefined ? null : evaluator.value(given);
  return value?.kind === "text" ? value.text : null;
}

/** The template of a nested stack of the CDK, beside that of its parent (AWS CDK, `aws:asset:path`, November 2026). */
function assetOf({ body }: TemplateResource): string | null {
  return textOf(valueUnder(valueUnder(body, "Metadata"), "aws:asset:path"));
}

/** A path of a file, which `aws cloudformation package` and `sam` upload; `null` for an address. */
function localPath(location: string | null): string | null {
  return location === null || /^[a-z][a-z0-9+.-]*:/i.test(location) ? null : location;
}

/** The file that a variable of the Serverless Framework includes as a whole. */
export function fileOfVariable(text: string): string | null {
  return /^\$\{file\(([^()${}]+)\)\}$/.exec(text.trim())?.[1]?.trim() ?? null;
}

/** How deep a template can be in another one as a text. */
const deepest = 3;

function readStackSet(resource: TemplateResource, elsewhere: ElsewhereContext): ReadRules {
  const { context, evaluator, readTemplate } = elsewhere;
  const text = propertyOf(resource, "TemplateBody", evaluator);
  if (text === null || context.within.split("/").length > deepest) {
    return notRead(resource, context, {
      why: "is a stack set, whose template is elsewhere or not known before deployment",
      remedy: "Check its template too.",
      heldBy: null,
    });
  }
  const properties = evaluator.chosen(valueUnder(resource.body, "Properties") ?? resource.body) ?? undefined;
  const { line } = originIn(context, resource.logicalId, resource.line);
  return readTemplate(text, {
    file: context.file,
    line,
    within: `${context.within}${resource.logicalId}/`,
    location: placeOfInstances(valueUnder(properties, "StackInstancesGroup"), evaluator),
    given: givenParameters(valueUnder(properties, "Parameters"), evaluator),
  });
}

/** The account and region of a stack set's instances, if all of them are in one. */
function placeOfInstances(groups: Source | undefined, evaluator: Evaluator): SourceLocation {
  if (groups?.kind !== "list" || groups.items.length === 0) return { account: null, region: null };
  const accounts = groups.items.map((group) => {
    const targets = valueUnder(group, "DeploymentTargets");
    return valueUnder(targets, "OrganizationalUnitIds") === undefined
      ? valueUnder(targets, "Accounts")
      : undefined;
  });
  return {
    account: onlyOne(accounts, evaluator),
    region: onlyOne(
      groups.items.map((group) => valueUnder(group, "Regions")),
      evaluator,
    ),
  };
}

function onlyOne(lists: readonly (Source | undefined)[], evaluator: Evaluator): string | null {
  const texts = lists.flatMap((list): readonly (string | null)[] => {
    const value = list === undefined ? null : evaluator.value(list);
    if (value?.kind !== "list") return [null];
    return value.items.map((item) => (item.kind === "text" ? item.text : null));
  });
  const [first = null, ...others] = texts;
  return others.every((text) => text === first) ? first : null;
}

function givenParameters(parameters: Source | undefined, evaluator: Evaluator): ReadonlyMap<string, string> {
  const items = parameters?.kind === "list" ? parameters.items : [];
  return new Map(
    items.flatMap((item) => {
      const name = textOf(valueUnder(item, "ParameterKey"));
      const given = valueUnder(item, "ParameterValue");
      const value = given === undefined ? null : evaluator.value(given);
      return name !== null && value?.kind === "text" ? [[name, value.text] as const] : [];
    }),
  );
}

/** Reads the text of a template in another file. What is no template is not read, with the reason. */
export function templateSources(
  text: string,
  context: TemplateContext,
): { readonly sources: readonly Source[] } | { readonly notRead: ReadRules } {
  const unread = (why: string) => ({
    notRead: notRead(
      { logicalId: context.within.replace(/\/$/, ""), line: 1 },
      { ...context, within: "" },
      {
        why: `has a template that cannot be read: ${why}`,
        remedy: "Check its template by itself.",
        heldBy: null,
      },
    ),
  });
  try {
    const sources = parseSources(text, context.file);
    const isTemplate =
      sources.length > 0 && sources.every((source) => valueUnder(source, "Resources")?.kind === "map");
    return isTemplate ? { sources } : unread("it has no Resources");
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return unread(error.message.replaceAll("\n", " "));
  }
}

/** The modules that `aws cloudformation package` includes. */
export function modulesSection(template: Source, context: TemplateContext): readonly NotRead[] {
  return Array.from(entriesOf(valueUnder(template, "Modules"))).flatMap(
    ([name, { value, line }]) =>
      notRead({ logicalId: name, line }, context, {
        why: "is a module, whose resources are in another file",
        remedy: "Check the packaged template: aws cloudformation package.",
        heldBy: localPath(textOf(valueUnder(value, "Source"))),
      }).notRead,
  );
}
