import type { ServiceName } from "./faults.ts";

/** One request as the ledger keeps it. */
export interface RecordedCall {
  readonly service: ServiceName;
  readonly operation: string;
  /** The caller's account; empty when the caller was not recognised. */
  account: string;
  readonly region: string;
  /** The parameters as they came; absent when the caller was not recognised. */
  input: unknown;
  /** Milliseconds since the process began (`performance.now`). */
  readonly startedAt: number;
  /** Absent while a call goes unanswered: it hangs, or its connection was cut. */
  endedAt?: number;
  httpStatus?: number;
  errorCode?: string;
  errorMessage?: string;
  /** A success was sent of which nothing may be believed, by the service or without its ever being asked. */
  spoiled?: "answer" | "unasked";
}
