import type { Part } from "../row.ts";
import { bundles } from "./bundles.ts";
import { finalizing } from "./concluding.ts";
import { byHand, fleet, others } from "./fleet.ts";
import { evaluating, policies } from "./judging.ts";
import { page } from "./page.ts";
import { state } from "./state.ts";

/** All that is measured, in the order of the table. */
export const parts: readonly Part[] = [
  fleet,
  others,
  byHand,
  evaluating,
  finalizing,
  state,
  policies,
  page,
  bundles,
];
