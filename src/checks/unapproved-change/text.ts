import { advice } from "../../core/advice.ts";
import { aws } from "../../ecr/commands.ts";
import type { ChangedThing } from "../../schemas/change.ts";
import type { ChangedBy } from "../../schemas/finding.ts";
import type { CheckText } from "../verdict.ts";

type Change = ChangedBy & {
  thing: ChangedThing;
  name: string | null;
  action: string;
};

export type UnapprovedChangeKinds = {
  "change-not-approved": Change;
  "no-change-known": Record<string, never>;
};

const things = {
  rule: "the rule",
  "creation-template": "a repository creation template",
  scanning: "the scanning configuration",
  "registry-policy": "the registry policy",
  secret: "a secret",
} as const satisfies Record<ChangedThing, string>;

export const unapprovedChangeText: CheckText<UnapprovedChangeKinds> = {
  title: "Unapproved changes",
  failsWhen:
    "a principal that `changes.allowedPrincipals` does not name changed a rule, a template, scanning or the registry policy",
  kinds: {
    "change-not-approved": {
      title: "Changed by a principal that is not allowed to",
      message: ({ thing, name, action, arn, sessionName, at, sourceIp }) => {
        const what = name === null ? things[thing] : `${things[thing]} ${name}`;
        const session = sessionName === null ? "" : `, session ${sessionName},`;
        const from = sourceIp === null ? "" : ` from ${sourceIp}`;
        return `${arn}${session} changed ${what} with ${action} at ${at}${from}. changes.allowedPrincipals does not name this principal.`;
      },
      remediation: ({ arn, eventId }, ref) =>
        advice`Ask whoever uses ${arn} about the change; this command shows the call: ${aws("cloudtrail lookup-events", ref, { "lookup-attributes": `AttributeKey=EventId,AttributeValue=${eventId}` })}; if it was intended, repeat it by a principal that may make it, or add the principal to changes.allowedPrincipals; otherwise, undo it.`,
    },
    "no-change-known": {
      title: "No change is known",
      message: () => "The auditor knows of no change of this registry.",
      remediation: () => "Nothing to do.",
    },
  },
};
