import { makeRecord } from "../../core/records.ts";
import { spelled } from "../../ecr/rule.ts";
import {
  allUnknown,
  byParameter,
  type DeclaredRule,
  type ReadRules,
  type RuleParameter,
  ruleParameters,
  type SourceLocation,
  unset,
} from "../declared-rule.ts";
import { type Source, textOf, valueUnder } from "../source-tree.ts";
import type { Evaluator } from "./evaluate.ts";
import { evaluatorFor } from "./evaluate.ts";
import { resourcesOf, type TemplateResource } from "./resources.ts";
import { type GivenParameters, scopeOf } from "./scope.ts";
import { declaredOf } from "./value.ts";

/** The type of a rule (AWS CloudFormation template reference, November 2026); its properties are the API's parameters. */
const ruleType = "AWS::ECR::PullThroughCacheRule";

/** The properties of a rule in a template, by the API's parameter. */
export const properties = makeRecord<Readonly<Record<RuleParameter, string>>>(ruleParameters, (parameter) =>
  spelled(parameter, "Aa"),
);

/** What reading a template needs. */
export type TemplateContext = {
  readonly file: string;
  /** The account and region of the stack; unknown parts are `null`. */
  readonly location: SourceLocation;
  readonly given: GivenParameters;
};

/** The rules of a parsed template. Resources with a false condition are left out. */
export function rulesOfTemplate(template: Source, context: TemplateContext): ReadRules {
  const evaluator = evaluatorFor(scopeOf(template, context.location, context.given));
  const rules = resourcesOf(valueUnder(template, "Resources"), ruleType, evaluator).flatMap((resource) =>
    ruleIn(resource, evaluator, context),
  );
  return { rules, departing: [], notRead: [] };
}

function ruleIn(
  { logicalId, line, body }: TemplateResource,
  evaluator: Evaluator,
  { file, location }: TemplateContext,
): readonly DeclaredRule[] {
  const head = {
    file,
    line,
    address: logicalId,
    location,
    registryKey: file,
    call: "create" as const,
    replaces: null,
    secret: null,
    role: null,
    waivers: [],
    names: properties,
  };
  if (body === null) {
    return [{ ...head, isCertain: false, parameters: allUnknown("is known only after deployment") }];
  }
  const condition = textOf(valueUnder(body, "Condition"));
  const exists = condition === null ? true : evaluator.holds(condition);
  if (exists === false) return [];
  return [{ ...head, isCertain: exists === true, parameters: parametersOf(body, evaluator) }];
}

function parametersOf(body: Source, evaluator: Evaluator): DeclaredRule["parameters"] {
  const given = valueUnder(body, "Properties");
  const chosen = given === undefined ? undefined : evaluator.chosen(given);
  if (chosen === null) return allUnknown("depends on properties that are unknown before deployment");
  return byParameter((parameter) => {
    const property = valueUnder(chosen, properties[parameter]);
    return property === undefined ? unset : declaredOf(evaluator.value(property));
  });
}
