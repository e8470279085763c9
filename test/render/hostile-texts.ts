/** Texts that somebody outside could put where the audit collects, each named by what it tries. */
export const hostileTexts = {
  "a script": "<script>alert(1)</script>",
  "an attribute": `" onmouseover="alert(1)" x='`,
  "a link that runs": "javascript:alert(1)",
  "a mention of a channel": "<!channel> @here please click",
  "a link in markdown": "[free](https://evil.example/a) <https://evil.example|ok>",
  markdown: "*bold* _italic_ ~struck~ `code` ```block```",
  "a CSV formula": '=HYPERLINK("https://evil.example","ok")',
  "a CSV formula behind a tab": "\t+1+cmd|' /C calc'!A0",
  "a CSV formula by its at sign": "@SUM(1+1)*cmd|' /C calc'!A0",
  "a CSV formula in wide characters": "\uff1dHYPERLINK(1)",
  "a terminal's clear screen": "before\u001b[2J\u001b[1;31mFORGED\u001b[0m",
  "a terminal's title by C1": "before\u009d0;FORGED\u009c",
  "a line of its own": "before\r\nCompliant: FORGED\nafter\u2028more\u0085end",
  "a text turned around": "user\u202etxt.exe\u2066\u200f",
  "a hidden text": "pay\u200bload\u2060\ufeff\u00ad\u{e0041}",
  "half a character": "broken \ud83d and \ude00 end",
  "a quarter of a megabyte": "\u00e9\u{1f600}".repeat(50_000),
  "quotes and backslashes": '"\\'.repeat(20_000),
  "a NUL": "a\u0000b\u0007",
} as const satisfies Record<string, string>;

/** The same as rows for `test.each`. */
export const hostileRows = Object.entries(hostileTexts);

/** Everything but printable characters and line breaks. */
export const unprintable = /[^\n\P{C}]|\p{Default_Ignorable_Code_Point}|[\u2028\u2029]/u;
