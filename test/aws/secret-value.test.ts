import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clientDefaults } from "../../src/aws/http.ts";
import { readSecretValue } from "../../src/aws/secret-value.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { serviceError } from "./trouble.ts";

const arn = "arn:aws:secretsmanager:ap-south-1:111122223333:secret:slack-AbCdEf";
const defaults = clientDefaults(1, 1_000);
const secretsManager = mockedClient(SecretsManagerClient);

beforeEach(() => {
  secretsManager.reset();
  vi.stubEnv("AWS_REGION", "eu-west-1");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("readSecretValue", () => {
  test.each([
    ["slack", "eu-west-1"],
    [arn, "ap-south-1"],
  ])("reads the text of %s in %s", async (secret, region) => {
    secretsManager.on(GetSecretValueCommand, { SecretId: secret }).resolves({ SecretString: "text" });
    expect(await readSecretValue(secret, defaults)).toBe("text");
    const client: unknown = secretsManager.send.firstCall.thisValue;
    expect(client instanceof SecretsManagerClient && (await client.config.region())).toBe(region);
  });

  test("refuses a secret that is no text", async () => {
    secretsManager.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1]) });
    await expect(readSecretValue(arn, defaults)).rejects.toThrow(
      `The secret ${arn} could not be read: Error: it contains no text`,
    );
  });

  test("says which secret could not be read, and why", async () => {
    const refusal = serviceError("AccessDeniedException", 400, "not authorized");
    secretsManager.on(GetSecretValueCommand).rejects(refusal);
    await expect(readSecretValue(arn, defaults)).rejects.toMatchObject({
      message: `The secret ${arn} could not be read: AccessDeniedException: not authorized`,
      cause: refusal,
    });
  });
});
