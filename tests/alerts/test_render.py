"""How a message looks in HTML and in plain text; the golden mails are rewritten with UPDATE_GOLDEN=1."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from lxml import html as lxml_html

from alerts import letter as letters_json
from alerts.letter import Check, Failure, Letter, Passage, Place, Run, Section
from alerts.mail import build
from alerts.render import LARGEST_MESSAGE, rendered
from alerts.visible import shown
from storage.records import NewDelivery
from tests.alerts import letters
from tests.alerts.letters import FORBIDDEN, NOW, SEMINAR_18, changed, everything, letter, moved_item

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "mail"
HOSTILE = (
    '<script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style>"\'><a href="javascript:x">'
)
TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "section",
        "article",
        "div",
        "p",
        "h1",
        "h2",
        "h3",
        "a",
    ),
    *("span", "b", "br", "wbr", "bdi", "ul", "li", "table", "tbody", "tr", "th", "td", "blockquote", "del", "ins"),
}
ATTRIBUTES = {"class", "style", "href", "dir", "lang", "charset", "name", "content", "scope", "data-css-inline"}


def _blind() -> Letter:
    failures = (Failure(uri="https://www.berlin.de/lageso/", reason="war nicht erreichbar"),)
    checks = (
        Check(source="lageso-partnerschaft", at=NOW, judged=3, known=42, failures=failures, oldest=letters.LAST),
        Check(source="lageso-presse"),
        Check(source="partner", at=NOW, judged=0, known=7),
    )
    item = replace(
        letters.removed_item(),
        kind="source.blind",
        section=Section.CHECKS,
        headline="lageso-partnerschaft kann zurzeit nicht geprüft werden",
        sentence="Die Seiten auf berlin.de lassen sich zurzeit nicht prüfen; Änderungen dort werden nachgemeldet.",
    )
    held = (
        "3 Adressen scheinen zu fehlen. Gemeldet wird das erst, wenn ein zweiter Blick es bestätigt.",
        "Eine Seite ändert sich bei jedem Blick; ihre Änderungen werden nicht einzeln genannt.",
    )
    return letter(item, checks=checks, held=held)


def _right_to_left() -> Letter:
    """Hebrew, Arabic and emoji beside German, and controls that would turn the reading direction."""
    title = shown("\u05e9\u05dc\u05d5\u05dd \u05d1\u05e8\u05dc\u05d9\u05df 👩‍👩‍👧 \u202e2021 inuJ\u202c 🇩🇪")
    words = "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645 \u0641\u064a \u0628\u0631\u0644\u064a\u0646"
    item = replace(
        moved_item(),
        headline=f"Seite geändert: {title}",
        sentence=f"Auf der Seite „{title}“ steht jetzt: „{words}“.",
        passages=(changed(("del", "👋 Willkommen"), ("ins", words), ("same", " im LAGeSo, Raum 12–14.")),),
        seminar=replace(letters.SEMINAR_23, title=title, city=words, quote=f"{words} 9.–13. Juni 2021 👍"),
    )
    coming = (replace(letters.SEMINAR_23, title=title, city=words, quote=f"{words} 9.–13. Juni 2021"),)
    return letter(item, coming=coming, in_force=(replace(letters.NOTICE, text=f"{words}\n{title}"),))


def _long_lines() -> Letter:
    """Words and addresses without a place to break, longer than any line of a mail may be."""
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenverordnungsänderungsentwurf" * 15
    uri = f"{letters.SITE}/{'sehr-lange-adresse-' * 60}ende.php"
    item = replace(
        letters.document_item(),
        headline=f"Dokument geändert: {word[:110]}",
        sentence=f"Das Dokument „{word}“ hat einen neuen Text.",
        uri=uri,
        places=(Place(label="linked", uri=uri, title=word),),
        passages=(changed(("del", word), ("ins", word[::-1]), ("same", "=" * 1200)),),
    )
    return letter(item, in_force=(replace(letters.NOTICE, text=word, uri=uri),))


def _correction() -> Letter:
    wrong = replace(
        moved_item(),
        section=Section.CORRECTIONS,
        kind="change.retracted",
        headline="Berichtigung: 23. Arbeits- und Sozialseminar verschoben: 9.–13. Juni 2021",
        sentence="Diese Meldung vom 17. Mai 2021 war falsch. Grund: Die Seite zeigte den Termin des Vorjahres.",
        seminar=None,
        passages=(),
        archived="",
        comparison="",
        observed_at=None,
    )
    return letter(wrong, letters.small_item())


def _hostile() -> Letter:
    item = replace(
        moved_item(),
        headline=f"Seite geändert: {HOSTILE}",
        sentence=HOSTILE,
        passages=(
            changed(("del", HOSTILE), ("ins", "\u05e9\u05dc\u05d5\u05dd 👋 {{ 7*7 }} {% raw %}"), ("same", "A" * 900)),
        ),
        seminar=replace(SEMINAR_18, title=HOSTILE, quote=HOSTILE, city=HOSTILE),
    )
    return letter(item, coming=(replace(SEMINAR_18, title=HOSTILE),), in_force=(replace(letters.NOTICE, text=HOSTILE),))


def _hundred() -> Letter:
    items = [
        replace(
            letters.small_item(),
            id=f"{number:024}",
            section=(Section.PAGES, Section.DOCUMENTS, Section.SMALL)[number % 3],
            subject=f"p{number}",
            headline=f"Seite geändert: Bericht Nummer {number} über den Austausch",
            passages=tuple(
                changed(("same", "Wort " * 30), ("del", "alt " * 20), ("ins", "neü " * 20)) for _ in range(8)
            ),
        )
        for number in range(100)
    ]
    return letter(*items)


CASES = {
    "empty": letter(),
    "first": letter(since=None),
    "one": letter(letters.document_item()),
    "moved-seminar": letter(moved_item(), head=letters.HEAD),
    "many": everything(),
    "unseen-source": _blind(),
    "hostile": _hostile(),
    "hundred": _hundred(),
    "at-once": letter(
        moved_item(),
        letters.notice_item(),
        kind="immediate",
        standing=False,
        since=None,
        coming=(),
        in_force=(),
        checks=(),
    ),
    "right-to-left": _right_to_left(),
    "long-lines": _long_lines(),
    "correction": _correction(),
    "newcomer": letter(moved_item(), letters.notice_item(), newcomer=True),
    "newcomer-at-once": letter(
        letters.notice_item(), kind="immediate", standing=False, since=None, checks=(), newcomer=True
    ),
    "english": letters.english(),
    "net": letter(
        replace(letters.document_item(), steps=3),
        net=True,
        undone=("Hinweis geändert: Besuche nur nach Anmeldung", "Seite geändert: Programm der Partnerschaft"),
    ),
}


def _delivery(content: Letter) -> NewDelivery:
    return build(
        rendered(content, 7), "lea@example.org", 7, letters.context(), list_name="team", language=content.language
    )


@pytest.mark.parametrize("case", CASES)
def test_golden_mails(case: str, update_golden: bool) -> None:
    """The whole message, byte for byte: what changes here changes for every reader, and is to be looked at."""
    delivery, text = _delivery(CASES[case]), rendered(CASES[case], 7).text
    if update_golden:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        (GOLDEN / f"{case}.eml").write_bytes(delivery.message)
        (GOLDEN / f"{case}.txt").write_text(text, encoding="utf-8")
    assert delivery.message == (GOLDEN / f"{case}.eml").read_bytes()
    assert text == (GOLDEN / f"{case}.txt").read_text(encoding="utf-8")


@pytest.fixture
def update_golden() -> bool:
    return bool(os.environ.get("UPDATE_GOLDEN"))


@pytest.mark.parametrize("case", CASES)
def test_every_mail_keeps_the_promises(case: str) -> None:
    """Small enough, nothing loaded, nothing but our own markup, no words of our trade, links only to the web."""
    result, delivery = rendered(CASES[case], 7), _delivery(CASES[case])
    assert len(delivery.message) < 100_000
    assert len(delivery.message) <= LARGEST_MESSAGE + 2_000
    tree = lxml_html.document_fromstring(result.html)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    assert {element.tag for element in elements} <= TAGS
    assert {name for element in elements for name in element.attrib} <= ATTRIBUTES
    assert all(element.get("href").startswith(("https://", "http://")) for element in elements if element.get("href"))
    assert not re.search(r"url\(|@import|src=|background-image", _markup(result.html))
    visible = " ".join(tree.find("body").itertext()) if case != "hostile" else ""
    for words in (visible, result.text, result.subject):
        assert not re.search(FORBIDDEN, re.sub(r"https?://\S+|\w+\.\w+/\S+", "", words))


def _markup(html: str) -> str:
    """The tags and styles alone, without the text between them."""
    return "".join(re.findall(r"<style.*?</style>|<[^>]*>", html, re.DOTALL))


def test_what_pages_say_is_shown_and_never_obeyed() -> None:
    result = rendered(CASES["hostile"], 7)
    tree = lxml_html.document_fromstring(result.html)
    assert tree.findall(".//script") == []
    assert tree.findall(".//img") == []
    assert "<script>alert(1)</script>" in "".join(tree.find("body").itertext())
    assert "{{ 7*7 }}" in result.html
    assert "<script>alert(1)</script>" in result.text
    parsed = message_from_bytes(_delivery(CASES["hostile"]).message, policy=policy.default)
    assert parsed.get_content_type() == "multipart/alternative"


def test_the_plain_text_leaves_nothing_out() -> None:
    """Every headline, sentence, marked word and link of the HTML stands in the text too."""
    content = everything()
    result = rendered(content, 7)
    flat = " ".join(result.text.split())
    for item in content.items:
        assert item.headline in flat
        assert item.sentence in flat
        assert item.uri in flat
        assert item.archived in flat
        for run in (run for passage in item.passages for run in passage.runs):
            assert run.text.strip() in flat
    for seminar in content.coming:
        assert seminar.title in flat
        for value, uri in (pair for one in seminar.contradictions for pair in one.values):
            assert value in flat
            assert uri in flat
    for failure in (failure for check in content.checks for failure in check.failures):
        assert failure.uri in flat
        assert failure.reason in flat
    assert all(len(line) <= 72 for line in result.text.splitlines() if "http" not in line)


def test_removed_and_added_words_are_told_by_more_than_colour() -> None:
    result = rendered(letter(moved_item()), 7)
    tree = lxml_html.document_fromstring(result.html)
    (removed,), (added,) = tree.findall(".//del"), tree.findall(".//ins")
    assert removed.text_content().strip() == "entfernt: 12. bis zum 16. Mai"
    assert added.text_content().strip() == "neu: 9. bis zum 13. Juni"
    assert "line-through" in removed.get("style")
    assert "underline" in added.get("style")
    assert "[entfernt: 12. bis zum 16. Mai]" in " ".join(result.text.split())


def test_a_hundred_items_are_counted_where_they_are_not_shown() -> None:
    content = _hundred()
    result = rendered(content, 7)
    assert result.subject == "Seite geändert: Bericht Nummer 0 über den Austausch · und 99 weitere Meldungen"
    tree = lxml_html.document_fromstring(result.html)
    shown = len(tree.findall(".//article"))
    left_out = sum(int(number) for number in re.findall(r'class="more"[^>]*>und (\d+) weitere ·', result.html))
    assert shown + left_out == 100
    assert f"{letters.WEB}/digest/7" in result.html
    assert f"{letters.WEB}/digest/7" in result.text


def test_without_a_web_address_nothing_links_to_one() -> None:
    item = replace(moved_item(), archived="", comparison="")
    result = rendered(letter(item, web=""), 7)
    assert "example.org/" not in result.html.replace("team@example.org", "")


def test_an_item_that_cannot_be_rendered_is_named_and_the_others_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """F35."""
    poisoned = replace(letters.removed_item(), passages=(Passage(op="strange", runs=(Run(op="del", text="x"),)),))  # type: ignore[arg-type] - on purpose
    result = rendered(letter(moved_item(), poisoned), 7)
    for part in (result.html, " ".join(result.text.split())):
        assert f"Diese Meldung konnte nicht dargestellt werden. Kennung: {poisoned.id}" in part
        assert "12. bis zum 16. Mai" in part


def test_a_letter_survives_its_json() -> None:
    for content in CASES.values():
        assert letters_json.from_json(letters_json.to_json(content)) == content


def test_a_source_that_cannot_be_checked_is_one_line_where_the_checks_are() -> None:
    result = rendered(_blind(), 7)
    checks = result.text.partition("WAS GEPRÜFT WURDE")[2]
    assert "Änderungen dort werden nachgemeldet." in " ".join(checks.split())
    assert "lageso-partnerschaft kann zurzeit nicht geprüft werden" in result.html.partition('class="foot"')[2]


def test_dark_and_narrow_screens_are_provided_for() -> None:
    html = rendered(everything(), 7).html
    assert "prefers-color-scheme: dark" in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert '<meta name="viewport"' in html
    assert "max-width: 640px" in html
