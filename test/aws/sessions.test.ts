import { AssumeRoleCommand, type Credentials, STSClient } from "@aws-sdk/client-sts";
import "aws-sdk-client-mock-vitest/extend";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RoleNotAssumableError, reasonOf } from "../../src/aws/errors.ts";
import { type Hub, openSessions } from "../../src/aws/sessions.ts";
import { messageOf } from "../../src/core/errors.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { serviceError } from "./trouble.ts";

const credentials = { accessKeyId: "AKIAHUB", secretAccessKey: "secret" };
const client = new STSClient({ region: "eu-west-1", credentials });
const sts = mockedClient(client);
const otherClient = new STSClient({ region: "us-east-1", credentials });
const otherSts = mockedClient(otherClient);
const hub: Hub = {
  sts: (region) => (region === "us-east-1" ? otherClient : client),
  asHub: (work) => work(),
};
const role = { name: "pull-through-auditor", externalId: null };
const minute = 60_000;
const now = () => new Date();

beforeEach(() => {
  sts.reset();
  otherSts.reset();
  vi.useFakeTimers({ now: new Date("2026-11-20T02:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

function session(id: string): Credentials {
  return {
    AccessKeyId: id,
    SecretAccessKey: "secret",
    SessionToken: "token",
    Expiration: new Date(Date.now() + 60 * minute),
  };
}

/** STS answers the n-th call with a session of one hour, whose key is `key n`. */
function answerWithSessions(): void {
  let calls = 0;
  sts.on(AssumeRoleCommand).callsFake(async () => ({ Credentials: session(`key ${++calls}`) }));
}

function assumed() {
  return sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input);
}

describe("openSessions", () => {
  test("gives what STS gave", async () => {
    answerWithSessions();
    expect(await openSessions(hub, role, "eu-west-1", now)("111122223333")()).toStrictEqual({
      accessKeyId: "key 1",
      secretAccessKey: "secret",
      sessionToken: "token",
      expiration: new Date("2026-11-20T03:00:00Z"),
    });
  });

  test("assumes a role once for all who ask at once, in whatever region", async () => {
    answerWithSessions();
    const sessionOf = openSessions(hub, role, "eu-west-1", now);
    const sessions = await Promise.all(Array.from({ length: 20 }, () => sessionOf("111122223333")()));
    expect(new Set(sessions).size).toBe(1);
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1);
  });

  test("keeps the accounts' sessions apart", async () => {
    answerWithSessions();
    const sessionOf = openSessions(hub, role, "eu-west-1", now);
    const first = await sessionOf("111122223333")();
    const second = await sessionOf("444455556666")();
    expect([first.accessKeyId, second.accessKeyId]).toEqual(["key 1", "key 2"]);
    expect(assumed().map(({ RoleArn }) => RoleArn)).toEqual([
      "arn:aws:iam::111122223333:role/pull-through-auditor",
      "arn:aws:iam::444455556666:role/pull-through-auditor",
    ]);
  });

  test.each([
    ["eu-west-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
    ["eusc-de-east-1", "aws-eusc"],
  ])("in %s the role lies in the partition %s", async (region, partition) => {
    answerWithSessions();
    await openSessions(hub, { ...role, name: "reader" }, region, now)("111122223333")();
    expect(assumed().map(({ RoleArn }) => RoleArn)).toEqual([
      `arn:${partition}:iam::111122223333:role/reader`,
    ]);
  });

  test.each([
    { externalId: null, sent: {} },
    { externalId: "org/42", sent: { ExternalId: "org/42" } },
  ])("with the external id $externalId it sends $sent", async ({ externalId, sent }) => {
    answerWithSessions();
    await openSessions(hub, { ...role, externalId }, "eu-west-1", now)("111122223333")();
    expect(assumed()).toStrictEqual([
      {
        RoleArn: "arn:aws:iam::111122223333:role/pull-through-auditor",
        RoleSessionName: "pull-through-auditor",
        DurationSeconds: 3_600,
        ...sent,
      },
    ]);
  });
});

/** A provider that has a session of one hour, and gets no other from then on. */
async function providerThenRefused() {
  answerWithSessions();
  const provide = openSessions(hub, role, "eu-west-1", now)("111122223333");
  await provide();
  sts.on(AssumeRoleCommand).rejects(serviceError("AccessDenied", 403));
  return provide;
}

describe("a session near its end", () => {
  test("is renewed five minutes before, once for all who ask", async () => {
    answerWithSessions();
    const provide = openSessions(hub, role, "eu-west-1", now)("111122223333");
    await provide();

    vi.advanceTimersByTime(55 * minute - 1);
    expect((await provide()).accessKeyId).toBe("key 1");

    vi.advanceTimersByTime(1);
    const renewed = await Promise.all([provide(), provide(), provide()]);
    expect(renewed.map(({ accessKeyId }) => accessKeyId)).toEqual(["key 2", "key 2", "key 2"]);
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 2);
  });

  test("is renewed again and again", async () => {
    answerWithSessions();
    const provide = openSessions(hub, role, "eu-west-1", now)("111122223333");
    const keys: string[] = [];
    for (let hour = 0; hour < 4; hour++) {
      keys.push((await provide()).accessKeyId);
      vi.advanceTimersByTime(55 * minute);
    }
    expect(keys).toEqual(["key 1", "key 2", "key 3", "key 4"]);
  });

  test("that cannot be renewed is used until it expires, and requested again every 30 seconds", async () => {
    const provide = await providerThenRefused();
    vi.advanceTimersByTime(55 * minute);
    const refused = await Promise.all([provide(), provide()]);
    expect(refused.map(({ accessKeyId }) => accessKeyId)).toEqual(["key 1", "key 1"]);
    vi.advanceTimersByTime(minute / 2 - 1);
    await provide();
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 2);

    sts.on(AssumeRoleCommand).resolves({ Credentials: session("key 2") });
    vi.advanceTimersByTime(1);
    expect((await provide()).accessKeyId).toBe("key 2");
  });

  test("that cannot be renewed is not used after it expires", async () => {
    const provide = await providerThenRefused();
    vi.advanceTimersByTime(60 * minute);
    await expect(provide()).rejects.toThrow(RoleNotAssumableError);
  });
});

describe("a thousand sessions", () => {
  test("are cached; beyond the limit, the least recently used are assumed again", async () => {
    answerWithSessions();
    const sessionOf = openSessions(hub, role, "eu-west-1", now);
    const accounts = Array.from({ length: 1_000 }, (_nothing, index) => String(100_000_000_000 + index));
    for (const account of accounts) await sessionOf(account)();
    const [first = "", second = ""] = accounts;
    await sessionOf(first)();
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1_000);

    await sessionOf("999999999999")();
    await sessionOf(first)();
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1_001);
    await sessionOf(second)();
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1_002);
  });
});

describe("a role that cannot be assumed", () => {
  test("is named with what STS said", async () => {
    const cause = serviceError("AccessDenied", 403, "no trust");
    sts.on(AssumeRoleCommand).rejects(cause);
    const error = await openSessions(hub, role, "eu-west-1", now)("111122223333")().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RoleNotAssumableError);
    expect(error).toMatchObject({
      message:
        "arn:aws:iam::111122223333:role/pull-through-auditor could not be assumed: AccessDenied: no trust",
      cause,
    });
  });

  test("is not asked for again, at once or later", async () => {
    sts.on(AssumeRoleCommand).rejects(serviceError("AccessDenied", 403));
    const sessionOf = openSessions(hub, role, "eu-west-1", now);
    const provide = sessionOf("111122223333");
    const atOnce = await Promise.allSettled([provide(), provide(), sessionOf("111122223333")()]);
    vi.advanceTimersByTime(120 * minute);
    const later = await Promise.allSettled([provide()]);
    expect([...atOnce, ...later].map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1);
  });

  test("leaves the other accounts alone", async () => {
    sts
      .on(AssumeRoleCommand)
      .resolves({ Credentials: session("key") })
      .on(AssumeRoleCommand, { RoleArn: "arn:aws:iam::111122223333:role/pull-through-auditor" })
      .rejects(serviceError("AccessDenied", 403));
    const sessionOf = openSessions(hub, role, "eu-west-1", now);
    await expect(sessionOf("111122223333")()).rejects.toThrow(RoleNotAssumableError);
    expect((await sessionOf("444455556666")()).accessKeyId).toBe("key");
  });

  const incomplete: readonly [string, (whole: Credentials) => Credentials | undefined][] = [
    ["Credentials", () => undefined],
    ["AccessKeyId", (whole) => ({ ...whole, AccessKeyId: undefined })],
    ["SecretAccessKey", (whole) => ({ ...whole, SecretAccessKey: undefined })],
    ["SessionToken", (whole) => ({ ...whole, SessionToken: undefined })],
    ["Expiration", (whole) => ({ ...whole, Expiration: undefined })],
  ];
  test.each(incomplete)("an answer without %s is none, and is asked for again", async (member, spoil) => {
    sts.on(AssumeRoleCommand).resolves({ Credentials: spoil(session("key")) });
    const provide = openSessions(hub, role, "eu-west-1", now)("111122223333");
    const refusal: unknown = await provide().catch((error: unknown) => error);
    expect(messageOf(refusal)).toMatch(
      /could not be assumed: IncompleteAnswerError: sts:AssumeRole: AWS answered/,
    );
    expect(messageOf(refusal)).toContain(member);
    expect(reasonOf(refusal)).toBe("service-error");
    sts.on(AssumeRoleCommand).resolves({ Credentials: session("key") });
    expect((await provide()).accessKeyId).toBe("key");
  });
});

describe("an account in which the STS endpoint of the region is not activated", () => {
  const disabled = serviceError("RegionDisabledException", 403, "STS is not activated in this region");

  test("gives a session at another endpoint", async () => {
    sts.on(AssumeRoleCommand).rejects(disabled);
    otherSts.on(AssumeRoleCommand).resolves({ Credentials: session("key") });
    const provide = openSessions(hub, role, "eu-south-1", now)("111122223333");
    expect((await provide()).accessKeyId).toBe("key");
  });

  test("is asked once at another endpoint, whose refusal counts", async () => {
    sts.on(AssumeRoleCommand).rejects(disabled);
    otherSts.on(AssumeRoleCommand).rejects(disabled);
    const provide = openSessions(hub, role, "eu-south-1", now)("111122223333");
    expect(reasonOf(await provide().catch((error: unknown) => error))).toBe("sts-not-activated");
    await expect(provide()).rejects.toThrow("STS is not activated in this region");
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1);
    expect(otherSts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1);
  });

  test("is not asked elsewhere in a partition without a known endpoint", async () => {
    sts.on(AssumeRoleCommand).rejects(disabled);
    const provide = openSessions(hub, role, "us-iso-east-1", now)("111122223333");
    expect(reasonOf(await provide().catch((error: unknown) => error))).toBe("sts-not-activated");
    expect(otherSts).not.toHaveReceivedCommand(AssumeRoleCommand);
  });
});
