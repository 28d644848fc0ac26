"""Design §4.12 on whole pages of both page objects: what makes no change, and that nothing else is passed over."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from extractors.model import Answer, Hints, Outcome, Page
from extractors.read import read
from extractors.text import block_fold, text_digest
from tests.extractors.test_berlin_de import NEW, OLD, layout
from tests.extractors.test_generic import TEMPLATES

URI = "https://amt.example.org/seminare/22/"
BODY = """<p>Es fand vom 16. bis 21. Juni 2019 - also im Sommer - in Moskau statt, sagte das "Haus" der Stadt Berlin.</p>
<ul><li>Agentur 17</li><li>Zentrum <a href="/zentrum/butowo/">Butowo</a> nicht</li></ul><h3>Unterlagen des Amtes</h3>
<table><tr><th>Tag</th><th>Ort</th></tr><tr><td>Montag</td><td>Haus 1</td></tr></table>
<p>Fragen an <a href="mailto:amt@example.org">das Amt</a>, Telefon <a href="tel:+4930115">115</a>, oder an
<a href="https://stiftung.example.org/kontakt/">die Stiftung</a> in der Turmstraße 21.</p>
<p>Den Bericht gibt es <a href="/bericht.pdf">hier</a> zum Lesen.</p>"""


def generic(name: str, body: str) -> str:
    banner, foot = "Wegen Umbau bis 3. Mai geschlossen.", "<p>Amt</p>"
    inner = TEMPLATES[name].format(banner=banner, content=f"<h1>22. Seminar</h1>{body}", foot=foot)
    return f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>22. Seminar - Amt</title></head><body>{inner}</body></html>'


PAGES: dict[str, Callable[[str], str]] = {
    "berlin.de old": lambda body: layout(OLD, body=body),
    "berlin.de new": lambda body: layout(NEW, body=body),
} | {f"generic {name}": lambda body, name=name: generic(name, body) for name in TEMPLATES}  # type: ignore[misc]

every_page = pytest.mark.parametrize("name", PAGES)


def page_of(markup: str, encoding: str = "utf-8") -> Page:
    headers = (("Content-Type", f"text/html; charset={encoding}"),)
    body = markup.encode(encoding, "xmlcharrefreplace")
    reading = read(Answer(uri=URI, status=200, headers=headers, body=body), Hints())
    assert reading.outcome is Outcome.OK
    assert reading.page is not None
    return reading.page


def _in_text(change: Callable[[str], str]) -> Callable[[str], str]:
    """Apply a change to the visible text of some markup and not to its tags."""
    return lambda markup: re.sub(r">[^<>]+<", lambda match: ">" + change(match.group()[1:-1]) + "<", markup)


BODY_CHANGES: dict[str, Callable[[str], str]] = {
    "white space": _in_text(lambda text: text.replace(" ", " \n\t ")),
    "soft hyphen": _in_text(lambda text: text.replace("Unterlagen", "Unter\u00adlagen").replace("Agentur", "Agen&shy;tur")),
    "zero-width space": _in_text(lambda text: text.replace("Turmstraße", "Turm\u200bstraße")),
    "zero-width joiner": _in_text(lambda text: text.replace("Moskau", "Mos\u200dkau")),
    "no-break space": _in_text(lambda text: text.replace("Juni 2019", "Juni\u00a02019").replace("21. ", "21.&nbsp;")),
    "quotes": _in_text(lambda text: text.replace('"Haus"', "„Haus“")),
    "dashes": _in_text(lambda text: text.replace(" - ", " – ")),
    "composition of letters": _in_text(lambda text: text.replace("für", "fu\u0308r")),
    "markup": lambda body: body.replace("Moskau", "<strong>Mos<i>k</i>au</strong>").replace("<p>Es", '<div class="x"><p>Es').replace("Berlin.</p>", "Berlin.</p></div>"),
    "attribute order": lambda body: body.replace('<a href="/zentrum/butowo/">', '<a class="b" href="/zentrum/butowo/" id="a">'),
    "tokens in addresses": lambda body: body.replace("/zentrum/butowo/", "/zentrum/butowo/;jsessionid=4F5A?utm_source=x"),
    "spelling of an address": lambda body: body.replace("https://stiftung.example.org/kontakt/", "http://www.stiftung.example.org/kontakt#top"),
    "navigation": lambda body: body.replace("<ul><li>Agentur", '<nav><a href="/x/">Neues im Menü</a></nav><ul><li>Agentur'),
    "time stamp": lambda body: body + "<p>Stand der Seite: 22.11.2026, 14:03:22 Uhr</p>",
    "token": lambda body: body + "<script>var token = 'ab12'</script><!-- cache 17 --><p hidden>ab12</p>",
    "form": lambda body: body + '<form><input type="hidden" name="csrf" value="1"><input name="q"></form>',
}  # fmt: skip


@pytest.mark.parametrize("change", BODY_CHANGES)
@every_page
def test_what_is_ignored_makes_no_other_digest(name: str, change: str) -> None:
    before, after = PAGES[name](BODY), PAGES[name](BODY_CHANGES[change](BODY))
    assert after != before or change == "composition of letters"
    assert text_digest(page_of(after)) == text_digest(page_of(before))


@every_page
def test_the_encoding_makes_no_other_digest(name: str) -> None:
    markup = PAGES[name](BODY)
    latin = re.sub(r'charset="?utf-8"?', 'charset="iso-8859-1"', markup, flags=re.IGNORECASE)
    assert text_digest(page_of(latin, "iso-8859-1")) == text_digest(page_of(markup))


@every_page
def test_reading_twice_gives_the_same_page(name: str) -> None:
    assert page_of(PAGES[name](BODY)) == page_of(PAGES[name](BODY))


def _words() -> list[tuple[int, int]]:
    """Where each word and number of the body's visible text stands in its markup."""
    texts = re.finditer(r">[^<>]+<", BODY)
    return [
        (text.start() + word.start(), text.start() + word.end())
        for text in texts
        for word in re.finditer(r"\w+", text.group())
    ]


@every_page
def test_every_word_and_number_counts(name: str) -> None:
    """Changed by one letter or digit, or left out."""
    before = text_digest(page_of(PAGES[name](BODY)))
    passed_over = []
    for start, end in _words():
        word = BODY[start:end]
        other = (
            str((int(word[0]) + 1) % 10) + word[1:]
            if word[0].isdigit()
            else word[:-1] + ("x" if word[-1] != "x" else "y")
        )
        for changed in (other, "" if len(word) > 1 else "ganz"):
            body = BODY[:start] + changed + BODY[end:]
            if text_digest(page_of(PAGES[name](body))) == before:
                passed_over.append((word, changed))
    assert passed_over == []


@pytest.mark.parametrize("target", re.findall(r'href="([^"]+)"', BODY))
@every_page
def test_every_link_target_counts(name: str, target: str) -> None:
    other = (
        target[:-2] + ("7" if target[-2] != "7" else "8") + target[-1] if not target.endswith(".pdf") else "/anders.pdf"
    )
    page, after = page_of(PAGES[name](BODY)), page_of(PAGES[name](BODY.replace(f'"{target}"', f'"{other}"')))
    assert text_digest(page) != text_digest(after)
    assert [block.text for block in page.blocks] == [block.text for block in after.blocks]
    assert list(map(block_fold, page.blocks)) != list(map(block_fold, after.blocks))


@every_page
def test_addresses_of_mail_and_telephone_are_known_and_never_followed(name: str) -> None:
    page = page_of(PAGES[name](BODY))
    contacts = [(link.uri, link.text) for block in page.blocks for link in block.contacts]
    assert contacts == [("mailto:amt@example.org", "das Amt"), ("tel:+4930115", "115")]
    assert all(link.uri.startswith("http") for link in (*page.links, *(each for b in page.blocks for each in b.links)))
