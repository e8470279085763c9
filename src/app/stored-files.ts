import type { RunOptions } from "../audit/options.ts";
import { StoreError } from "../audit/ports.ts";
import { messageOf } from "../core/errors.ts";

/** What is kept beside a report: the page. @throws StoreError when it can not be made, which must cost no alert */
export const renderFiles: RunOptions["renderFiles"] = async (report, history) => {
  try {
    // Most of an audit's time goes by before there is anything to render.
    const { renderHtml } = await import("../formats/html/html.ts");
    const text = renderHtml(report, history);
    return [{ name: "report.html", contentType: "text/html; charset=utf-8", text }];
  } catch (error) {
    const advice = "This is a defect of pull-through-auditor: report it with this message.";
    throw new StoreError(`report.html could not be made: ${messageOf(error)}. ${advice}`, { cause: error });
  }
};
