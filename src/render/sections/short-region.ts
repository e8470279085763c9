const directions = ["north", "south", "east", "west", "central"] as const;
const direction = new RegExp(`^(?:${directions.join("|")})+$`);
const eachDirection = new RegExp(directions.join("|"), "g");

/** A region's code as short as people write it: `eu-west-1` as `euw1`, `ap-southeast-2` as `apse2`. */
export function shortRegion(region: string): string {
  const [area, ...parts] = region.split("-");
  if (parts.length < 2) return region;
  return [area, ...parts.map(shortPart)].join("");
}

function shortPart(part: string): string {
  if (direction.test(part)) return part.replace(eachDirection, ([initial]) => initial ?? "");
  return /^\d+$/.test(part) ? part : part.slice(0, 1);
}
