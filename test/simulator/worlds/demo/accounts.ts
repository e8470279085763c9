/** The accounts of Example Corp, by name. */
export const DEMO_ACCOUNTS = {
  management: "210987654321",
  securityTooling: "111122223333",
  platform: "222233334444",
  paymentsProd: "444455556666",
  paymentsDev: "555566667777",
  dataLakeProd: "666677778888",
  dataScienceDev: "777788889999",
  webProd: "888899990000",
  logisticsProd: "999900001111",
  sandbox: "121212121212",
  legacyBilling: "131313131313",
  acquiredGlobex: "141414141414",
} as const;
