/** The kinds that a check of the catalogue has words for. */
export async function kindsOf(id: string): Promise<readonly string[]> {
  const words = await exportsOf(id, "text");
  return words.flatMap((value) => ("kinds" in value ? Object.keys(value.kinds ?? {}) : []));
}

/** The kinds that a check of the catalogue has a remediation for. */
export async function remediationKindsOf(id: string): Promise<readonly string[]> {
  return (await exportsOf(id, "remediation")).flatMap((table) => Object.keys(table));
}

/** The kinds of a check that calls remediate, and not people. */
export async function remediableKindsOf(id: string): Promise<readonly string[]> {
  const tables = await exportsOf(id, "remediation");
  return tables.flatMap((table) =>
    Object.entries(table)
      .filter(([, action]) => action !== "instruct" && action !== "never-fails")
      .map(([kind]) => kind),
  );
}

async function exportsOf(id: string, part: "text" | "remediation"): Promise<readonly object[]> {
  const module: Record<string, unknown> = await import(`../../src/checks/${id}/${part}.ts`);
  return Object.values(module).filter((value) => typeof value === "object" && value !== null);
}
