import { upstreamHost } from "../model/upstream.ts";
import { matchesAnyName } from "./matching.ts";

/** Whether one of `patterns` matches the host of an upstream's URL, however either is spelled. */
export function matchesHost(patterns: readonly string[], url: string): boolean {
  return matchesAnyName(patterns.map(upstreamHost), upstreamHost(url));
}
