/**
 * What Lambda's Node.js runtime does with a zip, as far as it matters here: imports the handler that `_HANDLER` names
 * from the task's folder, invokes it with the event, and tells the parent process how that ended. It imports nothing of
 * the project, so that nothing but the zip is tried.
 */
import { pathToFileURL } from "node:url";

const [, , event = ""] = process.argv;
const { LAMBDA_TASK_ROOT: task = "", _HANDLER: handler = "" } = process.env;
const [file, name = ""] = handler.split(".");

const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(`${task}/${file}.js`).href);
const handle = module[name];
if (typeof handle !== "function") throw new TypeError(`${handler} is no function`);

process.send?.(await outcomeOf(handle), () => process.exit());

async function outcomeOf(handle: CallableFunction): Promise<object> {
  try {
    const response = await handle(JSON.parse(event), { awsRequestId: "1" });
    // What answers nothing answers null.
    return { end: "answered", response: response ?? null };
  } catch (error) {
    const { name: errorType, message: errorMessage } =
      error instanceof Error ? error : new Error(String(error));
    return { end: "failed", errorType, errorMessage };
  }
}
