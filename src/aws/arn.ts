/** The region of an ARN as a client option; empty for a plain name, which is resolved in the current region. */
export function regionIn(nameOrArn: string): { readonly region?: string } {
  const region = nameOrArn.split(":")[3];
  return region === undefined || region === "" ? {} : { region };
}
