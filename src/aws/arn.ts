/** The region that an ARN names, as a client takes it; nothing for a plain name, which is looked up where we are. */
export function regionIn(nameOrArn: string): { readonly region?: string } {
  const region = nameOrArn.split(":")[3];
  return region === undefined || region === "" ? {} : { region };
}
