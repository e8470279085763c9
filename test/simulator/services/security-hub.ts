import { z } from "zod";
import { arnAt } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { REST_JSON_DIALECT } from "../dialect.ts";
import { pageOf } from "../pagination.ts";
import { type CallContext, isEmptyPage, operation, placeOf, type Service } from "../service.ts";
import { restJsonProtocol } from "../wire/json.ts";
import { regionOf } from "../world-access.ts";
import { accountId, pageSize, text } from "./fields.ts";

const MAX_FINDING_BYTES = 240 * 1024;

const moment = z.iso.datetime({ offset: true });

const findingInput = z.looseObject({
  SchemaVersion: z.literal("2018-10-08"),
  Id: text(1, 512),
  ProductArn: text(12, 2048),
  GeneratorId: text(1, 512),
  AwsAccountId: accountId,
  CreatedAt: moment,
  UpdatedAt: moment,
  Severity: z.looseObject({}),
  Title: text(1, 256),
  Description: text(1, 1024),
  Types: z.array(z.string()).max(50).optional(),
  Resources: z
    .array(z.looseObject({ Type: text(1, 256), Id: text(1, 512) }))
    .min(1)
    .max(32),
});

const batchImportInput = z.strictObject({
  Findings: z
    .array(z.looseObject({ Id: z.string().optional() }))
    .min(1)
    .max(100),
});

const getFindingsInput = z.strictObject({
  MaxResults: pageSize(100).default(10),
  NextToken: z.string().optional(),
});

/** A finding that Security Hub accepted, with where it was imported. */
export type StoredFinding = z.output<typeof findingInput> & { readonly importedInto: string };

/**
 * Security Hub: BatchImportFindings, and GetFindings without filters.
 * Source: Security Hub API reference and User Guide, "Required top-level ASFF attributes"; the limits of 100 findings
 * and 240 KB, and the default product's ARN, are BatchImportFindings'.
 */
export const securityHub: Service = {
  name: "securityhub",
  protocol: restJsonProtocol({
    "POST /findings/import": "BatchImportFindings",
    "POST /findings": "GetFindings",
  }),
  dialect: { ...REST_JSON_DIALECT, invalidInput: { code: "InvalidInputException", status: 400 } },
  isRegional: true,
  operations: {
    BatchImportFindings: operation(batchImportInput, batchImport),
    GetFindings: operation(getFindingsInput, getFindings),
  },
};

function batchImport({ Findings }: z.output<typeof batchImportInput>, call: CallContext): unknown {
  const hub = hubOf(call);
  const failures = Findings.flatMap((finding) => {
    const problem = importFinding(finding, hub, call);
    return problem === undefined
      ? []
      : [{ Id: finding.Id ?? "", ErrorCode: "InvalidInput", ErrorMessage: problem }];
  });
  return {
    FailedCount: failures.length,
    SuccessCount: Findings.length - failures.length,
    FailedFindings: failures,
  };
}

/** Imports one finding, or says what is wrong with it: the others of its batch are not affected. */
function importFinding(raw: unknown, hub: string, call: CallContext): string | undefined {
  const checked = findingInput.safeParse(raw);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return `Finding does not adhere to Amazon Finding Format. ${issue?.path.join(".")}: ${issue?.message}`;
  }
  const finding = checked.data;
  const { securityHubFindings } = call.memory;
  if (Buffer.byteLength(JSON.stringify(finding)) > MAX_FINDING_BYTES) return "Finding exceeds 240 KB.";
  if (finding.AwsAccountId !== call.caller.accountId) return "AwsAccountId is not the caller's account.";
  if (finding.ProductArn !== productArn(call)) return "ProductArn is not the caller's default product.";
  const known = securityHubFindings.findIndex(
    (stored) =>
      stored.importedInto === hub && stored.Id === finding.Id && stored.ProductArn === finding.ProductArn,
  );
  const previous = securityHubFindings[known];
  if (previous === undefined) {
    securityHubFindings.push({ ...finding, importedInto: hub });
    return undefined;
  }
  if (Date.parse(finding.UpdatedAt) <= Date.parse(previous.UpdatedAt)) {
    return "UpdatedAt must be later than that of the finding to update.";
  }
  securityHubFindings[known] = { ...finding, importedInto: hub };
  return undefined;
}

function getFindings(input: z.output<typeof getFindingsInput>, call: CallContext): unknown {
  const hub = hubOf(call);
  const page = pageOf({
    items: call.memory.securityHubFindings.filter(({ importedInto }) => importedInto === hub),
    list: `findings ${hub}`,
    token: input.NextToken,
    size: input.MaxResults,
    isEmpty: isEmptyPage(call),
  });
  if (page === undefined) throw new AwsError("InvalidInputException", "Invalid NextToken.");
  return {
    Findings: page.items.map(({ importedInto: _ours, ...finding }) => finding),
    NextToken: page.nextToken,
  };
}

/** The ARN of the hub that takes the call; refuses where Security Hub is off. */
function hubOf(call: CallContext): string {
  const { world, caller, region } = call;
  if (regionOf(world, caller.accountId, region).securityHub) {
    return arnAt(placeOf(call), "securityhub", "hub/default");
  }
  throw new AwsError(
    "InvalidAccessException",
    `Account ${caller.accountId} is not subscribed to AWS Security Hub`,
    401,
  );
}

function productArn(call: CallContext): string {
  const { accountId: id } = call.caller;
  return arnAt(placeOf(call), "securityhub", `product/${id}/default`);
}
