import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CloudFormationClient, GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { installationParameters } from "../../serverless/installation.ts";
import {
  forgottenIn,
  lasting,
  "module.exports" as NothingForgotten,
} from "../../serverless/nothing-forgotten.ts";
import { packageFile } from "../../src/package-file.ts";
import { openServiceWithoutCode } from "../package/service.ts";
import { templateWith } from "../package/template-parts.ts";

const example = packageFile("serverless/installation.example.yml");
let folder: string;
let defaults: Readonly<Record<string, unknown>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "installation-"));
  await copyFile(packageFile("serverless/params.yml"), join(folder, "params.yml"));
  defaults = parse(await readFile(join(folder, "params.yml"), "utf8")).default;
});

afterEach(() => rm(folder, { recursive: true }));

async function parametersWith(installation: string) {
  await writeFile(join(folder, "installation.yml"), installation);
  return installationParameters(folder);
}

describe("the parameters of an installation", () => {
  it("are the defaults where there is no file", () => {
    expect(installationParameters(folder)).toEqual({ default: defaults });
  });

  it("are its own over the defaults, by stage", async () => {
    expect(
      await parametersWith("default: { roleName: audit }\ntest: { email: a@example.com }\nprod:\n"),
    ).toEqual({
      default: { ...defaults, roleName: "audit" },
      test: { email: "a@example.com" },
      prod: {},
    });
  });

  it("are the defaults where the file is empty", async () => {
    expect(await parametersWith("# nothing yet\n")).toEqual({ default: defaults });
  });

  it("are refused with every name that is no parameter", async () => {
    await expect(parametersWith("default: { emial: a }\nprod: { email: b, Mode: fleet }")).rejects.toThrow(
      "default.emial, prod.Mode",
    );
  });

  it.each(["email: a@example.com", "- prod", "prod: [email]"])(
    "are refused without stages: %s",
    async (text) => {
      await expect(parametersWith(text)).rejects.toThrow("installation.example.yml");
    },
  );

  it("are in the example, and git ignores the file that is made of it", async () => {
    const { prod } = await parametersWith(await readFile(example, "utf8"));
    expect(Object.keys(prod ?? {})).toEqual(
      expect.arrayContaining(["externalId", "organizationId", "email"]),
    );
    const ignored = execFileSync("git", ["check-ignore", "--no-index", "serverless/installation.yml"], {
      cwd: packageFile(""),
    });
    expect(ignored.toString().trim()).toBe("serverless/installation.yml");
  });
});

describe("a deployment", () => {
  class Refused extends Error {}
  const deployed = {
    Parameters: { Email: { Default: "team@example.com" }, OrganizationId: { Default: "o-a" } },
  };

  /** Runs what the plugin does before anything is deployed, with the answer of CloudFormation about the stack. */
  async function deploy(answer: object | Error, forget = "") {
    const client = mockClient(CloudFormationClient);
    const call = client.on(GetTemplateCommand, { StackName: "the-stack" });
    if (answer instanceof Error) call.rejects(answer);
    else call.resolves({ TemplateBody: JSON.stringify(answer) });
    const { hooks } = new NothingForgotten({
      service: { custom: { forget }, provider: { compiledCloudFormationTemplate: {} } },
      classes: { Error: Refused },
      getProvider: () => ({
        naming: { getStackName: () => "the-stack" },
        getAwsSdkV3Config: async () => ({ region: "us-east-1" }),
      }),
    });
    try {
      await hooks["before:aws:deploy:deploy:createStack"]?.();
    } finally {
      client.restore();
    }
  }

  it("is refused if it would lose values, with their names and what to do", async () => {
    await expect(deploy(deployed)).rejects.toThrow(Refused);
    await expect(deploy(deployed)).rejects.toThrow(
      /stack the-stack .* organizationId, email\. .*installation\.yml.*--param="forget=organizationId,email"/,
    );
    await expect(deploy(deployed, "email")).rejects.toThrow(/: organizationId\./);
  });

  it("goes on if what it loses is named, and if there is no stack yet", async () => {
    await deploy(deployed, "email, organizationId");
    await deploy(new Error("Stack with id the-stack does not exist"));
  });

  it("of Serverless itself is refused before anything is deployed", async () => {
    const actions: string[] = [];
    const server = createServer(async (request, response) => {
      const action = new URLSearchParams(await text(request)).get("Action") ?? "";
      actions.push(action);
      const body = `<TemplateBody>${JSON.stringify(deployed)}</TemplateBody>`;
      response.end(`<${action}Response><${action}Result>${body}</${action}Result></${action}Response>`);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    await using service = await openServiceWithoutCode();
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const { exitCode, stderr, stdout } = await service.run(["deploy"], {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "example",
      AWS_SECRET_ACCESS_KEY: "example",
    });
    server.close();
    expect(stdout + stderr).toMatch(/pull-through-auditor-prod has to nothing: organizationId, email\./);
    expect(exitCode).toBe(1);
    expect(actions.filter((action) => action !== "GetCallerIdentity")).toEqual(["GetTemplate"]);
  });

  it("is not made if the stack cannot be read", async () => {
    await expect(deploy(new Error("not authorized: cloudformation:GetTemplate"))).rejects.toThrow(
      "GetTemplate",
    );
  });

  const values: Readonly<Record<string, string>> = {
    externalId: "example-corp",
    organizationId: "o-abcdefghij",
    permissionsBoundary: "platform/boundary",
    reservedConcurrency: "5",
    policyObjectArn: "arn:aws:s3:::example-policies/cache.json",
    email: "team@example.com",
    alarmEmail: "operators@example.com",
    slackSecretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:slack-AbCdEf",
    reportLock: "GOVERNANCE",
    routeTopicArns: "arn:aws:sns:us-east-1:111122223333:team-a",
  };

  it("is held against what it may lose: every parameter that may be empty", () => {
    const mayBeEmpty = Object.keys(defaults).filter(
      (name) => ["", 0].includes(defaults[name] as "" | 0) && name !== "forget",
    );
    expect([...lasting].sort()).toEqual(mayBeEmpty.sort());
    expect(Object.keys(values).sort()).toEqual([...lasting].sort());
  });

  it("names each parameter that it would change to nothing, in the templates that Serverless makes", async () => {
    const given = Object.entries(values).map(([name, value]) => `--param=${name}=${value}`);
    const [full, empty] = [await templateWith(given), await templateWith()];
    expect([...forgottenIn(full, empty)].sort()).toEqual([...lasting].sort());
    expect(forgottenIn(empty, full)).toEqual([]);
    expect(forgottenIn(full, full)).toEqual([]);
    expect(forgottenIn({}, empty)).toEqual([]);
  });
});
