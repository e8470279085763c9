import { DescribePullThroughCacheRulesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { expect, test } from "vitest";
import { callerCredentials, callingAs } from "../../src/aws/caller.ts";
import { forManyCalls } from "../../src/aws/many-calls.ts";

/** A client that records with which key each request is signed, and for which region. */
function recordingClient(region: string) {
  const scopes: string[] = [];
  const client = new ECRClient({
    region,
    credentials: callerCredentials,
    requestHandler: {
      handle: async ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => {
        const [, key = "", scope = ""] =
          /Credential=([^,/]+)\/\d{8}\/([^,]+)/.exec(headers["authorization"] ?? "") ?? [];
        scopes.push(`${key} ${scope} ${headers["x-amz-security-token"]}`);
        return { response: { statusCode: 200, headers: {}, body: Buffer.from("{}") } };
      },
    },
  });
  return { client, scopes };
}

const callerOf = (account: string) => ({
  credentials: async () => ({
    accessKeyId: `key-${account}`,
    secretAccessKey: "secret",
    sessionToken: `token-${account}`,
  }),
  lane: null,
});

test("each call is signed as its caller, and for its client's region", async () => {
  const clients = ["eu-central-1", "us-east-1"].map(recordingClient);
  for (const { client } of clients) forManyCalls(client);
  for (const account of ["a", "b", "a"]) {
    for (const { client } of clients) {
      await callingAs(callerOf(account), () => client.send(new DescribePullThroughCacheRulesCommand({})));
    }
  }
  expect(clients.map(({ scopes }) => scopes)).toEqual(
    ["eu-central-1", "us-east-1"].map((region) =>
      ["a", "b", "a"].map((account) => `key-${account} ${region}/ecr/aws4_request token-${account}`),
    ),
  );
});

test("a client builds one signer", async () => {
  const { client } = recordingClient("eu-central-1");
  const signers = async () => [await client.config.signer(), await client.config.signer()];
  const [one, other] = await signers();
  expect(one).not.toBe(other);
  forManyCalls(client);
  const [first, second] = await signers();
  expect(first).toBe(second);
});
