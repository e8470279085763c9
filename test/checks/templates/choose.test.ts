import { describe, expect, it } from "vitest";
import { areasOf, type Choice, chooseTemplate } from "../../../src/checks/creation-template/choose.ts";
import { aCreationTemplate } from "../../support/builders.ts";

/** A template for `prefix`, applied for pull through cache. */
function cached(prefix: string) {
  return aCreationTemplate({ prefix });
}

/** A template for `prefix`, applied for replication only. */
function replicated(prefix: string) {
  return aCreationTemplate({ prefix, appliedFor: ["REPLICATION"] });
}

/** A choice with the prefixes of its templates alone. */
function gistOf(choice: Choice) {
  switch (choice.outcome) {
    case "none":
      return "none";
    case "shadowed":
      return `${choice.template.prefix} shadows ${choice.wider.prefix}`;
    default:
      return `${choice.template.prefix} ${choice.outcome}`;
  }
}

describe("chooseTemplate", () => {
  it.each([
    { prefix: "docker-hub", templates: [], choice: "none" },
    { prefix: "docker-hub", templates: [cached("docker"), cached("docker-hub/library")], choice: "none" },
    { prefix: "docker-hub", templates: [cached("docker-hub")], choice: "docker-hub chosen" },
    { prefix: "docker-hub", templates: [cached("docker-hub/")], choice: "docker-hub/ chosen" },
    { prefix: "docker-hub/", templates: [cached("docker-hub")], choice: "docker-hub chosen" },
    { prefix: "docker-hub", templates: [cached("ROOT")], choice: "ROOT chosen" },
    { prefix: "ROOT", templates: [cached("ROOT"), cached("docker")], choice: "ROOT chosen" },
    { prefix: "ROOT", templates: [cached("docker")], choice: "none" },
    { prefix: "a/b/c", templates: [cached("ROOT"), cached("a"), cached("a/b")], choice: "a/b chosen" },
    { prefix: "a/b/c", templates: [cached("a/b"), cached("a"), cached("ROOT")], choice: "a/b chosen" },
    { prefix: "a/b", templates: [cached("ROOT"), cached("a")], choice: "a chosen" },
    { prefix: "docker-hub", templates: [replicated("docker-hub")], choice: "docker-hub not-applied" },
    {
      prefix: "docker-hub",
      templates: [replicated("ROOT"), replicated("docker-hub")],
      choice: "docker-hub not-applied",
    },
    {
      prefix: "docker-hub",
      templates: [cached("ROOT"), replicated("docker-hub")],
      choice: "docker-hub shadows ROOT",
    },
    {
      prefix: "a/b/c",
      templates: [cached("ROOT"), cached("a"), replicated("a/b")],
      choice: "a/b shadows a",
    },
    {
      prefix: "docker-hub",
      templates: [replicated("ROOT"), cached("docker-hub")],
      choice: "docker-hub chosen",
    },
  ])("chooses for $prefix: $choice", ({ prefix, templates, choice }) => {
    expect(gistOf(chooseTemplate(prefix, templates))).toBe(choice);
  });
});

describe("areasOf", () => {
  it.each([
    { prefix: "docker", templates: [], rules: ["docker"], areas: ["docker"] },
    { prefix: "docker/", templates: ["docker"], rules: ["docker/"], areas: ["docker"] },
    {
      prefix: "docker",
      templates: ["ROOT", "docker/library", "docker/a/b/", "docker-hub", "quay"],
      rules: ["docker"],
      areas: ["docker", "docker/library", "docker/a/b"],
    },
    {
      prefix: "docker",
      templates: ["docker/a", "docker/a/"],
      rules: ["docker"],
      areas: ["docker", "docker/a"],
    },
    {
      prefix: "docker",
      templates: ["docker/library", "docker/library/x", "docker/lib"],
      rules: ["ROOT", "docker", "docker/library"],
      areas: ["docker", "docker/lib"],
    },
    {
      prefix: "docker/library",
      templates: ["docker/library/x", "docker"],
      rules: ["docker", "docker/library"],
      areas: ["docker/library", "docker/library/x"],
    },
    { prefix: "ROOT", templates: ["ROOT", "docker"], rules: ["ROOT"], areas: ["ROOT"] },
  ])(
    "are $areas of $prefix with templates $templates and rules $rules",
    ({ prefix, templates, rules, areas }) => {
      expect(areasOf(prefix, templates.map(cached), rules)).toEqual(areas);
    },
  );
});
