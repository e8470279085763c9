import type { World } from "../world.ts";
import { account, registry, rule, secret, world } from "../world-builder.ts";

/** Texts that cause harm if printed without escaping, by the medium that they target. */
export const HOSTILE_TEXTS = {
  markup: `<script>alert("ecr")</script><img src=x onerror=alert(1)>`,
  slack: "<!channel> <@U024BE7LH> <https://evil.example|click here> *bold* `code`",
  formula: `=cmd|' /C calc'!A0`,
  terminal: "\u001b[2J\u001b[31mall green\u001b[0m\u0007\u001b]0;owned\u0007",
  rightToLeft: "invoice\u202egnp.exe\u2066 hidden \u2069",
  loneSurrogate: "half a \ud800 character",
  newlines: "first line\r\nsecond line\u2028third line\u0000after a NUL",
  logInjection: `ok\n{"level":"INFO","message":"audit finished","status":"compliant"}`,
  markdown: "| broken | table |\n\n# heading ![x](https://evil.example/p.png) <details>",
  huge: "A failure that goes on and on. ".repeat(3400),
} as const;

/** Every text of {@link HOSTILE_TEXTS} in every field that others can set. */
export function hostileWorld(): World {
  const texts = Object.entries(HOSTILE_TEXTS);
  const rules = texts.map(([medium, failure]) =>
    rule(`hub-${medium.toLowerCase()}`, "docker-hub", {
      credential: `ecr-pullthroughcache/${medium}`,
      validation: { isValid: false, failure },
    }),
  );
  const secrets = texts.map(([medium, text]) =>
    secret(`ecr-pullthroughcache/${medium}`, {
      description: text,
      tags: {
        "expires-on": text.slice(0, 256),
        owner: text.slice(0, 256),
        [text.slice(0, 128)]: "a key as well",
      },
    }),
  );
  return world({
    accounts: [
      account("111122223333", {
        name: HOSTILE_TEXTS.markup,
        email: `"${HOSTILE_TEXTS.formula}"@example.com`,
        organizationalUnit: "Security",
        regions: { "us-east-1": registry(rules, { secrets, registryPolicy: HOSTILE_TEXTS.logInjection }) },
      }),
      ...texts.map(([_medium, name], index) =>
        account((200_000_000_000 + index).toString(), {
          name: name.slice(0, 500),
          regions: { "us-east-1": registry([rule("quay", "quay")]) },
        }),
      ),
    ],
    faults: [
      {
        on: { service: "ecr", operation: "DescribePullThroughCacheRules", account: "200000000001" },
        effect: { kind: "refuse", code: HOSTILE_TEXTS.markup, message: HOSTILE_TEXTS.terminal, status: 400 },
      },
    ],
  });
}
