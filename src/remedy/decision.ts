/** What the policy decides, or what somebody has to decide first. */
export type Decision<T> =
  | { readonly state: "decided"; readonly value: T }
  | { readonly state: "open"; readonly question: string };

/** The policy leaves it open. `question` is a whole sentence for people. */
export function open(question: string): { readonly state: "open"; readonly question: string } {
  return { state: "open", question };
}

/** It is decided. */
export function decided<T>(value: T): { readonly state: "decided"; readonly value: T } {
  return { state: "decided", value };
}

/** Decides for the only candidate there is: of none or of several, nobody but people can choose. */
export function onlyOne(candidates: Iterable<string>, question: string): Decision<string> {
  const [first, ...others] = [...new Set(candidates)].toSorted();
  if (first === undefined) return open(question);
  if (others.length === 0) return decided(first);
  return open(`${question} There are ${[first, ...others].join(", ")}.`);
}

/** The names among patterns that stand for themselves alone. */
export function plainNames(patterns: readonly string[] = []): readonly string[] {
  return patterns.filter((pattern) => !/[*?]/.test(pattern));
}

/** A decision with what was decided changed. */
export function mapped<T, U>(decision: Decision<T>, change: (value: T) => U): Decision<U> {
  return decision.state === "open" ? decision : decided(change(decision.value));
}
