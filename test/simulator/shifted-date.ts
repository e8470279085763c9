import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { ServerResponse } from "node:http";

/**
 * Moves `Date` by some milliseconds, in this process: `Date.now()`, `new Date()`, `Date()`, and what `Intl` formats when
 * it is given no date, and the date that this process's HTTP servers answer with: the AWS SDK takes a server whose clock
 * differs from its own for a reason to try again. Timers and `performance.now()` stay as they are, and so does the clock's pace. Disposing of the
 * answer puts back what was there before.
 */
export function shiftDate(milliseconds: number): Disposable {
  const before = globalThis.Date;
  const nowBefore = before.now;
  const now = (): number => nowBefore() + milliseconds;
  before.now = now;
  globalThis.Date = new Proxy(before, {
    construct: (target, words: readonly unknown[], newTarget) =>
      Reflect.construct(target, words.length === 0 ? [now()] : words, newTarget),
    apply: () => new before(now()).toString(),
  });
  before.prototype.constructor = globalThis.Date;
  const formats = shiftFormats(now);
  subscribe("http.server.request.start", setDateHeader);
  return {
    [Symbol.dispose]: () => {
      unsubscribe("http.server.request.start", setDateHeader);
      formats[Symbol.dispose]();
      before.prototype.constructor = before;
      globalThis.Date = before;
      before.now = nowBefore;
    },
  };
}

/** Sets the `Date` header of a response from the shifted `Date`: Node.js would use the system clock. */
function setDateHeader(message: unknown): void {
  if (typeof message !== "object" || message === null || !("response" in message)) return;
  if (message.response instanceof ServerResponse)
    message.response.setHeader("date", new Date().toUTCString());
}

/** Sets the clock of this process to a time, from which it continues. */
export function startClockAt(moment: string): Disposable {
  return shiftDate(Date.parse(moment) - Date.now());
}

/** Lets the formats of `Intl` take `now` where no date is given. */
function shiftFormats(now: () => number): Disposable {
  const { prototype } = Intl.DateTimeFormat;
  const partsBefore = prototype.formatToParts;
  const formatBefore = Object.getOwnPropertyDescriptor(prototype, "format");
  if (formatBefore === undefined) throw new Error("Intl.DateTimeFormat has no format");
  prototype.formatToParts = function (date) {
    return partsBefore.call(this, date ?? now());
  };
  Object.defineProperty(prototype, "format", {
    ...formatBefore,
    get(this: Intl.DateTimeFormat) {
      const format: Intl.DateTimeFormat["format"] = formatBefore.get?.call(this);
      return (date?: Date | number) => format(date ?? now());
    },
  });
  return {
    [Symbol.dispose]: () => {
      prototype.formatToParts = partsBefore;
      Object.defineProperty(prototype, "format", formatBefore);
    },
  };
}
