import * as z from "zod";
import { variable } from "../package/template-parts.ts";
import type { Effective } from "./effective.ts";
import type { Metric } from "./emitted.ts";

const widgetSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  properties: z.object({ title: z.string(), metrics: z.array(z.array(z.unknown())).default([]) }),
});

/** A part of a dashboard, and where it lies. */
type Widget = Readonly<z.infer<typeof widgetSchema>>;

const dashboardSchema = z.object({
  DashboardBody: z.object({ "Fn::Sub": z.tuple([z.string(), z.unknown()]) }),
});

/** The widgets of a template's dashboard, references to resources in it left as they are. */
export function widgetsIn({ resources }: Effective): readonly Widget[] {
  const { DashboardBody } = dashboardSchema.parse(resources.get("Dashboard")?.properties);
  const json = DashboardBody["Fn::Sub"][0]
    .replace(variable("LeastCoverage"), "95")
    .replace(variable("MoreAlarms"), "");
  return z.object({ widgets: z.array(widgetSchema) }).parse(JSON.parse(json)).widgets;
}

/**
 * The metrics of a widget, with what `.` and `...` repeat of the line above (Amazon CloudWatch API reference,
 * "Dashboard body structure and syntax", November 2026).
 */
export function metricsOf({ properties }: Widget): readonly Metric[] {
  let above: readonly string[] = [];
  return properties.metrics.map((line) => {
    above = spelledOut(
      line.filter((part) => typeof part === "string"),
      above,
    );
    const [namespace = "", name = "", ...pairs] = above;
    const dimensions = Object.fromEntries(
      pairs.flatMap((part, index) => (index % 2 === 0 ? [[part, pairs[index + 1]]] : [])),
    );
    return { namespace, name, dimensions };
  });
}

function spelledOut(line: readonly string[], above: readonly string[]): readonly string[] {
  if (line[0] === "...") return [...above.slice(0, above.length - line.length + 1), ...line.slice(1)];
  return line.map((part, index) => (part === "." ? (above[index] ?? "") : part));
}
