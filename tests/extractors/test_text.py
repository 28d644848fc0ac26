"""What counts as the same text, and what does not (design §4.12)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import noise
from extractors.model import Attachment, Block, BlockKind, Link, Notice, Page, PageKind
from extractors.text import (
    block_fold,
    fold,
    is_frame_noise,
    is_noise_line,
    sentences,
    speaks_of_restriction,
    squash,
    text_digest,
)

INVISIBLE = ["\u00ad", "\u200b", "\u200d", "\u200c", "\u2060", "\ufeff"]
SPACES = ["\u00a0", "\u202f", "\u2009", "\t", "\n", "  "]
BIDI = ["\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"]

words = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüßABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=12)
texts = st.lists(words, min_size=1, max_size=12).map(" ".join)


def paragraph(text: str, *targets: str) -> Block:
    links = tuple(Link(uri=target, text="x") for target in targets)
    return Block(kind=BlockKind.PARAGRAPH, text=text, links=links)


def page(*blocks: Block, title: str = "Titel", **more: object) -> Page:
    return Page(uri="https://amt.example.org/a", title=title, blocks=blocks, **more)  # type: ignore[arg-type]


@given(st.text())
def test_squash_is_idempotent_and_gives_one_line(text: str) -> None:
    once = squash(text)
    assert squash(once) == once
    assert "\n" not in once


@given(st.text())
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_fold_is_a_function_of_what_is_shown(text: str) -> None:
    assert fold(squash(text)) == fold(text)


@given(texts, st.sampled_from(INVISIBLE), st.integers(0, 200))
def test_invisible_characters_make_no_difference(text: str, mark: str, place: int) -> None:
    at = place % (len(text) + 1)
    assert fold(text[:at] + mark + text[at:]) == fold(text)


@given(texts, st.sampled_from(SPACES))
def test_kinds_of_white_space_make_no_difference(text: str, space: str) -> None:
    assert squash(text.replace(" ", space)) == text


@given(texts, st.sampled_from(BIDI), st.integers(0, 200))
def test_bidi_controls_count(text: str, mark: str, place: int) -> None:
    at = place % (len(text) + 1)
    assert fold(text[:at] + mark + text[at:]) != fold(text)
    assert text_digest(page(paragraph(text[:at] + mark + text[at:]))) != text_digest(page(paragraph(text)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("„Butowo“", '"Butowo"'),
        ("»Butowo«", "“Butowo”"),
        ("‚Butowo‘", "'Butowo'"),
        ("Berlin – Moskau", "Berlin - Moskau"),
        ("Berlin\u2011Moskau", "Berlin-Moskau"),
        ("Städte\u00adpartnerschaft", "Städtepartnerschaft"),
        ("Bu\u0308ro", "Büro"),
    ],
)
def test_variants_of_quotes_and_dashes_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Moskau", "moskau"), ("16.-21. Juni", "16.-22. Juni"), ("nicht", ""), ("A\u202eB", "AB")]
)
def test_case_digits_words_and_format_characters_are_no_variants(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.lists(words, min_size=1, max_size=20), words, st.integers(0, 100))
def test_the_digest_reacts_to_each_word_and_number(line: list[str], other: str, place: int) -> None:
    at = place % len(line)
    changed = [*line[:at], other, *line[at + 1 :]]
    same = changed == line
    assert (text_digest(page(paragraph(" ".join(line)))) == text_digest(page(paragraph(" ".join(changed))))) is same


@given(st.lists(words, min_size=2, max_size=20), st.integers(0, 100))
def test_the_digest_reacts_to_a_lost_word(line: list[str], place: int) -> None:
    at = place % len(line)
    shorter = line[:at] + line[at + 1 :]
    assert text_digest(page(paragraph(" ".join(line)))) != text_digest(page(paragraph(" ".join(shorter))))


@given(st.lists(texts, min_size=1, max_size=6), st.sampled_from(list(BlockKind)), st.integers(0, 6))
def test_kind_level_rule_and_ends_of_blocks_do_not_enter_the_digest(
    lines: list[str], kind: BlockKind, level: int
) -> None:
    apart = page(*(paragraph(line) for line in lines))
    other = page(*(Block(kind=kind, text=line, level=level, rule="x", sheet=level) for line in lines))
    joined = page(paragraph(" ".join(lines)))
    assert text_digest(apart) == text_digest(other) == text_digest(joined)


def test_white_space_beside_punctuation_does_not_enter_the_digest() -> None:
    assert text_digest(page(paragraph("Kontakt : ( Raum 3 )"))) == text_digest(page(paragraph("Kontakt: (Raum 3)")))


def test_table_cells_are_words_like_others() -> None:
    row = Block(kind=BlockKind.ROW, text="Montag | 9 bis 12 Uhr")
    assert text_digest(page(row)) == text_digest(page(paragraph("Montag 9 bis 12 Uhr")))
    assert block_fold(row) == block_fold(paragraph("Montag 9 bis 12 Uhr"))


def test_the_digest_reacts_to_a_link_target_but_not_to_its_spelling() -> None:
    one = page(paragraph("Bericht", "https://amt.example.org/bericht/"))
    spelled = page(paragraph("Bericht", "http://www.amt.example.org/bericht"))
    other = page(paragraph("Bericht", "https://amt.example.org/bericht-2/"))
    assert text_digest(one) == text_digest(spelled)
    assert len({text_digest(one), text_digest(other), text_digest(page(paragraph("Bericht")))}) == 3


def test_title_notices_and_attachments_enter_the_digest_and_the_rest_does_not() -> None:
    base = page(paragraph("a"))
    notice = Notice(title="", blocks=(paragraph("b"),), certain=False)
    file = Attachment(uri="https://amt.example.org/x.pdf", label="X", size="1 kB")
    bigger = Attachment(uri="https://amt.example.org/x.pdf?ts=1626340800", label="X", size="2 kB")
    pages = [
        base,
        page(paragraph("a"), title="Anders"),
        page(paragraph("a"), notices=(notice,)),
        page(paragraph("a"), paragraph("b")),
        page(paragraph("a"), attachments=(file,)),
        page(paragraph("a"), attachments=(bigger,)),
    ]
    assert len({text_digest(each) for each in pages}) == len(pages)
    framed = page(paragraph("a"), frame=(paragraph("f"),), links=(Link(uri="https://x.org/"),), breadcrumb=("B",))
    assert text_digest(framed) == text_digest(base)


def test_of_a_document_without_text_the_bytes_count() -> None:
    scans = [Page(uri="u", title="x.pdf", kind=PageKind.DOCUMENT, identity=f"sha256:{n}") for n in "12"]
    assert text_digest(scans[0]) != text_digest(scans[1])
    numbered = [page(paragraph("a"), identity=n) for n in "12"]
    assert text_digest(numbered[0]) == text_digest(numbered[1])


def test_a_stamp_to_the_second_inside_a_line_does_not_enter_the_digest() -> None:
    early, late, other = (
        page(paragraph(f"Telefon {number}. Stand der Seite: 22.11.2026, {clock} Uhr"))
        for number, clock in (("115", "14:03:22"), ("115", "14:09:01"), ("116", "14:03:22"))
    )
    assert text_digest(early) == text_digest(late) != text_digest(other)


@given(st.text())
def test_digests_exist_for_any_text(text: str) -> None:
    assert text_digest(page(paragraph(text))).startswith("sha256:")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Nach Abs. 2 gilt das. Am 3. November begann das 22. Arbeits- und Sozialseminar. Dr. X und Prof. Y kamen.",
            (
                "Nach Abs. 2 gilt das.",
                "Am 3. November begann das 22. Arbeits- und Sozialseminar.",
                "Dr. X und Prof. Y kamen.",
            ),
        ),
        ("Es gab z. B. Tee! Und nun? Ja.", ("Es gab z. B. Tee!", "Und nun?", "Ja.")),
        ("Er sagte: „Es ist gut.“ Dann ging er.", ("Er sagte: „Es ist gut.“", "Dann ging er.")),
        ("Das III. Forum in Moskau.", ("Das III. Forum in Moskau.",)),
        ("Das war 2019. Die Delegation reiste ab.", ("Das war 2019.", "Die Delegation reiste ab.")),
        ("Es war das 20. Die Gäste reisten ab.", ("Es war das 20.", "Die Gäste reisten ab.")),
        ("", ()),
    ],
)
def test_sentences_end_where_readers_see_an_end(text: str, parts: tuple[str, ...]) -> None:
    assert sentences(text) == parts


@given(st.text())
def test_sentences_lose_nothing(text: str) -> None:
    assert " ".join(sentences(text)) == squash(text)


NOISE = [
    "Stand der Seite: 22.11.2026, 14:03:22 Uhr",
    "Seite erzeugt am 2026-11-22 14:03:11",
    "Generated at 2026-11-22T14:03:11Z",
    "Letzte Änderung: 22.11.2026",
    "Page generated in 0.034 seconds",
    "Sie sind der 12.345. Besucher",
    "Besucher: 12345",
    "Seitenaufrufe heute: 17",
    "Zuletzt aktualisiert am Sonntag, 22. November 2026 um 14:03 Uhr",
    "Build 2026.11.22-af31c",
    "csrf_token: 9f8e7d6c5b4a",
    "Request-ID: 5f0c-aa12-77",
    "d41d8cd98f00b204e9800998ecf8427e",
    "Cache: 2025-11-14 23:30:25",
    "Zuletzt aktualisiert am 07.03.2024 von Redaktion",
    "Letzte Änderung: 02.05.2022 durch Redaktion",
    "Datum der letzten Änderung: 07.03.2024",
    "Redaktionsstand: 07.03.2024",
    "Dieser Artikel wurde 1424 mal gelesen.",
    "Diese Seite wurde bereits 17 mal aufgerufen",
    "Derzeit sind 14 Gäste online",
    "Aktuell sind 14 Gäste und keine Mitglieder online",
    "Heute ist Montag, der 07.03.2024, es ist 14:04 Uhr",
    "Heute ist Donnerstag, 7. März 2024",
    "Heute: 07.03.2024",
    "Es ist 14:04 Uhr",
    "Aktualisiert vor 4 Minuten",
    "Veröffentlicht vor 3 Tagen",
    "vor 4 Tagen",
    "© 2024 Amt",
    "© 2020–2024 Landkreis Auen. Alle Rechte vorbehalten.",
    "Diese Seite drucken: Abruf vom 07.03.2024",
]
CONTENT = [
    "Datenstand: 26.01.2021, 12:00 Uhr",
    "Pressemitteilung vom 14.09.2018",
    "Stand: Juli 2024",
    "09.07.2021 Nr. 28 S. 2389-2480",
    "16.–21. Juni 2019",
    "Sprechstunde am 22.11.2026 um 14:00 Uhr",
    "IBAN DE89 3704 0044 0532 0130 00",
    "Tel.: (030) 90139-6221",
    "Zum Seminar kamen 30.000 Besucher aus Moskau",
    "2019",
    "Das Formular wurde am 03.02.2026 geändert",
    "12.03.2024, 14 Uhr",
    "12.03.2024, 14:00 Uhr",
    "Uhrzeit: 18:00 Uhr",
    "Datum: 12.03.2024",
    "Datum: 12.03.2024, Uhrzeit: 18:00 Uhr",
    "500 Besucher 2024",
    "Besucher 2024: 500",
    "Stand der Arbeiten: 12.03.2024",
    "1. Änderung vom 12.03.2024",
    "Heute, 14 Uhr",
    "Heute, 12.03.2024, 14 Uhr, Ratssaal",
    "Heute ist der Schalter bis 14:00 Uhr besetzt",
    "Redaktionsschluss: 12.03.2024",
    "Redaktion: 030 12345",
    "Anmeldung bis vor 3 Tagen möglich",
    "3 mal im Monat",
    "Gäste: 14",
    "Mitglieder: 14",
    "© Foto: Müller 2024, Marktplatz",
    "Online seit 2019: 14 Dienste",
]


@pytest.mark.parametrize("line", NOISE)
def test_lines_on_the_pages_own_making_are_noise(line: str) -> None:
    assert is_noise_line(line)


@pytest.mark.parametrize("line", CONTENT)
def test_dates_and_numbers_of_the_matter_are_no_noise(line: str) -> None:
    assert not is_noise_line(line)


@pytest.mark.parametrize(
    "line",
    [*NOISE, "© 2026 Amt X · Stand: 22.11.2026 14:03", "Sonntag, 22. November 2026", "Amt X | 22.11.2026 14:03:22"],
)
def test_a_footer_line_with_a_stamp_in_it_is_noise_there(line: str) -> None:
    assert is_frame_noise(line)


def test_a_closure_with_a_date_in_a_footer_is_no_noise() -> None:
    assert not is_frame_noise("Das Bürgeramt schließt am 03.12.2026 bereits um 12:00 Uhr.")


@pytest.mark.parametrize(
    "text",
    [
        "Das LAGeSo schränkt weiterhin seinen Dienstbetrieb ein und schließt seine Einrichtungen mit Publikumsverkehr.",
        "Wegen Umbau geschlossen",
        "Geänderte Öffnungszeiten zu Ostern",
        "Die Sprechstunde entfällt.",
        "Zurzeit Störung der Telefonanlage",
        "Besuche nur nach Terminvereinbarung",
        "The office is closed until further notice.",
    ],
)
def test_closures_and_restrictions_are_recognised(text: str) -> None:
    assert speaks_of_restriction(text)


RESTRICTIONS = """
geschlossen; schließt; SCHLIESSEN; Schließung; schließtage; Schließzeit; schloss um 12; eingeschränkt; beschränkt; einschränkt;
 einschraenkung; Dienstbetriebseinschränkung; sperrt; gesperrte Straße; Straßensperrung; Vollsperrung;
entfällt; ENTFÄLLT; entfaellt; entfallen; fällt heute aus; faellt morgen aus; fallen bis Mai aus; Ausfall; Zugausfälle;
Störung; Netzstörungen; stoerung; gestört; nicht erreichbar; nicht verfügbar; nicht zugänglich; nicht besetzt; nicht möglich;
nicht geöffnet; unerreichbar; nur eingeschränkt; geänderte Öffnungszeiten; neue Sprechzeiten; andere telefonische
Servicezeiten; Sonderöffnungszeiten; Öffnungszeiten ab Mai geändert; Sprechstunde verkürzt; Geschäftszeiten weichen ab,
Betriebszeiten abweichend; bis auf weiteres; vorübergehend; unterbrochen; Unterbrechung; Streik; Notbetrieb; Notdienst;
nur nach vorheriger Termin; nur mit Termin; Publikumsverkehr; Publikumsbesuch; Wartungsarbeiten; Wartung; verzögert;
abgesagt; Absage; ausgesetzt; Lockdown; evakuiert; Warnung; umgezogen; closed; closure; closing; restricted; restriction;
disruption; outage; unavailable; suspended; cancelled; canceled; changed opening hours; opening hours have changed;
limited service; limited access; strike; maintenance; out of service; out of order; until further notice; not available;
shutdown; shut down; delays
"""


@pytest.mark.parametrize("text", [each.strip() for each in RESTRICTIONS.replace("\n", " ").split(";")])
def test_no_wording_is_passed_over_for_want_of_a_stem(text: str) -> None:
    """The stems only spare the pattern: what fits it has one of them."""
    said = f"Ab Montag: {text} – in allen Ämtern."
    assert speaks_of_restriction(said) == (noise._RESTRICTION.search(said) is not None)
    assert speaks_of_restriction(said)


@pytest.mark.parametrize(
    "text",
    [
        "Das 22. Seminar wurde erfolgreich abgeschlossen.",
        "Die Beteiligten haben beschlossen, ausschließlich zu schreiben.",
        "Schließlich dankte der Präsident.",
        "Willkommen in Berlin",
    ],
)
def test_other_words_of_the_same_stem_are_no_restriction(text: str) -> None:
    assert not speaks_of_restriction(text)


def test_a_counter_inside_a_line_ticks_unseen_and_a_figure_about_visitors_does_not() -> None:
    def digest(line: str) -> str:
        block = Block(kind=BlockKind.PARAGRAPH, text=line)
        return text_digest(Page(uri="https://amt.example/", title="Amt", blocks=(block,)))

    line = "Rathaus, Markt 1 · Sie sind Besucher Nr. {} · Telefon 12345"
    assert digest(line.format(184_024)) == digest(line.format(184_066))
    assert digest("Es kamen 500 Besucher 2023") != digest("Es kamen 500 Besucher 2024")
