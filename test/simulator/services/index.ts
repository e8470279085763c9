import type { Service } from "../service.ts";
import { account } from "./account.ts";
import { cloudtrail } from "./cloudtrail.ts";
import { cloudwatch } from "./cloudwatch.ts";
import { ecr } from "./ecr.ts";
import { eventbridge } from "./eventbridge.ts";
import { organizations } from "./organizations.ts";
import { s3 } from "./s3.ts";
import { secretsManager } from "./secrets-manager.ts";
import { securityHub } from "./security-hub.ts";
import { sns } from "./sns.ts";
import { sts } from "./sts.ts";

/** All services of the simulator. S3 is last because it recognises almost any request as its own. */
export const services: readonly Service[] = [
  ecr,
  sts,
  organizations,
  account,
  cloudtrail,
  cloudwatch,
  sns,
  eventbridge,
  secretsManager,
  securityHub,
  s3,
];
