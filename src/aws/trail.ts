import { type CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { TrailPage, TrailQuestion } from "../audit/ports.ts";
import { type Evidence, present } from "../facts/evidence.ts";
import { listIn } from "./answer.ts";
import { unreadableBecause } from "./errors.ts";
import { operation } from "./operation.ts";
import { nextToken } from "./pages.ts";

/*
 * CloudTrail's event history. Few audits ask for it: this separate module is loaded when one does, and a bundler includes
 * only what is named here.
 */

export { CloudTrailClient } from "@aws-sdk/client-cloudtrail";

/** The most events of a page (AWS CloudTrail API reference, LookupEvents, November 2026). */
const mostOfPage = 50;

const lookupEvents = operation({
  name: "cloudtrail:LookupEvents",
  command: LookupEventsCommand,
  send: (client: CloudTrailClient, command) => client.send(command),
  read: ({ Events, NextToken }): TrailPage => ({
    // Each record is a text of JSON. It is parsed as a whole, so it must not be cut.
    records: listIn(Events, "Events").flatMap(({ CloudTrailEvent: record }) =>
      typeof record === "string" ? [record] : [],
    ),
    next: nextToken(NextToken),
  }),
  isRepeatable: true,
});

/** Reads one page of the calls of one name in the client's account and region, the latest first. Does not throw. */
export async function readTrail(
  client: CloudTrailClient,
  { eventName, since, until, token }: TrailQuestion,
): Promise<Evidence<TrailPage>> {
  try {
    const page = await lookupEvents(client, {
      LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: eventName }],
      StartTime: since,
      EndTime: until,
      MaxResults: mostOfPage,
      ...(token === null ? {} : { NextToken: token }),
    });
    return present(page);
  } catch (error) {
    return unreadableBecause(error, "cloudtrail:LookupEvents");
  }
}
