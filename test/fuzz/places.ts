/** The account that audits. */
export const HUB = "111122223333";
/** The accounts that may be beside it. */
export const MEMBERS = ["444455556666", "777788889999", "222233334444"] as const;
/** An account that no world has. */
export const STRANGER = "999900001111";

export const HOME = "us-east-1";
export const ABROAD = "eu-west-1";
/** A region that accounts have to opt in to. */
export const FAR_AWAY = "eu-south-1";

export const BUS = "pull-through-auditor";
export const BUCKET = "audits";
export const TOPIC = `arn:aws:sns:${HOME}:${HUB}:pull-through-audit`;

/** The organizational units that accounts lie in, as paths of names; the first is the root itself. */
export const UNITS = ["", "Workloads", "Workloads/Production", "Sandbox"] as const;
