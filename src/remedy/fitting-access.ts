import type { PullThroughCacheRule } from "../model/rule.ts";
import { authenticationOf } from "../model/upstream.ts";
import { decideCredential, decideRole, type Scene } from "./decide-access.ts";
import { type Decision, decided, mapped } from "./decision.ts";

/** A rule that comes to cache another registry authenticates as that one wants, and a new ECR rule with a role. */
export function withFittingAccess(
  before: PullThroughCacheRule | null,
  rule: PullThroughCacheRule,
  scene: Scene,
): Decision<PullThroughCacheRule> {
  if (
    before?.upstreamRegistry === rule.upstreamRegistry &&
    before.upstreamRegistryUrl === rule.upstreamRegistryUrl
  ) {
    return decided(rule);
  }
  const keepsRegistry = before?.upstreamRegistry === rule.upstreamRegistry;
  const bare = keepsRegistry ? rule : { ...rule, credentialArn: null, customRoleArn: null };
  switch (authenticationOf(rule.upstreamRegistry)) {
    case "secret":
      if (bare.credentialArn !== null && keepsRegistry) return decided(bare);
      return mapped(decideCredential(bare, scene), (credentialArn) => ({ ...bare, credentialArn }));
    case "role": {
      if (bare.customRoleArn !== null) return decided(bare);
      const isOwn = bare.upstreamRegistryUrl.startsWith(`${scene.target.account}.`);
      if (isOwn) return decided(bare);
      return mapped(decideRole(bare, scene), (customRoleArn) => ({ ...bare, customRoleArn }));
    }
    case "none":
    case null:
      return decided(bare);
  }
}
