import { auditByHand } from "./by-hand.ts";

await auditByHand(async (items, work) => {
  await Promise.all(items.map(work));
});
