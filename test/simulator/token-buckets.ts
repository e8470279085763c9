import type { CallSubject, Throttle } from "./faults.ts";

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * Request quotas as in AWS: a bucket refills at a steady rate up to its burst.
 * Source: EC2 API reference, "Request throttling"; ECR publishes the model but no rates for pull through cache calls.
 */
export class TokenBuckets {
  readonly #buckets = new WeakMap<Throttle, Map<string, Bucket>>();
  readonly #milliseconds: () => number;

  constructor(milliseconds: () => number = () => performance.now()) {
    this.#milliseconds = milliseconds;
  }

  /** Takes a token for a call; `false` if the bucket is empty. */
  take(throttle: Throttle, subject: CallSubject): boolean {
    const bucket = this.#bucketFor(throttle, subject);
    const now = this.#milliseconds();
    const refilled = ((now - bucket.filledAt) / 1000) * throttle.ratePerSecond;
    bucket.tokens = Math.min(throttle.burst, bucket.tokens + refilled);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #bucketFor(throttle: Throttle, subject: CallSubject): Bucket {
    const buckets = this.#buckets.get(throttle) ?? new Map<string, Bucket>();
    this.#buckets.set(throttle, buckets);
    const key =
      throttle.shared === true
        ? ""
        : `${subject.account} ${subject.region} ${subject.service}:${subject.operation}`;
    const bucket = buckets.get(key) ?? { tokens: throttle.burst, filledAt: this.#milliseconds() };
    buckets.set(key, bucket);
    return bucket;
  }
}
