import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CannotStartError } from "../../src/audit/ports.ts";
import { identify } from "../../src/aws/identity.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { serviceError } from "./trouble.ts";

const client = new STSClient({ region: "eu-west-1" });
const sts = mockedClient(client);

beforeEach(() => {
  sts.reset();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("identify", () => {
  test("returns the account and the region", async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Account: "111122223333", UserId: "x" });
    expect(await identify(client)).toStrictEqual({ account: "111122223333", region: "eu-west-1" });
  });

  test("says what AWS said, and what to do", async () => {
    const cause = serviceError("ExpiredToken", 403, "The security token is expired");
    sts.on(GetCallerIdentityCommand).rejects(cause);
    const error = await identify(client).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CannotStartError);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /ExpiredToken: The security token is expired\)\nThe session has expired/,
      ),
      cause: { cause },
    });
  });

  test("cannot start if STS returns no account", async () => {
    sts.on(GetCallerIdentityCommand).resolves({});
    await expect(identify(client)).rejects.toThrow(CannotStartError);
  });

  test("cannot start without a region", async () => {
    for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"]) vi.stubEnv(name, undefined);
    for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) vi.stubEnv(name, "/nonexistent");
    const error = await identify(new STSClient()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CannotStartError);
    expect(error).toMatchObject({ message: expect.stringContaining("Region is missing") });
  });
});
