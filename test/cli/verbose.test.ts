import { expect, it } from "vitest";
import { MEMBER, smallWorld } from "../e2e/support/organization.ts";
import { setUpWorkspace } from "./support/workspace.ts";

const externalId = "an-external-id-that-nobody-may-read";

it("--verbose shows each attempt of each call, its answer and the role, and no secret", async () => {
  await using workspace = await setUpWorkspace(
    smallWorld({
      faults: [
        {
          on: { operation: "DescribePullThroughCacheRules", account: MEMBER },
          effect: { kind: "throttle" },
          times: 1,
        },
      ],
    }),
  );
  const words = ["--verbose", "--external-id", externalId, "--format", "json"];
  const { errors, output } = await workspace.audit(words);
  const lines = errors.split("\n").filter((line) => / at .*, \d+ ms/.test(line));
  expect(lines).toHaveLength(workspace.simulator.calls.length);
  const ofMember = lines.filter((line) => line.includes(`arn:aws:iam::${MEMBER}:role/pull-through-auditor`));
  expect(ofMember).toContainEqual(expect.stringMatching(/^AssumeRole at .*, attempt 1( of \d+)?: 200, /));
  expect(ofMember).toContainEqual(
    expect.stringMatching(/^DescribePullThroughCacheRules .*: 400 ThrottlingException, \d+ ms/),
  );
  expect(ofMember).toContainEqual(
    expect.stringMatching(/^DescribePullThroughCacheRules .*, attempt 2( of \d+)?: 200, /),
  );
  const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret } = workspace.simulator.env;
  for (const hidden of [externalId, key, secret, "SessionToken", "Signature"]) {
    expect(errors).not.toContain(hidden);
  }
  expect(JSON.parse(output)).toHaveProperty("schemaVersion", 1);
});

it("without --verbose no call is shown", async () => {
  await using workspace = await setUpWorkspace(smallWorld());
  expect((await workspace.audit()).errors).toBe("");
});

it("--verbose shows the calls of a store in S3", async () => {
  await using workspace = await setUpWorkspace(smallWorld());
  const { errors } = await workspace.audit(["-v", "--store", "s3://audits/nightly"]);
  expect(errors).toMatch(/^GET \/.*state\.json at .*: 404 NoSuchBucket, /m);
});

it("--region is the region that AWS is called from", async () => {
  await using workspace = await setUpWorkspace(smallWorld());
  const { errors } = await workspace.audit(["--region", "eu-central-1", "--verbose"], { AWS_REGION: "" });
  expect(errors).toContain("GetCallerIdentity");
  const identification = workspace.simulator.calls.find(({ operation }) => operation === "GetCallerIdentity");
  expect(identification).toMatchObject({ region: "eu-central-1" });
});

it("--profile takes precedence over the keys of the environment", async () => {
  await using workspace = await setUpWorkspace(smallWorld());
  const { code, errors } = await workspace.audit(["--profile", "nobody"]);
  expect(code).toBe(69);
  expect(errors).toContain("The profile nobody does not exist: correct --profile or AWS_PROFILE.");
});
