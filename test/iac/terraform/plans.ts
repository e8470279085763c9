/** The resource type of rules. */
export const ruleType = "aws_ecr_pull_through_cache_rule";

type Values = Readonly<Record<string, unknown>>;

/** Values of a rule that nothing is wrong with. */
export const quay: Values = {
  ecr_repository_prefix: "quay",
  upstream_registry_url: "quay.io",
  credential_arn: null,
  custom_role_arn: null,
  upstream_repository_prefix: null,
};

/** A change to a resource of any type, by its address. */
export function changed(address: string, actions: readonly string[], more: Values = {}) {
  const [type = "", name = ""] = address
    .replaceAll(/\[[^\]]*\]/g, "")
    .split(".")
    .slice(-2);
  const { top = {}, ...change } = more;
  return {
    address,
    mode: "managed",
    type,
    name,
    ...Object(top),
    change: { actions, before: null, after: null, after_unknown: {}, ...change },
  };
}

/** A rule that is created. */
export function created(name: string, after: Values = {}, more: Values = {}) {
  return changed(`${ruleType}.${name}`, ["create"], { after: { ...quay, ...after }, ...more });
}

/** A rule that exists. */
export function existing(after: Values = {}): Values {
  return { ...quay, registry_id: "111122223333", ...after };
}

/** The configuration of a resource of the root module. */
export function configured(address: string, expressions: Values = {}, key = "aws") {
  const all = { ecr_repository_prefix: {}, upstream_registry_url: {}, ...expressions };
  return { address, mode: "managed", provider_config_key: key, expressions: all };
}

/** The parts of a plan. */
export type PlanParts = {
  readonly resources?: readonly object[];
  readonly providers?: Values;
  readonly modules?: Values;
  readonly top?: Values;
};

/** The only provider of a plan, in one region. */
export const inOneRegion: Values = { aws: { expressions: { region: { constant_value: "eu-west-1" } } } };

/** A plan in JSON. Rules of the root module that have no configuration get one. */
export function planWith(
  changes: readonly { readonly address: string }[],
  { resources = [], providers = inOneRegion, modules = {}, top = {} }: PlanParts = {},
): string {
  const given = new Set(resources.map((resource) => Object(resource).address));
  const others = [...new Set(changes.map(({ address }) => address.replaceAll(/\[[^\]]*\]/g, "")))]
    .filter((address) => !given.has(address) && !address.startsWith("module."))
    .map((address) => configured(address));
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.9.8",
    resource_changes: changes,
    configuration: {
      provider_config: providers,
      root_module: { resources: [...resources, ...others], module_calls: modules },
    },
    complete: true,
    errored: false,
    ...top,
  });
}
