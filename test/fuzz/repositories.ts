import { daysBefore } from "../simulator/calendar.ts";
import type { Effect, Fault } from "../simulator/faults.ts";
import type { Image, Region, Repository, World } from "../simulator/world.ts";
import type { PolicyFile } from "../support/builders.ts";
import type { Dice } from "./dice.ts";
import { plainLifecycles, plainPolicies } from "./worlds.ts";

type Section = NonNullable<PolicyFile["cachedRepositories"]>;

/** The repositories of a scenario. */
export type DrawnRepositories = {
  readonly section: Pick<PolicyFile, "cachedRepositories">;
  /** What the policy's overrides set of that section, in their order; `null` for nothing. */
  readonly inOverrides: readonly (Section | null)[];
  readonly faults: readonly Fault[];
  /** How many nights are played: more than two where something has to be remembered. */
  readonly nights: number;
  /** The time from one night to the next. */
  readonly hoursBetween: number;
  /** Changes templates, repositories or rules before the second night; `null` for nothing. */
  readonly alter: (() => void) | null;
};

const none: DrawnRepositories = {
  section: {},
  inOverrides: [],
  faults: [],
  nights: 2,
  hoursBetween: 0,
  alter: null,
};

/**
 * Puts repositories into a world, in some scenarios: some as their template made them, some not. The `quiet` ones come without a change of their own.
 */
export function randomRepositories(
  world: World,
  dice: Dice,
  {
    now,
    isQuiet,
    isTimeless,
  }: { readonly now: Date; readonly isQuiet: boolean; readonly isTimeless: boolean },
): DrawnRepositories {
  if (!dice.chance(0.4)) return none;
  const regions = Object.values(world.accounts).flatMap((account) => Object.values(account.regions));
  for (const region of regions) region.repositories = repositoriesIn(region, dice, now);
  const most = isTimeless && !isQuiet && dice.chance(0.3) ? dice.between(3, 6) : null;
  const alters = !isQuiet && dice.chance(most === null ? 0.5 : 0.8);
  const changes = alters ? regions.map((region) => changeOf(region, dice)) : [];
  const section = randomSection(dice, most);
  const faults = () =>
    Array.from({ length: dice.pick([0, 0, 1, 2]) }, () => randomFault(world, section, dice));
  const [always, later] = [faults(), alters ? [...faults(), ...faults()] : []];
  return {
    section: { cachedRepositories: section },
    inOverrides: [0, 1].map(() => (dice.chance(0.4) ? randomSection(dice, null) : null)),
    faults: always,
    nights: most !== null ? 4 : alters ? 3 : 2,
    hoursBetween: most === null ? 0 : dice.pick([1, 24, 48]),
    alter: alters
      ? () => {
          for (const change of changes) change();
          world.faults.push(...later);
        }
      : null,
  };
}

function repositoriesIn({ rules, templates }: Region, dice: Dice, now: Date): Repository[] {
  const folders = rules.map(({ ecrRepositoryPrefix }) =>
    ecrRepositoryPrefix.replace(/\/$/, "").toLowerCase(),
  );
  const names = dice
    .some([...new Set([...folders, "own"])], 0.7)
    .flatMap((folder) =>
      dice.some(["app", "library/nginx", "keep/me"], 0.6).map((name) => `${folder}/${name}`),
    );
  const zeros = dice.chance(0.5);
  return [...new Set(names)].map((name) => {
    const maker = templates.find(({ prefix }) => name.startsWith(`${prefix.replace(/\/$/, "")}/`));
    const isAsMade = maker !== undefined && dice.chance(0.6);
    const { lifecyclePolicy, repositoryPolicy } = isAsMade ? maker : randomTexts(dice);
    const pulls = dice.pick([[], [], [3], [3, 200], [200]]).map((days) => daysBefore(now, days));
    return {
      name,
      createdAt: daysBefore(now, dice.pick([5, 400, 400, 400])),
      imageTagMutability: isAsMade ? maker.imageTagMutability : dice.pick(["MUTABLE", "IMMUTABLE"]),
      encryptionType: isAsMade ? maker.encryptionType : dice.pick(["KMS", "KMS", "AES256"]),
      scanOnPush: dice.chance(0.3),
      ...(lifecyclePolicy ? { lifecyclePolicy: inSomeLayout(lifecyclePolicy, dice) } : {}),
      ...(repositoryPolicy ? { repositoryPolicy: inSomeLayout(repositoryPolicy, dice) } : {}),
      ...(pulls.length === 0 ? {} : { pulls }),
      ...(zeros && dice.chance(0.4) ? { publishesZeros: true } : {}),
      images: dice.some(images, 0.5),
    };
  });
}

const images: readonly Image[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].flatMap((manifestMediaType) => [
  { sizeInBytes: 2_000, manifestMediaType },
  { sizeInBytes: 40_000_000, manifestMediaType },
]);

const lifecycles = ["", ...Object.values(plainLifecycles)] as const;
const accesses = ["", "", ...Object.values(plainPolicies)] as const;

function randomTexts(dice: Dice): Pick<Repository, "lifecyclePolicy" | "repositoryPolicy"> {
  return { lifecyclePolicy: dice.pick(lifecycles), repositoryPolicy: dice.pick(accesses) };
}

/** The same text, laid out in another way, with its keys in another order; sometimes. */
function inSomeLayout(text: string, dice: Dice): string {
  if (!dice.chance(0.3) || !text.startsWith("{")) return text;
  const value: unknown = JSON.parse(text);
  return JSON.stringify(Object.fromEntries(Object.entries(Object(value)).reverse()), null, 3);
}

function randomSection(dice: Dice, most: number | null): Section {
  return {
    ...dice.pick([{}, { matchTemplate: true }, { matchTemplate: false }]),
    ...dice.pick([{}, {}, { lifecyclePolicy: true }, { lifecyclePolicy: { expireAfterDays: 60 } }]),
    ...dice.pick([{}, { unusedAfterDays: 90 }]),
    ...dice.pick([{}, {}, { orphans: "allow" as const }]),
    ...dice.pick([{}, { exclude: ["*/keep/*"] }]),
    ...dice.pick([{}, { estimateStorage: true }]),
    ...(most === null ? {} : { maxRepositories: most }),
  };
}

/** What becomes of a registry before the second night. */
function changeOf(region: Region, dice: Dice): () => void {
  const { rules, templates, repositories = [] } = region;
  const [gone] = dice.some(rules, 0.3);
  const changed = dice.some(templates, 0.4);
  const mended = dice.some(repositories, 0.5);
  const deleted = dice.some(repositories, 0.1);
  const garbled = dice.some(repositories, 0.1);
  const lifecyclePolicy = dice.pick([plainLifecycles.soon, plainLifecycles.late]);
  return () => {
    region.rules = rules.filter((rule) => rule !== gone);
    for (const template of changed) template.lifecyclePolicy = lifecyclePolicy;
    for (const repository of mended) {
      repository.lifecyclePolicy = lifecyclePolicy;
      repository.repositoryPolicy = plainPolicies.theHub;
      repository.imageTagMutability = "MUTABLE";
      repository.encryptionType = "KMS";
    }
    for (const repository of garbled) repository.lifecyclePolicy = plainLifecycles.notAPolicy;
    region.repositories = repositories.filter((repository) => !deleted.includes(repository));
  };
}

const troubles: readonly [Effect, ...Effect[]] = [
  { kind: "deny", by: "missing-permission" },
  { kind: "deny", by: "service-control-policy" },
  { kind: "internal-failure", status: 503 },
  { kind: "spoil", as: "no-members" },
  { kind: "spoil", as: "html" },
];

/** A call about repositories that fails: always, or for a while, or for one of them. */
function randomFault({ accounts }: World, { estimateStorage = false }: Section, dice: Dice): Fault {
  const operation = dice.pick([
    "GetLifecyclePolicy",
    "GetLifecyclePolicy",
    "GetRepositoryPolicy",
    "GetRepositoryPolicy",
    "GetMetricData",
    "DescribeRepositories",
    ...Array.from({ length: estimateStorage ? 4 : 0 }, () => "DescribeImages"),
  ]);
  const places = Object.entries(accounts).flatMap(([account, { regions }]) =>
    Object.entries(regions).map(([region, { repositories = [] }]) => ({ account, region, repositories })),
  );
  const { account, region, repositories } = dice.some(places, 0.5)[0] ?? {};
  const [named] = dice.some(repositories ?? [], 0.5);
  const isOfOne = named !== undefined && /Policy$|Images$/.test(operation) && dice.chance(0.6);
  const on = {
    operation,
    ...(account === undefined || region === undefined ? {} : { account, region }),
    ...(isOfOne ? { repository: named.name } : {}),
  };
  if (dice.chance(0.3)) return { on, effect: { kind: "throttle" }, times: dice.between(1, 2) };
  const isList = operation.startsWith("Describe");
  if (isList && dice.chance(0.3)) return { on, effect: { kind: "page", shape: "overlapping" } };
  return { on, effect: dice.pick(troubles), after: dice.pick([0, 0, 1, 3]) };
}
