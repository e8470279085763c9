import type { AcceptedEvent } from "./services/eventbridge.ts";
import type { StoredObject } from "./services/s3.ts";
import type { StoredFinding } from "./services/security-hub.ts";
import type { PublishedMessage } from "./services/sns.ts";
import type { Rule } from "./world.ts";

/** The state of the simulator apart from the world: received data and validation counts. */
export interface Memory {
  readonly published: PublishedMessage[];
  readonly events: AcceptedEvent[];
  /** Bucket → key → object. */
  readonly objects: Map<string, Map<string, StoredObject>>;
  /** Bucket → key → versions, oldest first, of buckets with Object Lock. */
  readonly versions: Map<string, Map<string, StoredObject[]>>;
  readonly securityHubFindings: StoredFinding[];
  /** How often each rule was validated, for answers that change over time. */
  readonly validations: WeakMap<Rule, number>;
}

/** Creates an empty state. */
export function emptyMemory(): Memory {
  return {
    published: [],
    events: [],
    objects: new Map(),
    versions: new Map(),
    securityHubFindings: [],
    validations: new WeakMap(),
  };
}
