import fc from "fast-check";
import { expect, it } from "vitest";
import { checkIds } from "../../../src/checks/index.ts";
import { matchesName } from "../../../src/core/wildcards.ts";
import { regionNames } from "../../../src/ecr/regions.ts";
import { knownUpstreams } from "../../../src/ecr/upstream.ts";
import { lintProblems } from "../../../src/policy/lint/lint.ts";
import { NOW } from "../../support/builders.ts";

const topicArn = "arn:aws:sns:eu-west-1:111122223333:team-a";
const [payments, platform] = ["ou-ab12-34567890", "ou-ab12-99998888"];

/** A policy in which the linter finds nothing, with something of every kind of name. */
const clean = {
  version: 1,
  name: "Example",
  scope: {
    accounts: "organization",
    organizationalUnits: [payments, platform],
    excludeAccounts: ["111122223333"],
    regions: ["eu-west-1", "us-east-1"],
  },
  allowedUpstreams: [
    { registry: "ecr-public", prefixes: ["public"] },
    { registry: "docker-hub", prefixes: ["docker-hub"], secretNames: ["ecr-pullthroughcache/docker-hub-*"] },
    { registry: "azure-container-registry", urls: ["contoso*.azurecr.io"], prefixes: ["azure-*"] },
    { registry: "ecr", accounts: ["111122223333"], regions: ["us-east-1"], roleNames: ["ecr-pull-*"] },
  ],
  prefixes: { root: "forbid", overlap: "allow", duplicateUpstreams: "forbid" },
  requiredRules: [{ prefix: "docker-hub", registry: "docker-hub", regions: ["eu-west-1"] }],
  undeclaredRules: "forbid",
  creationTemplates: { tagMutability: ["MUTABLE"], encryption: ["KMS"] },
  registryPolicy: { trustedAccounts: ["111122223333"] },
  checks: { "scan-coverage": { severity: "low" } },
  overrides: [
    {
      where: { accounts: ["222233334444"], regions: ["us-*"], organizationalUnits: [payments] },
      set: { undeclaredRules: "allow" },
    },
  ],
  waivers: [
    {
      check: "root-prefix",
      accounts: ["222233334444"],
      regions: ["eu-west-1"],
      prefixes: ["legacy"],
      reason: "known",
      owner: "team-a",
      expires: "2027-01-31",
    },
  ],
  owners: [{ where: { organizationalUnits: [platform], accounts: ["2222*"] }, name: "team-platform" }],
  notifications: {
    when: "changes",
    routes: [
      {
        where: { checks: ["secret-health"], owners: ["team-platform"], accounts: ["222233334444"] },
        topicArn,
      },
    ],
  },
};

type Place = {
  readonly keys: readonly (string | number)[];
  readonly text: string;
  readonly isKey: boolean;
};

/** Every key and every text of a value. */
function placesIn(value: unknown, keys: Place["keys"] = []): readonly Place[] {
  if (typeof value === "string") return [{ keys, text: value, isKey: false }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const at = [...keys, Array.isArray(value) ? Number(key) : key];
    return [...(Array.isArray(value) ? [] : [{ keys: at, text: key, isKey: true }]), ...placesIn(part, at)];
  });
}

/** A copy in which the key or text at a place is another. */
function replaced(value: unknown, { keys, isKey }: Place, text: string): unknown {
  const [first, ...rest] = keys;
  if (first === undefined) return text;
  const inside = (part: unknown) => replaced(part, { keys: rest, isKey, text: "" }, text);
  if (Array.isArray(value)) return value.map((part: unknown, at) => (at === first ? inside(part) : part));
  return Object.fromEntries(
    Object.entries(Object(value)).map(([key, part]: [string, unknown]) => {
      if (key !== first) return [key, part];
      return isKey && rest.length === 0 ? [text, part] : [key, inside(part)];
    }),
  );
}

const letter = fc.constantFrom(..."abeorst0139-*?/");

/** A text with one letter replaced, left out, inserted, or swapped with the next. */
function spoiled(text: string) {
  return fc.tuple(fc.nat(text.length - 1), letter, fc.nat(3)).map(([at, other, way]) => {
    const [before, at1, at2] = [text.slice(0, at), text.charAt(at), text.charAt(at + 1)];
    if (way === 0) return before + other + text.slice(at + 1);
    if (way === 1) return before + text.slice(at + 1);
    if (way === 2) return before + other + text.slice(at);
    return before + at2 + at1 + text.slice(at + 2);
  });
}

const hasWildcard = (text: string) => /[*?]/.test(text);
const matchesOne = (text: string, names: readonly string[]) => names.some((name) => matchesName(text, name));
const isAny = () => true;
const isNone = () => false;

/** Names of secrets that ECR accepts and that a text may mean: with its end, and with the end of the clean policy. */
const secretsLike = (text: string) =>
  [text.slice(text.indexOf("/") + 1).replaceAll(/[*?]/g, "a"), "docker-hub-a"].map(
    (end) => `ecr-pullthroughcache/${end}`,
  );

/** Whether a text still means something, by the key that it stands at. Every other key takes a few words. */
const meaningful: Readonly<Record<string, (text: string) => boolean>> = {
  ...{ name: isAny, prefixes: isAny, reason: isAny, owner: isAny, roleNames: isAny },
  prefix: isNone,
  registry: (text) => knownUpstreams.some((known) => known === text),
  regions: (text) => matchesOne(text, Object.keys(regionNames)),
  accounts: (text) => hasWildcard(text) && /^[\d*?]{1,13}$/.test(text),
  checks: (text) => matchesOne(text, checkIds),
  check: (text) => matchesOne(text, checkIds),
  owners: (text) => matchesName(text, "team-platform"),
  expires: (text) => text >= NOW.toISOString().slice(0, 10),
  secretNames: (text) => secretsLike(text).some((name) => matchesName(text, name)),
  urls: (text) => /azurecr\.io$/.test(text) || hasWildcard(text),
  topicArn: (text) => /^arn:aws:sns:eu-(west-[123]|south-1|central-1):\d{12}:/.test(text),
};

it("finds nothing in a clean policy", () => {
  expect(lintProblems(clean, checkIds, NOW)).toEqual([]);
});

it("tells of one wrong letter, unless what is written still means something", () => {
  const drawn = fc
    .constantFrom(...placesIn(clean))
    .chain((place) => spoiled(place.text).map((text) => ({ place, text })))
    .filter(({ place, text }) => text !== place.text);
  fc.assert(
    fc.property(drawn, ({ place, text }) => {
      if (lintProblems(replaced(clean, place, text), checkIds, NOW).length > 0) return;
      const key = place.keys.findLast((part) => typeof part === "string") ?? "";
      const means = place.isKey ? isNone : (meaningful[key] ?? isNone);
      expect(means(text), `${place.keys.join(".")}: ${text}`).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
