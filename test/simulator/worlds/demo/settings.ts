import { daysBefore } from "../../calendar.ts";
import type { Region, Secret } from "../../world.ts";
import { secret, template } from "../../world-builder.ts";

/** The templates and scanning settings of Example Corp's platform team. */
export function wellKept(): Pick<Region, "templates" | "scanning"> {
  return { templates: [template("ROOT")], scanning: scanningOf("*") };
}

/** Continuous scanning of the repositories that match a filter. */
export function scanningOf(...filters: string[]): Region["scanning"] {
  return { scanType: "ENHANCED", rules: [{ scanFrequency: "CONTINUOUS_SCAN", filters }] };
}

/** An upstream's token: when it last changed, and in how many days it expires according to its tag. */
export function token(
  name: string,
  now: Date,
  {
    changedDaysAgo = 20,
    expiresInDays,
    ...parts
  }: Partial<Omit<Secret, "name" | "lastChangedDate">> & {
    changedDaysAgo?: number;
    expiresInDays?: number;
  } = {},
): Secret {
  const expiry =
    expiresInDays === undefined ? {} : { "expires-on": daysBefore(now, -expiresInDays).slice(0, 10) };
  return secret(`ecr-pullthroughcache/${name}`, {
    createdDate: daysBefore(now, changedDaysAgo + 200),
    lastChangedDate: daysBefore(now, changedDaysAgo),
    ...parts,
    tags: { team: "platform", ...expiry, ...parts.tags },
  });
}
