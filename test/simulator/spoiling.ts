import type { ShapingEffect, Spoiling } from "./faults.ts";
import type { HttpAnswer } from "./wire/http.ts";

/** Applies the world's faults to the answer of a service. */
export function changedOutput(output: unknown, shaping: readonly ShapingEffect[]): unknown {
  return shaping.reduce((answer, effect) => {
    if (effect.kind === "change") return withMember(answer, effect.member.split("."), effect.value);
    return effect.kind === "spoil" && effect.as === "no-members" ? {} : answer;
  }, output);
}

/** What replaces an answer. */
export function spoiledAnswer(answer: HttpAnswer, shaping: readonly ShapingEffect[]): HttpAnswer {
  return shaping.reduce(
    (sent, effect) => (effect.kind === "spoil" ? spoiled(sent, effect.as) : sent),
    answer,
  );
}

/** Whether something between the caller and the service answers instead of the service. */
export function isAnsweredOnTheWay(shaping: readonly ShapingEffect[]): boolean {
  return shaping.some((effect) => effect.kind === "spoil" && effect.as === "html");
}

/** Whether a successful answer is missing or unusable. */
export function isSpoiledBy(shaping: readonly ShapingEffect[]): boolean {
  const endless = ["same-token", "circle", "fresh-tokens"];
  return shaping.some(
    (effect) =>
      effect.kind === "spoil" ||
      effect.kind === "change" ||
      (effect.kind === "page" && endless.includes(effect.shape)),
  );
}

const page = "<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>";

function spoiled(answer: HttpAnswer, as: Spoiling): HttpAnswer {
  const { status, body } = answer;
  switch (as) {
    case "no-members":
      return answer;
    case "empty-body":
      return { status, headers: {}, body: "" };
    case "null":
      return { status, headers: { "content-type": "application/json" }, body: "null" };
    case "no-content":
      return { status: 204, headers: {}, body: "" };
    case "html":
      return { status, headers: { "content-type": "text/html" }, body: page };
    case "truncated":
      return { status, headers: {}, body: body.slice(0, Math.floor(body.length / 2)) };
  }
}

function withMember(output: unknown, [name = "", ...deeper]: readonly string[], value: unknown): unknown {
  if (Array.isArray(output)) return output.map((item) => withMember(item, [name, ...deeper], value));
  if (typeof output !== "object" || output === null) throw new Error(`The answer has no member ${name}.`);
  const { [name]: inner, ...others }: Record<string, unknown> = { ...output };
  if (deeper.length > 0) return { ...others, [name]: withMember(inner, deeper, value) };
  return value === undefined ? others : { ...others, [name]: value };
}
