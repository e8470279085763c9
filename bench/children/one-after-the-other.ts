import { auditByHand } from "./by-hand.ts";

await auditByHand(async (items, work) => {
  for (const item of items) await work(item);
});
