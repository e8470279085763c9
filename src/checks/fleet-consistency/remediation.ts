import type { Instructions } from "../remediation.ts";
import type { FleetConsistencyKinds } from "./text.ts";

export const fleetConsistencyRemediation: Instructions<FleetConsistencyKinds> = {
  "unusual-upstream": "instruct",
  "no-usual-upstream": "instruct",
};
