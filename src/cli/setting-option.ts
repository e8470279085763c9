import { InvalidArgumentError } from "@commander-js/extra-typings";
import { settingProblem } from "../settings.ts";
import { notEmpty } from "./list-options.ts";

/** Reads an option that stands for a setting of the environment: what is wrong with it is bad usage. */
export function settingOption(name: Parameters<typeof settingProblem>[0]) {
  return (text: string): string => {
    const problem = settingProblem(name, notEmpty(text));
    if (problem !== null) throw new InvalidArgumentError(`It ${problem}.`);
    return text;
  };
}
