import type { Finding } from "../schemas/finding.ts";
import { counted } from "./words.ts";

/**
 * Says how often findings came back before their resolution was reported, to be appended to their title; empty if none
 * flaps. Of several findings, the one that flaps most counts.
 */
export function flappingText(findings: readonly Pick<Finding, "flapping">[]): string {
  return returnsText(mostReturns(findings));
}

/** Returns how often the finding that flaps most came back; 0 if none flaps. */
export function mostReturns(findings: readonly Pick<Finding, "flapping">[]): number {
  return Math.max(0, ...findings.map(({ flapping }) => flapping ?? 0));
}

/** Says how often a finding came back, to be appended to its title; empty for 0. */
export function returnsText(returns: number): string {
  return returns === 0 ? "" : `, flapping: came back ${counted(returns, "time")}`;
}
