import type { Part } from "../row.ts";
import { bundles } from "./bundles.ts";
import { concluding } from "./concluding.ts";
import { byHand, fleet, others } from "./fleet.ts";
import { judging, policies } from "./judging.ts";
import { page } from "./page.ts";

/** All that is measured, in the order of the table. */
export const parts: readonly Part[] = [fleet, others, byHand, judging, concluding, policies, page, bundles];
