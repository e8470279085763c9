import { once } from "node:events";

/** An empty SQLite database whose exclusive transaction is a lock. Closing it releases the lock. */
export type LockDatabase = AsyncDisposable & {
  /** Takes the lock if no other process holds it. */
  readonly tryLock: () => Promise<boolean>;
};

/** SQLite's result code SQLITE_BUSY ("Result and Error Codes", November 2026). */
const busy = 5;

/** Opens the database in this process. */
export async function openDatabase(path: string): Promise<LockDatabase> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(path, { timeout: 0 });
  return {
    tryLock: async () => {
      try {
        database.exec("BEGIN EXCLUSIVE");
        return true;
      } catch (error) {
        if (error instanceof Error && "errcode" in error && error.errcode === busy) return false;
        throw error;
      }
    },
    [Symbol.asyncDispose]: async () => database.close(),
  };
}

/** Answers each line on standard input with whether it holds the lock now. Its standard input ends with its parent. */
const childProgram = `
  const { DatabaseSync } = require("node:sqlite");
  let database;
  require("node:readline").createInterface(process.stdin).on("line", () => {
    let answer = "locked";
    try {
      database ??= new DatabaseSync(process.argv[1]);
      database.exec("BEGIN EXCLUSIVE");
    } catch (error) {
      answer = error.errcode === ${busy} ? "busy" : error.message;
    }
    process.stdout.write(answer + "\\n");
  });`;

/**
 * Opens the database in a child process that can load SQLite. The system closes the child's standard input when this
 * process ends, however it ends, so the lock is released as in {@link openDatabase}. Both lock the same file in the same
 * way, so processes of different Node.js versions exclude each other.
 */
export async function openDatabaseInChild(path: string): Promise<LockDatabase> {
  const { spawn } = await import("node:child_process");
  const { createInterface } = await import("node:readline");
  const flags = ["--experimental-sqlite", "--no-warnings", "--input-type=commonjs"];
  const child = spawn(process.execPath, [...flags, "--eval", childProgram, path], {
    stdio: ["pipe", "pipe", "pipe"],
    // Ctrl-C reaches every process of the terminal's group, and the lock is held until this process lets go of it.
    detached: true,
    // What NODE_OPTIONS preloads could print among the answers.
    env: {},
  });
  const ended = once(child, "close");
  // A child that has ended reads nothing more; its end is what is reported.
  child.stdin.on("error", () => undefined);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    tryLock: async () => {
      child.stdin.write("lock\n");
      const answer = await answers.next();
      if (answer.done === true) {
        await ended;
        throw new Error(`The process that locks ${path} ended: ${said.trim()}`);
      }
      if (answer.value !== "locked" && answer.value !== "busy") throw new Error(answer.value);
      return answer.value === "locked";
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
