import { partitionOf } from "../../ecr/partition.ts";
import type { CachedRepository } from "../../facts/cached-repositories.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";

/** What repositories store, by the sizes of their images. */
export type Storage = {
  readonly repositories: number;
  readonly images: number;
  readonly bytes: number;
  /** Whether all images were added up. */
  readonly isWhole: boolean;
  /** US dollars a month; null where the list price is another. */
  readonly dollarsPerMonth: number | null;
};

/** US dollars for a gigabyte and month, in all commercial regions (aws.amazon.com/ecr/pricing, November 2026). */
const dollarsPerGigabyte = 0.1;

/** What these repositories store; as data of a finding, empty if it was not measured. */
export function storageOf(
  repositories: readonly CachedRepository[],
  { repositorySizes: sizes, target }: RegistrySnapshot,
): { readonly storage?: Storage } {
  if (sizes.state !== "present") return {};
  const known = repositories.flatMap(({ name }) => sizes.value[name] ?? []);
  if (known.length === 0) return {};
  const bytes = known.reduce((sum, size) => sum + size.bytes, 0);
  const cents = Math.round((bytes / 1e9) * dollarsPerGigabyte * 100);
  return {
    storage: {
      repositories: known.length,
      images: known.reduce((sum, size) => sum + size.images, 0),
      bytes,
      isWhole: known.every(({ isWhole }) => isWhole),
      dollarsPerMonth: partitionOf(target.region).id === "aws" ? cents / 100 : null,
    },
  };
}

/**
 * The estimate as a sentence after another one, which is about `all` repositories; nothing without an estimate. If some were
 * not measured, the others may cost more.
 */
export function storageText(storage: Storage | undefined, all: number): string {
  if (storage === undefined) return "";
  const { repositories, images, bytes, isWhole, dollarsPerMonth } = storage;
  const isOfAll = repositories >= all;
  const whose = repositories === 1 ? "its" : "their";
  const counted = isWhole ? `${whose} ${images}` : `the first ${images} of ${whose}`;
  const price = `USD ${dollarsPerGigabyte.toFixed(2)} per GB, list price of November 2026; shared layers cost once`;
  const cost =
    dollarsPerMonth === null
      ? ""
      : `, which costs ${isWhole && isOfAll ? "at most" : "about"} USD ${dollarsPerMonth.toFixed(2)} a month (${price})`;
  const what = isOfAll ? "Estimate" : `Estimate for ${repositories} of them`;
  return ` ${what}: ${counted} ${images === 1 ? "image adds" : "images add"} up to ${sizeText(bytes)}${cost}.`;
}

const units = [
  { unit: "TB", bytes: 1e12 },
  { unit: "GB", bytes: 1e9 },
  { unit: "MB", bytes: 1e6 },
] as const;

/** `2.13 TB`, in the decimal units of the price. */
function sizeText(bytes: number): string {
  const { unit, bytes: one } = units.find((it) => bytes >= it.bytes) ?? units[2];
  return `${Number((bytes / one).toPrecision(3))} ${unit}`;
}
