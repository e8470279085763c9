import { createHash } from "node:crypto";
import { pullsIn } from "../../functions/shared/pull-messages.ts";
import { emptyMemory, withEvents } from "../../src/audit/pulls/pull-memory.ts";
import { hostileTexts } from "../render/hostile-texts.ts";
import { pullEvent } from "../simulator/pull-events.ts";
import type { Simulator } from "../simulator/server.ts";
import type { World } from "../simulator/world.ts";
import type { PolicyFile } from "../support/builders.ts";
import type { Dice } from "./dice.ts";
import { BUCKET } from "./places.ts";

/** A pull that was heard of before the first audit. */
export type DrawnPull = {
  readonly account: string;
  readonly region: string;
  readonly prefix: string;
  readonly hoursAgo: number;
  readonly at: string;
  /** `null`: it succeeded. */
  readonly code: string | null;
  readonly text: string;
};

const hostile: readonly [string, ...string[]] = ["as ECR says it", ...Object.values(hostileTexts)];
const codes: readonly [string, ...string[]] = [
  "UpstreamAccessDenied",
  "UpstreamTooManyRequests",
  "UpstreamUnavailable",
  "KmsError",
  "ImageNotFound",
  "SomethingNew",
  ...hostile,
];

/** In some scenarios, pulls through some rules were heard of. */
export function randomPulls({ accounts }: World, dice: Dice, now: Date): readonly DrawnPull[] {
  if (!dice.chance(0.4)) return [];
  return Object.entries(accounts).flatMap(([account, { regions }]) =>
    Object.entries(regions).flatMap(([region, { rules }]) =>
      rules
        .filter(() => dice.chance(0.3))
        .flatMap(({ ecrRepositoryPrefix: prefix }) =>
          Array.from({ length: dice.between(1, 4) }, () => {
            const hoursAgo = dice.pick([0.5, 1, 2, 5, 20, 30, 100]);
            const at = new Date(now.getTime() - hoursAgo * 3_600_000).toISOString();
            const code = dice.chance(0.3) ? null : dice.pick(codes);
            return { account, region, prefix, hoursAgo, at, code, text: dice.pick(hostile) };
          }),
        ),
    ),
  );
}

/** In some scenarios, the policy says which of the pulls count. */
export function randomFailedPulls(pulls: readonly DrawnPull[], dice: Dice): Pick<PolicyFile, "failedPulls"> {
  if (pulls.length === 0 || dice.chance(0.5)) return {};
  return {
    failedPulls: {
      ...(dice.chance(0.7) ? { windowHours: dice.pick([3, 24, 48, 168]) } : {}),
      ...(dice.chance(0.5) ? { atLeast: dice.pick([1, 2, 3]) } : {}),
      ...(dice.chance(0.5)
        ? { ignoreCodes: dice.pick([["ImageNotFound"], ["Upstream*", "?msError"], ["*"], []]) }
        : {}),
    },
  };
}

/** Puts into the store what the function that hears of pulls would have put there. */
export function putPulls({ objects }: Simulator, pulls: readonly DrawnPull[], now: Date): void {
  const byRegistry = Map.groupBy(pulls, ({ account, region }) => `${account}/${region}`);
  for (const [key, ofRegistry] of byRegistry) {
    const [account = "", region = ""] = key.split("/");
    const messages = ofRegistry.map(({ prefix, at, code, text }, index) => ({
      messageId: String(index),
      body: JSON.stringify(
        pullEvent({
          account,
          region,
          prefix,
          id: `${key} ${index}`,
          at: new Date(at),
          failure: code === null ? null : { code, reason: text },
          tag: text,
        }),
      ),
    }));
    const heard = pullsIn(messages).pulls.map(({ event }) => event);
    const bytes = Buffer.from(JSON.stringify(withEvents(emptyMemory({ account, region }), heard, now)));
    const bucket = objects.get(BUCKET) ?? new Map();
    objects.set(BUCKET, bucket);
    bucket.set(`nightly/pulls/${key}.json`, {
      bytes,
      etag: `"${createHash("md5").update(bytes).digest("hex")}"`,
      contentType: "application/json",
      metadata: {},
      checksums: {},
      lastModified: now.toISOString(),
    });
  }
}
