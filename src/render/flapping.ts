import type { Finding } from "../schemas/finding.ts";
import { counted } from "./words.ts";

/**
 * Says how often findings came back before their resolution was reported, to be appended to their title; empty if none
 * flaps. Of several findings, the one that flaps most counts.
 */
export function flappingText(findings: readonly Pick<Finding, "flapping">[]): string {
  const returns = Math.max(0, ...findings.map(({ flapping }) => flapping ?? 0));
  return returns === 0 ? "" : `, flapping: came back ${counted(returns, "time")}`;
}
