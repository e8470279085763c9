import { describe, expect, it } from "vitest";
import { pullEventSchema } from "../../../src/audit/pulls/pull-event.ts";
import { pullThroughEvent } from "../../functions/events.ts";

/** The event with some members of its detail, or of itself, changed. */
function event(detail: object, outside: object = {}) {
  return { ...pullThroughEvent, ...outside, detail: { ...pullThroughEvent.detail, ...detail } };
}

function problemsOf(given: unknown): readonly string[] {
  return pullEventSchema.safeParse(given).error?.issues.map(({ path }) => path.join(".")) ?? [];
}

describe("an event about a pull", () => {
  it("is read as ECR sends it", () => {
    expect(pullEventSchema.parse(pullThroughEvent)).toEqual({
      account: "444455556666",
      region: "eu-west-1",
      prefix: "docker-hub",
      id: expect.stringMatching(/^[\w+/]{8}$/),
      at: Date.parse("2020-01-20T09:16:00Z"),
      failure: {
        code: "UpstreamAccessDenied",
        repository: "docker-hub/library/alpine",
        tag: "3.22",
        reason: "The upstream registry refused the credentials.",
      },
    });
  });

  it.each([
    ["a success", { "sync-status": "SUCCESS", "failure-code": undefined }, null],
    ["a code that nobody knows", { "failure-code": "Whatever" }, { code: "Whatever" }],
    ["a failure without a code", { "failure-code": undefined }, { code: "Unknown" }],
    ["another status with a code", { "sync-status": "PARTIAL" }, { code: "UpstreamAccessDenied" }],
    ["a tag that is not a text", { "image-tag": 7 }, { tag: null }],
    ["a long text", { "failure-reason": "é ".repeat(10_000) }, { reason: "é ".repeat(250) }],
    ["half a character", { "repository-name": "a\ud800" }, { repository: "a\ufffd" }],
    [
      "a secret in a reason",
      { "failure-reason": "Authorization: Basic abc" },
      { reason: "Authorization: [redacted]" },
    ],
  ])("is read with %s", (_what, detail, failure) => {
    const read = pullEventSchema.parse(event(detail));
    expect(read.failure).toEqual(failure === null ? null : expect.objectContaining(failure));
  });

  it.each([
    ["of another source", event({}, { source: "my.app" }), ["source"]],
    ["of another kind", event({}, { "detail-type": "ECR Image Action" }), ["detail-type"]],
    ["without an ID", event({}, { id: undefined }), ["id"]],
    ["of no account", event({}, { account: "*" }), ["account"]],
    ["of a region that would lead elsewhere", event({}, { region: "../.." }), ["region"]],
    ["of no time", event({}, { time: "yesterday" }), ["time"]],
    ["without a prefix", event({ "ecr-repository-prefix": undefined }), ["detail.ecr-repository-prefix"]],
    [
      "about a repository of another account",
      event({}, { resources: ["arn:aws:ecr:eu-west-1:999999999999:repository/docker-hub/alpine"] }),
      ["resources"],
    ],
    [
      "that neither failed nor succeeded",
      event({ "sync-status": "STARTED", "failure-code": undefined }),
      ["detail.sync-status"],
    ],
    ["that is no event", null, [""]],
  ])("is refused: one %s", (_what, given, problems) => {
    expect(problemsOf(given)).toEqual(problems);
  });
});
