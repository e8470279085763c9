import type { Part } from "../row.ts";
import { bundles } from "./bundles.ts";
import { evaluating, policies } from "./evaluating.ts";
import { evidence } from "./evidence.ts";
import { finalizing } from "./finalizing.ts";
import { byHand, fleet, others } from "./fleet.ts";
import { page } from "./page.ts";
import { repositories } from "./repositories.ts";
import { sessions } from "./sessions.ts";
import { state } from "./state.ts";

/** All parts, in the order of the table. */
export const parts: readonly Part[] = [
  fleet,
  others,
  sessions,
  byHand,
  repositories,
  evaluating,
  finalizing,
  state,
  policies,
  page,
  evidence,
  bundles,
];
