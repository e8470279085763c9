export { inlineText, neutralLines } from "../../core/inline-text.ts";
