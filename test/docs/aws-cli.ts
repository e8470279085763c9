import { globSync, readFileSync } from "node:fs";
import { packageFile } from "../../src/package-file.ts";

/** Options that every command of the AWS CLI takes, and those that it names otherwise than the API. */
const options = new Set([
  "--call-as",
  "--cli-binary-format",
  "--notification-endpoint",
  "--output",
  "--query",
  "--region",
]);

const clients: Readonly<Record<string, string>> = {
  ecr: "ecr",
  events: "eventbridge",
  lambda: "lambda",
  organizations: "organizations",
  s3api: "s3",
  secretsmanager: "secrets-manager",
  securityhub: "securityhub",
  sns: "sns",
};

const stackInstances = ["--stack-set-name", "--deployment-targets", "--regions", "--operation-preferences"];

/** Of services whose client is not installed here (AWS CLI command reference, November 2026). */
const others: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  cloudformation: {
    "create-stack-set": [
      "--stack-set-name",
      "--template-body",
      "--capabilities",
      "--permission-model",
      "--auto-deployment",
      "--parameters",
      "--tags",
    ],
    "update-stack-set": [
      "--stack-set-name",
      "--template-body",
      "--capabilities",
      "--parameters",
      "--operation-preferences",
    ],
    "create-stack-instances": [...stackInstances],
    "delete-stack-instances": [...stackInstances, "--no-retain-stacks"],
    "delete-stack-set": ["--stack-set-name"],
    "list-stack-set-operations": ["--stack-set-name", "--max-results"],
    deploy: [
      "--stack-name",
      "--template-file",
      "--s3-bucket",
      "--capabilities",
      "--parameter-overrides",
      "--tags",
    ],
    "describe-stacks": ["--stack-name"],
    "delete-stack": ["--stack-name"],
    "set-stack-policy": ["--stack-name", "--stack-policy-body"],
  },
  cloudtrail: { "lookup-events": ["--lookup-attributes"] },
  s3: { cp: ["--recursive"] },
  sqs: {
    "receive-message": ["--queue-url", "--max-number-of-messages"],
    "delete-message": ["--queue-url", "--receipt-handle"],
  },
  stepfunctions: {
    "start-execution": ["--state-machine-arn", "--input"],
  },
};

/** What is wrong with a command of the AWS CLI: an operation or an option that there is not. */
export function awsProblems(words: readonly string[]): readonly string[] {
  const [, service = "", operation = "", ...rest] = words;
  const known = optionsOf(service, operation);
  if (known === null) return [`aws ${service} ${operation}: there is no such command`];
  return rest
    .filter((word) => word.startsWith("--") && !options.has(word) && !known.has(plain(word)))
    .map((word) => `aws ${service} ${operation} has no option ${word}`);
}

function optionsOf(service: string, operation: string): ReadonlySet<string> | null {
  const client = clients[service];
  if (client !== undefined) return membersOf(client, operation);
  const known = others[service]?.[operation];
  return known === undefined ? null : new Set(known.map(plain));
}

/** The CLI's options are the members of the API's input, as the SDK declares it. */
function membersOf(client: string, operation: string): ReadonlySet<string> | null {
  const name = operation
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
  const name_ = operation === "invoke" ? "Invocation" : name;
  const declaration = new RegExp(`interface ${name_}(?:Request|Input) \\{(.*?)^\\}`, "ms");
  const files = globSync(`node_modules/@aws-sdk/client-${client}/dist-types/models/*.d.ts`, {
    cwd: packageFile(""),
  });
  for (const file of files) {
    const [, body] = readFileSync(packageFile(file), "utf8").match(declaration) ?? [];
    if (body === undefined) continue;
    return new Set(Array.from(body.matchAll(/^ {4}(\w+)\??:/gm), ([, member = ""]) => plain(member)));
  }
  return null;
}

function plain(name: string): string {
  return name.replaceAll("-", "").toLowerCase();
}
