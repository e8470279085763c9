import * as z from "zod";

/** What a child tells of a piece of work. */
export const measuredSchema = z.object({
  seconds: z.number(),
  cpuSeconds: z.number(),
  /** The most memory that the process ever held (`maxRSS`), in MiB. */
  peakMiB: z.number(),
  /** When the last registry of an account that nobody throttles was done, in seconds. */
  othersSeconds: z.number(),
  /** Registries of which everything was read. */
  complete: z.int(),
});

/** See {@link measuredSchema}. */
export type Measured = z.infer<typeof measuredSchema>;

/** What is known of the registries while work is done. */
export type Watch = {
  /** Notes that a registry is done, and whether everything was read of it. */
  readonly done: (account: string, isComplete: boolean) => void;
};

/** Measures a piece of work, and prints what it took. */
export async function measure(
  isThrottled: (account: string) => boolean,
  work: (watch: Watch) => Promise<void>,
): Promise<void> {
  let othersSeconds = 0;
  let complete = 0;
  const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
  const since = () => (performance.now() - startedAt) / 1_000;
  await work({
    done: (account, isComplete) => {
      if (isComplete) complete += 1;
      if (!isThrottled(account)) othersSeconds = since();
    },
  });
  const cpu = process.cpuUsage(cpuBefore);
  const measured: Measured = {
    seconds: since(),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1_024,
    othersSeconds,
    complete,
  };
  process.stdout.write(JSON.stringify(measured));
}
