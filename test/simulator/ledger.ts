import type { ServiceName } from "./faults.ts";

/** A recorded request. */
export interface RecordedCall {
  readonly service: ServiceName;
  readonly operation: string;
  /** The caller's account; empty if the caller is unknown. */
  account: string;
  readonly region: string;
  /** The parameters as received; absent if the caller is unknown. */
  input: unknown;
  /** Milliseconds since the process started (`performance.now`). */
  readonly startedAt: number;
  /** Absent if the call has no answer: it hangs, or its connection was closed. */
  endedAt?: number;
  httpStatus?: number;
  errorCode?: string;
  errorMessage?: string;
  /** Whether a successful but unusable answer was sent, by the service or without calling it. */
  spoiled?: "answer" | "unasked";
}
