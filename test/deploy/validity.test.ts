import { expect, it } from "vitest";
import { templateWith } from "../package/template-parts.ts";
import { memberTemplate } from "./cloudformation-yaml.ts";
import { everything, largeCombinations } from "./combinations.ts";
import { complaintsAbout, complaintsAboutFile } from "./validator.ts";

it("AWS's rules find no problem in the packaged template, for every combination of parameters", async () => {
  const template = await templateWith();
  expect(largeCombinations).toHaveLength(2 ** 4);
  expect(await complaintsAbout(template, [{}, everything, ...largeCombinations])).toEqual([]);
});

const eventBus = "arn:aws:events:us-east-1:111122223333:event-bus/pull-through-auditor-prod";

it.each([
  ["member-role.yml", {}],
  ["member-role.yml", { EventBusArn: eventBus }],
  ["member-events.yml", {}],
])("nor with %s and %o", (name, parameters) => {
  expect(complaintsAboutFile(memberTemplate(name), parameters)).toEqual([]);
});

it("but with a template that is wrong they do", async () => {
  const queue = { Type: "AWS::SQS::Queue", Properties: { QueueNam: "failures" } };
  expect(await complaintsAbout({ Resources: { Queue: queue } })).toEqual([
    expect.stringContaining("QueueNam"),
  ]);
});
