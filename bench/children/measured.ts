import * as z from "zod";

/** A child's measurements. */
export const measuredSchema = z.object({
  seconds: z.number(),
  cpuSeconds: z.number(),
  /** The peak memory of the process (`maxRSS`), in MiB. */
  peakMiB: z.number(),
  /** When the last registry of an unthrottled account was done, in seconds. */
  othersSeconds: z.number(),
  /** Registries that were read in full. */
  complete: z.int(),
});

/** See {@link measuredSchema}. */
export type Measured = z.infer<typeof measuredSchema>;

/** Collects which registries are done. */
export type Watch = {
  /** Records that a registry is done, and whether it was read in full. */
  readonly done: (account: string, isComplete: boolean) => void;
};

/** Runs some work and prints its measurements. */
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
