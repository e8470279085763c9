import { type ComponentChild, h } from "preact";
import type { Coverage } from "../../model/report.ts";

const WIDTH = 200;
const HEIGHT = 8;

/** The shares of what was seen, seen in part and not seen, as a bar; the words beside it say the same. */
export function coverageBar({ planned, audited, partial, unreachable }: Coverage): ComponentChild {
  if (planned === 0) return null;
  const shares = [
    ["seen", audited],
    ["partial", partial],
    ["unreachable", unreachable],
  ] as const;
  const widthOf = (count: number) => Math.round((count / planned) * WIDTH * 100) / 100;
  const bars = shares.map(([name, count], index) => {
    const before = shares.slice(0, index).reduce((sum, [, other]) => sum + other, 0);
    return h("rect", { class: name, x: widthOf(before), y: 0, width: widthOf(count), height: HEIGHT });
  });
  const frame = {
    class: "bar",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    "aria-hidden": true,
  };
  return h("svg", frame, bars);
}
