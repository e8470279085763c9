import type { Part } from "../row.ts";
import { bundles } from "./bundles.ts";
import { byHand, fleet, others } from "./fleet.ts";
import { judging, policies } from "./judging.ts";

/** All that is measured, in the order of the table. */
export const parts: readonly Part[] = [fleet, others, byHand, judging, policies, bundles];
