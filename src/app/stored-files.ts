import type { RunOptions } from "../audit/options.ts";
import { StoreError } from "../audit/ports.ts";
import { messageOf } from "../core/errors.ts";

/**
 * Renders the files that are stored next to a report: the HTML page.
 *
 * @throws StoreError if rendering fails; as an error of the store it does not keep alerts from being delivered
 */
export const renderFiles: RunOptions["renderFiles"] = async (report, history) => {
  try {
    // Loaded late: most of an audit's time passes before there is anything to render.
    const { renderHtml } = await import("../formats/html/html.ts");
    const text = renderHtml(report, history);
    return [{ name: "report.html", contentType: "text/html; charset=utf-8", text }];
  } catch (error) {
    const advice = "This is a defect of pull-through-auditor: report it with this message.";
    throw new StoreError(`report.html could not be rendered: ${messageOf(error)}. ${advice}`, {
      cause: error,
    });
  }
};
