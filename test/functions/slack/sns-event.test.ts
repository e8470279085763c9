import { describe, expect, it } from "vitest";
import { digestIn, messagesIn, UnreadableMessageError } from "../../../functions/slack/sns-event.ts";
import { schedulerEvent } from "../events.ts";
import { digest, snsEvent } from "./events.ts";

describe("messagesIn", () => {
  it("finds every message with its id", () => {
    expect(messagesIn(snsEvent("one", "two"))).toEqual([
      { id: "message-1", text: "one" },
      { id: "message-2", text: "two" },
    ]);
  });

  it.each([
    ["nothing", undefined],
    ["no record", { Records: [] }],
    ["an event of EventBridge", schedulerEvent],
    ["a queue's event", { Records: [{ eventSource: "aws:sqs", messageId: "1", body: digest }] }],
    ["another source", { Records: [{ ...snsEvent(digest).Records[0], EventSource: "aws:s3" }] }],
    ["a bare digest", JSON.parse(digest)],
  ])("refuses %s", (_what, event) => {
    expect(() => messagesIn(event)).toThrow(UnreadableMessageError);
  });

  it("names everything that is wrong", () => {
    const event = { Records: [{ EventSource: "aws:s3", Sns: { MessageId: 1 } }] };
    expect(() => messagesIn(event)).toThrow(
      /^The event cannot be read:\n {2}\$\.Records\[0\]\.EventSource: .+\n {2}\$\.Records\[0\]\.Sns\.MessageId: .+\n {2}\$\.Records\[0\]\.Sns\.Message: .+$/,
    );
  });
});

describe("digestIn", () => {
  it("finds a digest, whatever is added to it later", () => {
    const delivered = JSON.parse(digest);
    expect(digestIn(JSON.stringify({ ...delivered, addedLater: { x: 1 } }))).toEqual(delivered);
  });

  it.each([
    ["plain words", "Alarm: disk full"],
    ["other JSON", JSON.stringify({ AlarmName: "disk full" })],
    ["a list", "[]"],
    ["null", "null"],
    ["the whole text for MessageStructure json", JSON.stringify({ default: digest, email: "…" })],
  ])("finds none in %s", (_what, text) => {
    expect(digestIn(text)).toBeNull();
  });

  it("refuses what calls itself a digest and is none", () => {
    const damaged = JSON.stringify({ ...JSON.parse(digest), schemaVersion: 2, problems: "none" });
    expect(() => digestIn(damaged)).toThrow(
      /^The digest cannot be read:\n {2}\$\.schemaVersion: .+\n {2}\$\.problems: .+$/,
    );
  });
});
