import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { credentialScopeOf } from "../../simulator/wire/signature.ts";

/** A step of an audit that leaves a trace outside, such as `sns Publish` or `s3 state.json`. */
export type Step = string;

/** When a process dies: before a step is done, or when it is done and the process does not yet know. */
export type Moment = { readonly when: "before" | "after"; readonly step: Step };

/** How a process ended: `SIGKILL`, or its exit code; and the steps that it took. */
export type Ending = { readonly end: unknown; readonly steps: readonly Step[] };

const script = fileURLToPath(new URL("./audit-process.ts", import.meta.url));

/** Audits in another process, against the simulator at `url`, and kills it at `moment`. */
export async function auditInProcess(url: string, moment: Moment | null): Promise<Ending> {
  const [, folderFile] = /^folder (.*)$/.exec(moment?.step ?? "") ?? [];
  const deathNote = moment === null || folderFile === undefined ? [] : [moment.when, folderFile];
  return inProcess([script, ...deathNote], stepOf, url, moment);
}

/**
 * Runs a script in another process, against the simulator at `url`, and kills it at `moment`. Between the two is a
 * relay, which sees every request: it kills before it passes one on, or when it has the answer that it keeps for itself.
 *
 * @param stepIn the step that a request is; `null` for one that leaves no trace
 */
export async function inProcess(
  line: readonly string[],
  stepIn: (message: IncomingMessage) => Step | null,
  url: string,
  moment: Moment | null,
): Promise<Ending> {
  const steps: Step[] = [];
  await using relay = await startRelay(url, stepIn, {
    before: async (step) => {
      if (step !== null) steps.push(step);
      if (moment?.when !== "before" || moment.step !== step) return true;
      child.kill("SIGKILL");
      return false;
    },
    after: (step) => {
      if (moment?.when !== "after" || moment.step !== step) return true;
      child.kill("SIGKILL");
      return false;
    },
  });
  const child = spawn(process.execPath, [...line], {
    env: { ...process.env, AWS_ENDPOINT_URL: relay.url },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code, signal]: unknown[] = await once(child, "exit");
  return { end: signal ?? code, steps };
}

/** How a process ended that was interrupted, and what it wrote. */
export type Interrupted = { readonly end: unknown; readonly output: string; readonly errors: string };

/**
 * Runs a script in another process, and interrupts it when it makes `step`, as Ctrl-C does. The call goes on once the process
 * has answered; if it is interrupted twice, never.
 */
export async function interruptedProcess(
  line: readonly string[],
  stepIn: (message: IncomingMessage) => Step | null,
  url: string,
  { step: at, times }: { readonly step: Step; readonly times: 1 | 2 },
): Promise<Interrupted> {
  let [output, errors] = ["", ""];
  await using relay = await startRelay(url, stepIn, {
    before: async (step) => {
      if (step !== at) return true;
      const answered = once(child.stderr, "data");
      child.kill("SIGINT");
      await answered;
      if (times === 2) child.kill("SIGINT");
      return times === 1;
    },
    after: () => true,
  });
  const child = spawn(process.execPath, [...line], {
    env: { ...process.env, AWS_ENDPOINT_URL: relay.url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [code, signal]: unknown[] = await once(child, "close");
  return { end: signal ?? code, output, errors };
}

type Relaying = {
  /** Whether a request goes on to the simulator. */
  readonly before: (step: Step | null) => Promise<boolean>;
  /** Whether its answer goes back. */
  readonly after: (step: Step | null) => boolean;
};

/** Starts a server that passes every request on to `url`, and every answer back. */
async function startRelay(
  url: string,
  stepIn: (message: IncomingMessage) => Step | null,
  { before, after }: Relaying,
) {
  const seen = new Map<string, number>();
  const relay = createServer(async (message, response) => {
    const step = numbered(seen, stepIn(message));
    if (!(await before(step))) return;
    const passedOn = request(
      `${url}${message.url}`,
      { method: message.method, headers: message.headers },
      (answer) => {
        if (!after(step)) {
          answer.resume();
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    message.pipe(passedOn);
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  const address = relay.address();
  if (address === null || typeof address === "string") throw new Error("The relay got no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      relay.closeAllConnections();
      relay.close();
    },
  };
}

/** What a request changes outside; `null` where it only reads. */
function stepOf({ method, url = "", headers }: IncomingMessage): Step | null {
  const service = credentialScopeOf(headers.authorization)?.service;
  if (service === "s3") return method === "PUT" ? `s3 ${basename(new URL(url, "http://s3").pathname)}` : null;
  // SNS names its operation in the body only. Asking who listens to a topic changes nothing, and is a short request.
  if (service === "sns") return Number(headers["content-length"]) > 500 ? "sns Publish" : null;
  if (service === "securityhub") return "securityhub BatchImportFindings";
  return headers["x-amz-target"] === "AWSEvents.PutEvents" ? "events PutEvents" : null;
}

/** The second and later steps of a kind have a number. */
function numbered(seen: Map<string, number>, step: Step | null): Step | null {
  if (step === null) return null;
  const count = (seen.get(step) ?? 0) + 1;
  seen.set(step, count);
  return count === 1 ? step : `${step} ${count}`;
}
