import { type Source, textOf, valueUnder } from "../source-tree.ts";

/** The entry with which a part of a template calls a macro. */
export const macroCall = "Fn::Transform";

/** Macros of AWS that write no pull through cache rules and change none (AWS CloudFormation template reference, "Transforms", November 2026). */
const harmless = [
  /^AWS::LanguageExtensions$/,
  /^AWS::Serverless-\d{4}-\d{2}-\d{2}$/,
  /^AWS::SecretsManager-\d{4}-\d{2}-\d{2}$/,
  /^AWS::CodeDeployBlueGreen$/,
  /^AWS::CodeStar$/,
];

/** What a macro may write. */
export type Macro = {
  readonly name: string;
  /** `AWS::Include` adds what is not there and changes nothing else. Any other macro may change all that it sees. */
  readonly effect: "adds" | "changes";
};

/** The macros that `Transform`, or {@link macroCall}, calls; those that write no rules are left out. */
export function macrosIn(call: Source | undefined): readonly Macro[] {
  if (call === undefined) return [];
  const calls = call.kind === "list" ? call.items : [call];
  return calls.flatMap((one): readonly Macro[] => {
    const name = textOf(one) ?? textOf(valueUnder(one, "Name")) ?? "that is not named";
    if (harmless.some((pattern) => pattern.test(name))) return [];
    return [{ name, effect: name === "AWS::Include" ? "adds" : "changes" }];
  });
}

/** The macros that a part of a template calls for itself. */
export function macrosBeside(part: Source | undefined): readonly Macro[] {
  return macrosIn(valueUnder(part, macroCall));
}

/** The macro that may change a part, if one of them may. */
export function changing(macros: readonly Macro[]): Macro | undefined {
  return macros.find(({ effect }) => effect === "changes");
}
