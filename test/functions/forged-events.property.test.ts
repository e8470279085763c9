import fc from "fast-check";
import { expect, it } from "vitest";
import { failedCallIn, InvalidEventError, parseInvocation } from "../../functions/shared/invocation.ts";
import { changingCallNames, changingCalls } from "../../src/audit/changes/call-record.ts";
import { observedChangeSchema } from "../../src/schemas/change.ts";
import { hostileTexts } from "../render/hostile-texts.ts";
import { callEvent } from "./events.ts";

const anything = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(hostileTexts)));
const members = Object.keys(callEvent("PutRegistryPolicy", {}).detail);

/** An event of any changing call, of which any parts are replaced by anything. */
const forged = fc
  .record({
    name: fc.constantFrom(...changingCallNames),
    thing: anything,
    detail: fc.dictionary(fc.constantFrom(...members), anything, { maxKeys: 4 }),
    envelope: fc.dictionary(fc.constantFrom("account", "region", "source", "id"), anything, { maxKeys: 1 }),
  })
  .map(({ name, thing, detail, envelope }) => {
    const { eventSource, nameIn } = changingCalls[name];
    const [service = ""] = eventSource.split(".");
    const event = callEvent(name, nameIn === null ? thing : { [nameIn]: thing }, service);
    return { ...event, ...envelope, detail: { ...event.detail, ...detail } };
  });

it("an event with anything in it asks for an audit of one account and region, or is refused and named", () => {
  fc.assert(
    fc.property(forged, (event) => {
      expect(failedCallIn(event)).toBeNull();
      try {
        const {
          request,
          changes: [change],
        } = parseInvocation(event);
        expect(request.trigger).toBe("event");
        expect([request.accounts, request.regions].map((names) => names?.length)).toEqual([1, 1]);
        expect(observedChangeSchema.parse(change)).toEqual(change);
        for (const text of Object.values(change?.by ?? {}))
          expect(text === null || text.length <= 300).toBe(true);
      } catch (error) {
        // Without a source, it is taken for a request, whose keys are all unknown.
        if (!(error instanceof InvalidEventError)) throw error;
        expect(error.message).toMatch(/^The event is not valid:\n {2}\$/);
      }
    }),
  );
});
