import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { packageFile } from "../../src/package-file.ts";
import { codeParameters, markersOf, wordsOf } from "../../tools/release/settings.ts";
import { type ReleaseTemplate, releaseTemplate } from "../../tools/release/template.ts";
import { choices, values, wordsOfAnother } from "../package/another-installation.ts";
import { templateWith, variable } from "../package/template-parts.ts";
import { everything, largeCombinations, nameOf } from "./combinations.ts";
import { resolved } from "./resolved.ts";
import { complaintsAbout } from "./validator.ts";

const markers = markersOf(packageFile(""));
const parts = { version: "1.2.3", markers, codeFile: (zip: string) => zip };
const code = { CodeBucket: "example-releases", CodePrefix: "pull-through-auditor/1.2.3/" };
let packaged: unknown;
let release: ReleaseTemplate;

beforeAll(async () => {
  packaged = await templateWith(wordsOf(markers));
  release = releaseTemplate(packaged, parts);
});

/** What is deployed without what Serverless needs for itself, and without where the code lies. */
function comparable({ resources, outputs }: ReturnType<typeof resolved>) {
  const own = Object.entries({ ...resources, ...outputs }).filter(
    ([name]) => !name.startsWith("ServerlessDeployment"),
  );
  return Object.fromEntries(own.map(([name, part]) => [name, withoutCode(part)]));
}

function withoutCode(part: unknown): unknown {
  const schema = z.looseObject({ Properties: z.looseObject({ Code: z.unknown() }) });
  const { data } = schema.safeParse(part);
  return data === undefined ? part : { ...data, Properties: { ...data.Properties, Code: "code" } };
}

describe("the template of a release", () => {
  it("has a parameter for every setting, with the default of params.yml, and one for where its code lies", () => {
    const { default: defaults } = parse(readFileSync(packageFile("serverless/params.yml"), "utf8"));
    const { tags: _tags, forget: _forget, ...settings } = defaults;
    const own = Object.entries(release.Parameters).filter(([name]) => !(name in codeParameters));
    const offered = own.map(([, { Default }]) => Default);
    expect([...offered].sort()).toEqual([...Object.values(settings), "prod"].sort());
    const required = Object.entries(release.Parameters).filter(([, { Default }]) => Default === undefined);
    expect(required.map(([name]) => name)).toEqual(["CodeBucket", "CodePrefix"]);
  });

  it("has less than 1 MB, and nothing of Serverless", () => {
    const text = JSON.stringify(release);
    expect(text.length).toBeLessThan(1_000_000);
    expect(text).not.toMatch(/serverless/i);
    expect(text).not.toContain("marked");
  });

  it("has the code of each function under the prefix", () => {
    const functions = Object.values(release.Resources).filter(({ Type }) => Type === "AWS::Lambda::Function");
    expect(functions.length).toBeGreaterThanOrEqual(5);
    for (const each of functions) {
      expect(each).toMatchObject({
        Properties: {
          Code: {
            S3Bucket: { Ref: "CodeBucket" },
            S3Key: { "Fn::Sub": `${variable("CodePrefix")}nothing.zip` },
          },
        },
      });
    }
  });

  it("pleases AWS's rules, in combinations of its parameters", async () => {
    const combinations = [{}, everything];
    expect(
      await complaintsAbout(
        release,
        combinations.map((each) => ({ ...each, ...code })),
      ),
    ).toEqual([]);
  });
});

describe("a release deploys what Serverless deploys", () => {
  it("with the same values of the parameters that both have, in every combination", async () => {
    // The function's environment has the secret's name as a value there, which is deployed only if one is given.
    const { SlackWebhookArn = "" } = everything;
    const own = await templateWith([`--param=slackSecretArn=${SlackWebhookArn}`]);
    for (const combination of [{ SlackWebhookArn: "" }, everything, ...largeCombinations]) {
      const deployed = comparable(resolved(release, { ...combination, ...code }));
      expect(Object.keys(deployed).length).toBeGreaterThan(30);
      expect(deployed, nameOf(combination)).toEqual(comparable(resolved(own, combination)));
    }
  });

  it("with another value for every setting", async () => {
    const given = [
      ...markers.flatMap(({ param, setting }) =>
        param in values && setting !== null ? [[setting.name, Reflect.get(values, param)] as const] : [],
      ),
      ...Object.entries(choices).map(([name, [, value]]) => [name, value] as const),
    ];
    expect(given).toHaveLength(Object.keys(values).length + Object.keys(choices).length);
    const deployed = resolved(release, { ...Object.fromEntries(given), Stage: "test", ...code });
    expect(comparable(deployed)).toEqual(comparable(resolved(await templateWith(wordsOfAnother), {})));
  });
});

describe("a release is not made", () => {
  it("if a setting has no parameter", () => {
    const marker = { param: "colour", mark: "marked-colour", fallback: "red", setting: null };
    expect(() => releaseTemplate(packaged, { ...parts, markers: [...markers, marker] })).toThrow(
      /params\.yml has colour.*tools\/release\/settings\.ts/,
    );
  });

  it("if a value is where CloudFormation takes no parameter", () => {
    const name = { "marked-policy": { Type: "AWS::SNS::Topic" } };
    const template = z.looseObject({ Resources: z.record(z.string(), z.unknown()) }).parse(packaged);
    const wrong = { ...template, Resources: { ...template.Resources, ...name } };
    expect(() => releaseTemplate(wrong, parts)).toThrow("where no parameter can be: policy");
  });
});

it("a text with a marker stays what it is otherwise", () => {
  const template = z.looseObject({ Resources: z.record(z.string(), z.unknown()) }).parse(packaged);
  const DisplayName = `marked-policy of ${variable("another")}`;
  const topic = { Type: "AWS::SNS::Topic", Properties: { DisplayName } };
  const { Resources } = releaseTemplate({ ...template, Resources: { ...template.Resources, topic } }, parts);
  expect(Resources["topic"]?.["Properties"]).toEqual({
    DisplayName: { "Fn::Sub": `${variable("Policy")} of ${variable("!another")}` },
  });
});
