import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import { openUse } from "../unused-cached-repositories/use.ts";
import { openJudge } from "./judge.ts";
import { shareOf } from "./sample.ts";

/** One repository with what is wrong with it, as the kinds of the findings name it. */
export type RepositoryRow = {
  readonly account: string;
  readonly region: string;
  readonly prefix: string;
  readonly repository: string;
  readonly createdAt: string | null;
  readonly problems: readonly string[];
  /** How many images were measured, and what they add up to. Null: the repository was not measured. */
  readonly images: number | null;
  readonly bytes: number | null;
};

/** The repositories of a registry with which something is wrong, or of which it cannot be told. Pure. */
export function repositoryRows(registry: RegistrySnapshot, policy: Policy): readonly RepositoryRow[] {
  const { cachedRepositories: cached, repositorySizes: sizes, target } = registry;
  const { cachedRepositories: section } = policy;
  if (section === undefined || cached.state !== "present") return [];
  const { account, region } = target;
  const judge = openJudge(registry, policy);
  const useOf = openUse(registry, policy);
  return cached.value.prefixes.flatMap(({ prefix, isFormer }) =>
    shareOf(prefix, cached.value, policy).repositories.flatMap((repository) => {
      const orphaned = section.orphans === "allow" ? [] : ["orphaned"];
      const unused = useOf(repository) === "unused" ? ["unused"] : [];
      const problems = isFormer ? orphaned : [...judge(repository), ...unused];
      const { name, createdAt } = repository;
      if (problems.length === 0) return [];
      const { images = null, bytes = null } =
        (sizes.state === "present" ? sizes.value[name] : undefined) ?? {};
      return [{ account, region, prefix, repository: name, createdAt, problems, images, bytes }];
    }),
  );
}
