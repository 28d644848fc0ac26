"""Archived pages and styles made fit to be shown, whatever is in them."""

from __future__ import annotations

import re
import time

import pytest
from lxml import etree
from lxml import html as lxml_html

from extractors import media
from extractors.html import Refusal
from extractors.replay import MAX_CHARS, Replayed, Targets, replayed, replayed_style

URI = "https://www.amt.example.org/a/seite"
TARGETS = Targets(page=lambda uri: f"/P/{uri}", part=lambda uri: f"/A/{uri}")
# Tags, and names of attributes, as a browser's tokenizer finds them in any state.
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)|<[!?]")
SECONDS = 5.0


def made(markup: str) -> str:
    done = replayed(markup, URI, TARGETS)
    assert isinstance(done, Replayed), done
    return done.html


def body(markup: str) -> str:
    return made(f"<!DOCTYPE html><html><body>{markup}</body></html>").split("<body>")[1].split("</body>")[0]


HOSTILE = [
    "<script>x</script>",
    "<script src=//evil></script >",
    "<svg onload=x()>",
    "<svg><script>x</script></svg>",
    "<svg><style><img src=x onerror=x()></style></svg>",
    "<svg><animate attributeName=href values=javascript:x /><a id=x><text>t</text></a></svg>",
    '<svg><a xlink:href="javascript:x()"><text>t</text></a></svg>',
    '<svg><use href="data:image/svg+xml,<svg onload=x()>#a"/></svg>',
    "<svg><foreignObject><iframe onload=x()></iframe></foreignObject></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=x()&gt;">',
    "<math href=javascript:x()>m</math>",
    "<style></style><script>x()</script>",
    '<style>a{content:"</style><script>x()</script>"}</style>',
    '<style>a{content:"<!--"}</style><p title="--><script>x()</script>">',
    '<noscript><p title="</noscript><img src=x onerror=x()>"></noscript>',
    '<title><p title="</title><img src=x onerror=x()>"></title>',
    '<textarea><p title="</textarea><img src=x onerror=x()>"></textarea>',
    '<xmp><p title="</xmp><img src=x onerror=x()>"></xmp>',
    "<plaintext><script>x()</script>",
    "<noembed><img src=x onerror=x()></noembed>",
    "<template><script>x()</script></template>",
    "<iframe src=javascript:x()></iframe><iframe srcdoc='<script>x()</script>'></iframe>",
    "<frameset><frame src=javascript:x()></frameset>",
    "<object data=javascript:x()></object><embed src=javascript:x()><applet code=x></applet>",
    "<base href=//evil/><meta http-equiv=refresh content='0;url=javascript:x()'>",
    "<meta http-equiv=Content-Security-Policy content='script-src *'>",
    "<link rel=import href=//evil><link rel=preload href=//evil as=script><link rel=prefetch href=//evil>",
    "<link rel=stylesheet href=javascript:x()><link rel='dns-prefetch preconnect' href=//evil>",
    "<form action=javascript:x()><button formaction=javascript:x()>b</button><input type=image src=javascript:x()></form>",
    "<a href=' java\tscript:x()'>a</a><a href='JaVaScRiPt:x()'>a</a><a href='&#106;avascript:x()'>a</a>",
    "<a href='data:text/html,<script>x()</script>'>a</a><a href='vbscript:x()'>a</a><a href='blob:x'>a</a>",
    "<a href=x ping=//evil onclick=x() onfocus=x() autofocus>a</a>",
    "<img src=javascript:x()><img src='data:text/html,x'><img src='data:image/svg+xml;base64,AAAA'>",
    "<img srcset='javascript:x() 1x, data:text/html,x 2x, //evil/a.png 3x'>",
    '<img/src=x/onerror=x()//><img src=x\x00onerror=x()><img "onerror=x()">',
    "<video src=//evil><source src=//evil><track src=//evil></video><audio src=//evil></audio>",
    "<body background=javascript:x()><table background=javascript:x()><td background=//evil/x>",
    "<p style='background:url(javascript:x())'>p</p><p style='behavior:url(//evil)'>p</p>",
    "<p style=\"background:url('data:text/html,x')\">p</p><p style='x:expression(x())'>p</p>",
    "<isindex action=javascript:x()><keygen autofocus onfocus=x()>",
    "<details open ontoggle=x()>d</details><marquee onstart=x()>m</marquee>",
    "<div popovertarget=x onbeforetoggle=x()>d</div><x-y onclick=x() is=script>",
    "<!--><script>x()</script>--><!-- --!><script>x()</script> -->",
    "<![CDATA[<script>x()</script>]]><?php <script>x()</script> ?>",
    "</p/onclick=x()><a/href=javascript:x()//>",
    '<svg></p><style><a id="</style><img src=1 onerror=x()>">',
    "<select><style></select><img src=x onerror=x()></style>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=x()>",
]


@pytest.mark.parametrize("markup", HOSTILE)
@pytest.mark.parametrize("round_it", ["{}", "<html><body>{}", "<svg>{}</svg>", "<table>{}</table>", "<title>{}"])
def test_nothing_that_acts_is_left(markup: str, round_it: str) -> None:
    out = made(round_it.format(markup))
    for close, name in _TAG.findall(out.removeprefix("<!DOCTYPE html>")):
        assert name, out
        assert name in {
            "html", "head", "body", "title", "style", "meta", "link", "a", "p", "img", "svg", "text", "use", "table", "tr", "td",
            "tbody", "div", "video", "form", "input", "button", "details", "summary", "textarea", "select", "source", "tspan",
        }, (close, name)  # fmt: skip
    again = lxml_html.document_fromstring(out or "<p>")
    for element in again.iter(etree.Element):
        for name, value in element.attrib.items():
            assert not name.startswith("on"), out
            assert name not in {"srcdoc", "action", "formaction", "ping", "http-equiv", "autofocus", "is"}, out
            squeezed = re.sub(r"[\s\x00-\x20]", "", value).lower()
            assert not squeezed.startswith(("javascript:", "vbscript:", "data:text", "blob:")), out
            if name in ("href", "src", "srcset", "poster", "background"):
                assert value == "" or value.startswith(("/P/http", "/A/http", "data:image/", "data:,")), out
    for css in [*again.xpath("//style/text()"), *again.xpath("//@style")]:
        for target in re.findall(r"url\(([^)]*)\)", css):
            assert target.startswith(('"/A/http', '"data:')), out


def test_what_a_page_shows_stays() -> None:
    out = body(
        '<h1 class="gross" id="oben" onclick="x()">Amt &amp; <b>mehr</b></h1><a href="liste?seite=2#b">Liste</a>'
        '<a href="#oben">hoch</a><a href="mailto:a@b.example">Mail</a><table><tr><td colspan=2 style="color:red">1 &lt; 2'
        '</table><picture><source srcset="a.webp 1x, b.webp 2x"><img src="/c.png" alt="Ein &quot;Haus&quot;"></picture>'
    )
    assert out == (
        '<h1 class="gross" id="oben">Amt &amp; <b>mehr</b></h1>'
        '<a href="/P/https://www.amt.example.org/a/liste?seite=2" target="_top">Liste</a><a href="#oben">hoch</a>'
        '<a href="mailto:a@b.example" target="_top">Mail</a>'
        '<table><tr><td colspan="2" style="color:red">1 &lt; 2</td></tr></table>'
        '<picture><source srcset="/A/https://www.amt.example.org/a/a.webp 1x, /A/https://www.amt.example.org/a/b.webp 2x">'
        '<img src="/A/https://www.amt.example.org/c.png" alt="Ein &quot;Haus&quot;"></picture>'
    )


def test_relative_addresses_follow_the_base() -> None:
    done = replayed('<base href="/b/"><img src="c.png"><a href="d">d</a>', URI, TARGETS)
    assert isinstance(done, Replayed)
    assert done.parts == ("https://www.amt.example.org/b/c.png",)
    assert 'href="/P/https://www.amt.example.org/b/d"' in done.html
    assert "<base" not in done.html


def test_a_page_without_doctype_stays_without_one() -> None:
    """Browsers lay such pages out as in the nineties."""
    assert made("<html><p>x</p></html>").startswith("<html>")
    assert made("<!doctype html><p>x</p>").startswith("<!DOCTYPE html><html>")


def test_what_stands_without_scripts_is_shown() -> None:
    assert "<p>ohne</p>" in made("<p>a</p><noscript><p>ohne</p></noscript>")


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ('@import "a.css" screen;', '@import url("/A/https://www.amt.example.org/a/a.css") screen;'),
        ("@import url(a.css);", '@import url("/A/https://www.amt.example.org/a/a.css");'),
        ('@\\69mport "a.css";', '@\\69mport url("/A/https://www.amt.example.org/a/a.css");'),
        ("a{b:u\\72l( 'c.png' )}", 'a{b:url("/A/https://www.amt.example.org/a/c.png")}'),
        ("a{b:URL(c\\.png)}", 'a{b:url("/A/https://www.amt.example.org/a/c.png")}'),
        ("a{b:url(//evil.example/x)}", 'a{b:url("/A/https://evil.example/x")}'),
        ("a{b:url(javascript:x)}", 'a{b:url("data:,")}'),
        ("a{b:url(#g)}", 'a{b:url("#g")}'),
        ("a{b:url(x.svg#g)}", 'a{b:url("/A/https://www.amt.example.org/a/x.svg#g")}'),
        ("a{b:url(data:image/png;base64,AA==)}", 'a{b:url("data:image/png;base64,AA==")}'),
        ("a{b:url(data:text/html,x)}", 'a{b:url("data:,")}'),
        (
            'a{b:image-set("x.png" 1x)}',
            'a{b:image-set(url("/A/https://www.amt.example.org/a/x.png") 1x)}',
        ),
        ('a{content:"url(x)"}', 'a{content:"url(x)"}'),
        ("a{c:red/* url(x) */}", "a{c:red }"),
        ('a{c:"</style><b>"}', 'a{c:"\\3c /style>\\3c b>"}'),
        ("@media (width<600px){a{c:red}}", "@media (width<600px){a{c:red}}"),
        ("a{b:url('x", 'a{b:url("/A/https://www.amt.example.org/a/x")'),
        ("a{b:calc(1px + 2px)}", "a{b:calc(1px + 2px)}"),
        ("@charset 'x';a{c:red}", "@charset 'x';a{c:red}"),
    ],
)
def test_styles_are_written_anew(css: str, expected: str) -> None:
    assert replayed_style(css, URI, TARGETS) == expected


def filled(unit: str, before: str = "", after: str = "") -> str:
    """As much of something as a page may hold."""
    return before + unit * ((MAX_CHARS - len(before) - len(after)) // len(unit)) + after


HUGE = {
    "links": filled("<a href=x>"),
    "elements": filled("<p>x"),
    "different links": "".join(f"<a href=/{number}>x</a>" for number in range(95_000)),
    "deep": filled("<div>"),
    "brackets": filled("<"),
    "urls": filled("url(", "<style>"),
    "strings": filled('"', "<style>url("),
    "escapes": filled("\\", "<style>"),
    "comments": filled("/*", "<style>"),
    "spaces": filled(" ", "<style>url(", ")"),
    "candidates": filled("a, ", "<img srcset='", "'>"),
    "attributes": filled("a=b ", "<p ", ">"),
    "style attribute": filled("a:url(b);", "<p style='", "'>"),
    "style attributes": filled("<p style='a:url(b)'>"),
    "imports": filled("@import ", "<style>"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_huge_input_takes_bounded_time(name: str) -> None:
    """Processor time: how long it takes says how busy the machine is."""
    started = time.thread_time()
    replayed(HUGE[name], URI, TARGETS)
    assert time.thread_time() - started < SECONDS


def test_what_is_too_large_is_refused() -> None:
    assert isinstance(replayed("x" * (MAX_CHARS + 1), URI, TARGETS), Refusal)
    assert isinstance(replayed("<br>" * 60_000, URI, TARGETS), Refusal)


@pytest.mark.parametrize(
    ("content_type", "start", "uri", "kind"),
    [
        ("text/css; charset=x", b"a{}", "/a", "text/css"),
        ("Image/PNG", b"", "/a", "image/png"),
        ("application/octet-stream", b"\x89PNG\r\n\x1a\n", "/a", "image/png"),
        ("", b"RIFFxxxxWEBP", "/a", "image/webp"),
        ("text/plain", b"a{}", "https://x.example/a.css?b", "text/css"),
        ("text/plain", b"a{}", "https://x.example/a.txt", ""),
        ("text/html", b"\x89PNG\r\n\x1a\n", "/a.png", ""),
        ("text/javascript", b"", "/a.css", ""),
        ("application/font-woff", b"", "/a", "application/font-woff"),
        ("image/png\r\nX: y", b"", "/a", ""),
        ("image/png x", b"", "/a", ""),
    ],
)
def test_only_passive_types_are_given_to_a_page(content_type: str, start: bytes, uri: str, kind: str) -> None:
    assert media.passive(content_type, start, uri) == kind


def test_names_of_saved_files_end_as_their_type_says() -> None:
    assert media.ending("text/html; charset=x", "https://x.example/a.exe") == "html"
    assert media.ending("application/octet-stream", "https://x.example/a.docx") == "docx"
    assert media.ending("application/x-msdownload", "https://x.example/a.exe") == "bin"
