import { isKnownUpstream, recognizeUpstream, upstreamHost, upstreams } from "../../model/upstream.ts";
import type { Creation, Refusal } from "./refusal.ts";

/** What AWS would refuse of the upstream: a URL that it does not cache, or that is not what the rule calls it. */
export function* refusalsOfUpstream({ parameters }: Creation): Generator<Refusal> {
  const { upstreamRegistryUrl: url, upstreamRegistry: name } = parameters;
  if (url.state !== "set" || url.value === "") return;
  const recognized = recognizeUpstream(url.value);
  const named = name.state === "set" ? name.value : null;
  if (named !== null && !isKnownUpstream(named)) return;
  if (recognized === null) {
    yield unsupported("is none of the registries that ECR caches");
  } else if (named !== null && named !== recognized) {
    yield unsupported(`belongs to ${recognized}, and the rule says that it is ${named}`);
  } else if (isKnownUpstream(recognized) && isMisspelled(url.value, upstreams[recognized].host)) {
    yield unsupported(`must be spelled ${upstreams[recognized].host ?? upstreamHost(url.value)}`);
  }
}

/** ECR documents one spelling of each upstream: a host, without scheme, port or path. */
function isMisspelled(url: string, host: string | null): boolean {
  return url !== (host ?? upstreamHost(url));
}

function unsupported(problem: string): Refusal {
  return { exception: "UnsupportedUpstreamRegistryException", parameter: "upstreamRegistryUrl", problem };
}
