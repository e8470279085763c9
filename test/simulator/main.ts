import { fstatSync } from "node:fs";
import { parseArgs } from "node:util";
import { startSimulator } from "./server.ts";
import { isWorldName, worlds } from "./worlds/index.ts";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { port: { type: "string" } } });
const [name = "demo"] = positionals;

if (isWorldName(name)) {
  const simulator = await startSimulator(worlds[name](new Date()), { port: Number(values.port ?? 0) });
  process.stdout.write(`${JSON.stringify({ url: simulator.url, env: simulator.env })}\n`);
  const stop = async () => {
    await simulator.close();
    process.stdin.destroy();
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
  // Whoever holds the other end of a pipe started this process; /dev/null and terminals have no other end.
  const stdin = fstatSync(process.stdin.fd);
  if (stdin.isFIFO() || stdin.isSocket()) process.stdin.resume().once("close", stop);
} else {
  process.stderr.write(`There is no world "${name}". There are: ${Object.keys(worlds).join(", ")}.\n`);
  process.exitCode = 64;
}
