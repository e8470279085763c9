import type { EventEntry } from "../../src/notifiers/eventbridge/events.ts";

/** An entry as EventBridge hands it to a rule's targets (Amazon EventBridge user guide, "Events", November 2026). */
export function delivered({ source, detailType, time, resources, detail }: EventEntry) {
  const content: unknown = JSON.parse(detail);
  return {
    version: "0",
    id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": detailType,
    source,
    account: "111122223333",
    time: `${time.slice(0, 19)}Z`,
    region: "us-east-1",
    resources,
    detail: content,
  };
}
