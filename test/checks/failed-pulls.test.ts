import { describe, expect, it } from "vitest";
import { failedPulls } from "../../src/checks/failed-pulls/check.ts";
import { failedPullsText } from "../../src/checks/failed-pulls/text.ts";
import { present, unreadable } from "../../src/facts/evidence.ts";
import type { FailedPulls, HeardPulls } from "../../src/facts/pulls.ts";
import { aPolicy, aRegistryOf, aRule, aSnapshot, NOW } from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

const hourMs = 3_600_000;
const { upstreamRegistryUrl, credentialArn } = aRule();

/** The time so many hours ago. */
function ago(hours: number): string {
  return new Date(NOW.getTime() - hours * hourMs).toISOString();
}

/** Failures of one code, `count` of them in the hour of the last. */
function failures(overrides: Partial<FailedPulls> & { readonly count?: number } = {}): FailedPulls {
  const { count = 3, lastAt = ago(1), ...others } = overrides;
  return {
    code: "UpstreamTooManyRequests",
    firstAt: lastAt,
    lastAt,
    lastEvent: "AAAAAAAA",
    repository: "docker-hub/library/alpine",
    tag: "3.22",
    reason: "You have reached your pull rate limit.",
    hours: [[Math.floor(Date.parse(lastAt) / hourMs), count]],
    ...others,
  };
}

function heard(overrides: Partial<HeardPulls> = {}, prefix = "docker-hub") {
  const { rules } = aRegistryOf({ ecrRepositoryPrefix: prefix });
  const pulls = present([{ prefix, lastSuccessAt: null, failures: [failures()], ...overrides }]);
  return aSnapshot({ rules, pulls });
}

function failing(kind: string, given: FailedPulls = failures(), count = 3, more = {}, prefix = "docker-hub") {
  const { code, firstAt, lastAt, repository, tag, reason } = given;
  return {
    kind,
    prefix,
    subject: JSON.stringify([code]),
    data: {
      code: code ?? "other codes",
      upstreamRegistryUrl,
      credentialArn,
      heard: { count, windowHours: 24, firstAt, lastAt, repository, tag, reason },
      ...more,
    },
  };
}

const rate = "upstream-rate-limited";
const denied = failures({ code: "UpstreamAccessDenied", repository: null, tag: null, reason: null });
const others = failures({ code: null });
const missing = failures({ code: "ImageNotFound" });
const old = failures({ lastAt: ago(25) });

testCheck(failedPulls, {
  text: failedPullsText,
  passes: [
    { name: "a success and no failure", registry: heard({ lastSuccessAt: ago(2), failures: [] }) },
    { name: "a success after the last failure", registry: heard({ lastSuccessAt: ago(0.5) }) },
    { name: "a success at the time of the last failure", registry: heard({ lastSuccessAt: ago(1) }) },
    {
      name: "a success, and ignored failures after it",
      registry: heard({ lastSuccessAt: ago(2) }),
      policy: aPolicy({ failedPulls: { ignoreCodes: ["Upstream*"] } }),
    },
  ],
  fails: [
    { name: "failures within the window", registry: heard(), says: [failing(rate)] },
    {
      name: "failures after the last success",
      registry: heard({ lastSuccessAt: ago(2) }),
      says: [failing(rate)],
    },
    {
      name: "a prefix that was heard without its slash",
      registry: {
        ...heard(),
        rules: aRegistryOf({ ecrRepositoryPrefix: "docker-hub/" }).rules,
      },
      says: [failing(rate, failures(), 3, {}, "docker-hub/")],
    },
    {
      name: "several codes",
      registry: heard({ failures: [denied, failures(), others] }),
      says: [failing("upstream-access-denied", denied), failing(rate), failing("pulls-failed", others)],
    },
    ...[
      ["UpstreamUnavailable", "upstream-unavailable"] as const,
      ["KmsError", "kms-failed"] as const,
      ["toString", "pulls-failed"] as const,
      ["SomethingNew", "pulls-failed"] as const,
    ].map(([code, kind]) => ({
      name: `the code ${code}`,
      registry: heard({ failures: [failures({ code })] }),
      says: [failing(kind, failures({ code }))],
    })),
    {
      name: "an image that the upstream does not have",
      registry: heard({ failures: [missing] }),
      says: [failing("image-not-found", missing, 3, { isRoot: false })],
    },
    {
      name: "an image that the upstream does not have, asked for by a rule for ROOT",
      registry: heard({ failures: [missing] }, "ROOT"),
      says: [failing("image-not-found", missing, 3, { isRoot: true }, "ROOT")],
    },
    {
      name: "as many failures as the policy asks for, of which others are older than the window",
      policy: aPolicy({ failedPulls: { atLeast: 3 } }),
      registry: heard({
        failures: [failures({ hours: [[0, 900], ...failures().hours] })],
      }),
      says: [failing(rate)],
    },
  ],
  unknownCases: [
    {
      name: "pulls that could not be read",
      registry: { ...heard(), pulls: unreadable("service-error", "s3:GetObject", "Access Denied") },
      says: [
        {
          kind: "evidence-unreadable",
          prefix: "docker-hub",
          data: { reason: "service-error", operation: "s3:GetObject", detail: "Access Denied" },
        },
      ],
    },
  ],
  doesNotApply: [
    {
      name: "a registry of which nothing was heard",
      registry: aRegistryOf({ ecrRepositoryPrefix: "docker-hub" }),
      says: [{ kind: "nothing-heard", prefix: "docker-hub", data: { windowHours: 24 } }],
    },
    {
      name: "a rule of which nothing was heard",
      registry: { ...heard(), rules: aRegistryOf({ ecrRepositoryPrefix: "quay" }).rules },
      says: [{ kind: "nothing-heard", prefix: "quay", data: { windowHours: 24 } }],
    },
    {
      name: "a quiet window",
      registry: heard({ failures: [old], lastSuccessAt: ago(26) }),
      says: [{ kind: "nothing-heard", prefix: "docker-hub", data: { windowHours: 24 } }],
    },
    {
      name: "fewer failures than the policy asks for",
      policy: aPolicy({ failedPulls: { atLeast: 4, windowHours: 48 } }),
      registry: heard(),
      says: [{ kind: "failures-do-not-count", prefix: "docker-hub", data: { windowHours: 48 } }],
    },
    {
      name: "ignored codes",
      policy: aPolicy({ failedPulls: { ignoreCodes: ["UpstreamTooMany*"] } }),
      registry: heard(),
      says: [{ kind: "failures-do-not-count", prefix: "docker-hub", data: { windowHours: 24 } }],
    },
  ],
});

describe("the words of failed pulls", () => {
  const now = { ...failing("image-not-found", missing).data, isRoot: true };
  const ref = { account: "111122223333", region: "eu-west-1", prefix: "ROOT" };

  it("have the count, the code, the last image and its reason", () => {
    expect(failedPullsText.kinds[rate].message(failing(rate).data, ref)).toBe(
      `3 pulls from ${upstreamRegistryUrl} failed with UpstreamTooManyRequests in the last 24 hours, and none has succeeded since. The last failed at ${ago(1)}, of docker-hub/library/alpine:3.22: You have reached your pull rate limit.`,
    );
  });

  it("say what a missing image may mean where the rule is for ROOT", () => {
    const { message } = failedPullsText.kinds["image-not-found"];
    expect(message(now, ref)).toContain("whoever publishes an image of this name at the upstream");
    expect(message({ ...now, isRoot: false }, ref)).not.toContain("whoever publishes");
  });
});
