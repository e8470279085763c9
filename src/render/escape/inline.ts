export { inlineText, neutralLines } from "../../model/inline-text.ts";
