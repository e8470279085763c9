import { fstatSync } from "node:fs";
import { parseArgs } from "node:util";
import { startSimulator } from "./server.ts";
import type { World } from "./world.ts";
import { isWorldName, worlds } from "./worlds/index.ts";
import { scaleSchema, scaleWorld } from "./worlds/scale.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string" }, scale: { type: "string" } },
});
const [name = values.scale === undefined ? "demo" : "scale"] = positionals;
const world = worldNamed(name);

/** The world with this name. The JSON of `--scale` sets the size and speed of `scale`. */
function worldNamed(name: string): World | null {
  if (name === "scale") return scaleWorld(scaleSchema.parse(JSON.parse(values.scale ?? "{}")));
  return isWorldName(name) ? worlds[name](new Date()) : null;
}

if (world === null) {
  process.stderr.write(
    `Unknown world "${name}". Known worlds: ${Object.keys(worlds).join(", ")}; and scale, with --scale JSON.\n`,
  );
  process.exitCode = 64;
} else {
  const recordCalls = name !== "scale";
  const simulator = await startSimulator(world, { port: Number(values.port ?? 0), recordCalls });
  process.stdout.write(`${JSON.stringify({ url: simulator.url, env: simulator.env })}\n`);
  const stop = async () => {
    await simulator.close();
    process.stdin.destroy();
    process.stdout.write(`${JSON.stringify(simulator.figures)}\n`);
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
  // The other end of a pipe belongs to the parent process. /dev/null and terminals have no other end.
  const stdin = fstatSync(process.stdin.fd);
  if (stdin.isFIFO() || stdin.isSocket()) process.stdin.resume().once("close", stop);
}
