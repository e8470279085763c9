import { ConfigurationError } from "../core/problem.ts";

/** A file is not code: neither a plan nor a template. The message says what it is, if that can be told. */
export class NotCodeError extends ConfigurationError {}
