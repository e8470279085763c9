import type { AcceptedEvent } from "./services/eventbridge.ts";
import type { StoredObject } from "./services/s3.ts";
import type { StoredFinding } from "./services/security-hub.ts";
import type { PublishedMessage } from "./services/sns.ts";
import type { Rule } from "./world.ts";

/** What was sent to the simulator and what it has answered so far: everything that is not the world. */
export interface Memory {
  readonly published: PublishedMessage[];
  readonly events: AcceptedEvent[];
  /** Bucket → key → object. */
  readonly objects: Map<string, Map<string, StoredObject>>;
  readonly securityHubFindings: StoredFinding[];
  /** How often each rule was validated, for answers that change from one time to the next. */
  readonly validations: WeakMap<Rule, number>;
}

/** A memory of nothing. */
export function emptyMemory(): Memory {
  return {
    published: [],
    events: [],
    objects: new Map(),
    securityHubFindings: [],
    validations: new WeakMap(),
  };
}
