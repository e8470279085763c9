import { templateWith } from "./template-parts.ts";

/** Packages the template that most files look at, so that each of them finds it. */
export async function setup(): Promise<void> {
  await templateWith();
}
