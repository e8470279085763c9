import { expect, it } from "vitest";
import { aFinding, aReport } from "../support/report-builders.ts";
import { everyRenderer } from "./every-renderer.ts";

const forPeople = ["text", "markdown", "html", "sns", "slack", "eventbridge"];

it.each(forPeople)(
  "%s says how often a finding came back before its resolution was reported",
  async (name) => {
    const render = everyRenderer[name];
    if (render === undefined) throw new Error(`There is no renderer ${name}`);
    const textsOf = async (flapping: number | null) => {
      const finding = aFinding({ status: "PASS", transition: "resolved", flapping });
      return (await render(aReport({ findings: [finding] }))).join("\n").replaceAll(/\s+/g, " ");
    };
    expect(await textsOf(3)).toContain("flapping: came back 3 times");
    expect(await textsOf(null)).not.toContain("came back");
  },
);
