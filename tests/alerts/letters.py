"""Letters for the golden mails and the tests of rendering: true to life in shape, our own in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.english import ENGLISH
from alerts.letter import (
    Check,
    Contradiction,
    Failure,
    InForce,
    Item,
    Letter,
    Passage,
    Place,
    Run,
    Section,
    SeminarFacts,
)
from alerts.model import Context, MailSettings, WebSettings

SITE = "https://www.berlin.de/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau"
WEB = "https://amtsblick.example.org"
NOW = datetime(2021, 5, 24, 5, 35, tzinfo=UTC)
LAST = datetime(2021, 5, 17, 5, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
# What readers must never meet, in any spelling (design §1 and the issue on digests).
FORBIDDEN = r"(?i)\b(crawl\w*|captur\w*|baseline\w*|blind\w*|scope\w*|http[ /-]?\d{3}|[45]\d\d(?= )|status ?code)\b"


def context(*, web: bool = True, reply_to: str = "Redaktion <team@example.org>", unsubscribe: str = "") -> Context:
    mail = MailSettings(
        sender="Amtsblick <amtsblick@example.org>", outbox=Path("outbox"), reply_to=reply_to, unsubscribe=unsubscribe
    )
    return Context(now=NOW, zone=ZONE, mail=mail, web=WebSettings(base_url=WEB if web else ""))


def page(number: int) -> str:
    return f"{SITE}/artikel.{number}.php"


def changed(*runs: tuple[str, str]) -> Passage:
    return Passage(op="changed", runs=tuple(Run(op=op, text=text) for op, text in runs))


SEMINAR_23 = SeminarFacts(
    title="23. Arbeits- und Sozialseminar",
    uri=page(1015338),
    when="9.–13. Juni 2021",
    city="Berlin",
    state="angekündigt",
    quote="Das 23. Arbeits- und Sozialseminar findet nun vom 9. bis zum 13. Juni 2021 in Berlin statt.",
)
SEMINAR_18 = SeminarFacts(
    title="24. Arbeits- und Sozialseminar",
    uri=page(1020001),
    city="Moskau",
    state="angekündigt",
    contradictions=(
        Contradiction(
            field="Beginn",
            values=(
                ("Juni 2022", page(1020001)),
                ("4. Juli 2022", "https://www.berlin.de/lageso/presse/artikel.2.php"),
            ),
        ),
    ),
)
NOTICE = InForce(
    text="Besuche nur nach Anmeldung\nAufgrund der aktuellen Lage ruhen alle offiziellen Kontakte bis auf Weiteres.",
    host="berlin.de",
    uri=page(1),
    since=datetime(2021, 3, 1, 5, 30, tzinfo=UTC),
    pages=12,
)
HEAD = "3f2a6b0c9d1e4f58" * 4  # of the archive's chain, as every digest that goes out has it at its foot
ALL_WELL = (
    Check(source="lageso-partnerschaft", at=NOW, judged=42, known=42, documents=True, oldest=NOW),
    Check(source="lageso-presse", at=NOW, judged=17, known=17, oldest=NOW),
)


def moved_item() -> Item:
    return Item(
        id="a" * 24,
        kind="seminar.changed",
        section=Section.SEMINARS,
        subject="s23",
        headline="23. Arbeits- und Sozialseminar verschoben: 9.–13. Juni 2021",
        sentence="Das 23. Arbeits- und Sozialseminar wurde vom 12.–16. Mai auf den 9.–13. Juni 2021 verschoben.",
        uri=page(1015338),
        archived=f"{WEB}/web/20210524053000/{page(1015338)}",
        comparison=f"{WEB}/change/{'a' * 24}",
        observed_at=NOW,
        seminar=SEMINAR_23,
        passages=(
            changed(
                ("same", "Das 23. Arbeits- und Sozialseminar findet nun vom "),
                ("del", "12. bis zum 16. Mai"),
                ("ins", "9. bis zum 13. Juni"),
                ("same", " 2021 in Berlin statt. Anmeldungen nehmen wir gern entgegen."),
                ("gap", ""),
            ),
        ),
    )


def new_item() -> Item:
    return Item(
        id="b" * 24,
        kind="seminar.new",
        section=Section.SEMINARS,
        subject="s24",
        headline="Neues Seminar: 24. Arbeits- und Sozialseminar, Moskau",
        sentence="Das 24. Arbeits- und Sozialseminar wurde angekündigt; zwei Seiten nennen verschiedene Termine.",
        uri=page(1020001),
        observed_at=NOW,
        seminar=SEMINAR_18,
        told_at=datetime(2021, 5, 20, 8, 0, tzinfo=UTC),
    )


def notice_item() -> Item:
    return Item(
        id="c" * 24,
        kind="notice.changed",
        section=Section.NOTICES,
        subject="n1",
        headline="Hinweis geändert: Aufgrund der aktuellen Lage ruhen alle offiziellen …",
        sentence="Der Hinweis auf 12 Seiten wurde geändert.",
        uri=page(1),
        observed_at=NOW,
        passages=(
            changed(
                ("same", "Aufgrund der aktuellen Lage "),
                ("del", "finden Besuche nur eingeschränkt statt"),
                ("ins", "ruhen alle offiziellen Kontakte bis auf Weiteres"),
                ("same", "."),
            ),
        ),
    )


def document_item() -> Item:
    return Item(
        id="d" * 24,
        kind="document.changed",
        section=Section.DOCUMENTS,
        subject="d1",
        headline="Dokument geändert: Programm des 23. Seminars",
        sentence="Das Dokument „Programm des 23. Seminars“ hat einen neuen Text.",
        uri="https://www.berlin.de/lageso/_assets/programm-23.pdf",
        observed_at=NOW,
        places=(Place(label="linked", uri=page(1015338)),),
        passages=(
            Passage(
                op="added",
                runs=(Run(op="ins", text="Donnerstag, 10. Juni: Besuch der Wohnungslosenhilfe, Treffpunkt 9 Uhr."),),
            ),
            Passage(op="removed", runs=(Run(op="del", text="Abendessen auf Einladung des Partnerschaftsvereins."),)),
        ),
    )


def removed_item() -> Item:
    uri = f"{SITE}/praktikanten/artikel.77.php"
    return Item(
        id="e" * 24,
        kind="page.removed",
        section=Section.PAGES,
        subject="p1",
        headline="Seite nicht mehr vorhanden: Praktikantenaustausch 2019",
        sentence="Die Seite „Praktikantenaustausch 2019“ wurde vom Netz genommen.",
        uri=uri,
        gone=True,
        archived=f"{WEB}/web/20210524053000/{uri}",
        observed_at=NOW,
    )


def small_item() -> Item:
    return Item(
        id="f" * 24,
        kind="page.changed",
        section=Section.SMALL,
        subject="p2",
        headline="Seite geändert: 22. Arbeits- und Sozialseminar",
        sentence="Auf der Seite „22. Arbeits- und Sozialseminar“ wurde ein Wort berichtigt.",
        uri=page(22),
        observed_at=NOW,
        passages=(
            changed(
                ("same", "Die Gäste besuchten eine "),
                ("del", "Einrichtug"),
                ("ins", "Einrichtung"),
                ("same", " der Behindertenhilfe."),
            ),
        ),
    )


def letter(*items: Item, **more: object) -> Letter:
    values: dict[str, object] = {
        "language": "de",
        "zone": "Europe/Berlin",
        "subscription": "team",
        "kind": "digest",
        "until": NOW,
        "since": LAST,
        "items": items,
        "coming": (SEMINAR_23,),
        "in_force": (NOTICE,),
        "checks": ALL_WELL,
        "web": WEB,
        "reply_to": "team@example.org",
    }
    return Letter(**(values | more))  # type: ignore[arg-type] - a test's shorthand


def everything() -> Letter:
    items = (moved_item(), new_item(), notice_item(), document_item(), removed_item(), small_item())
    failures = (
        Failure(uri=page(5), reason="war nicht erreichbar"),
        Failure(uri="https://www.berlin.de/lageso/x.pdf", reason="kam unvollständig an"),
    )
    checks = (
        Check(
            source="lageso-partnerschaft",
            at=NOW,
            judged=40,
            known=42,
            documents=True,
            failures=failures,
            oldest=datetime(2021, 5, 10, 5, 0, tzinfo=UTC),
        ),
        ALL_WELL[1],
    )
    return letter(*items, coming=(SEMINAR_23, SEMINAR_18), checks=checks)


def english() -> Letter:
    """The same as an English reader gets it: in our words, but for what the pages say."""
    content, seen = everything(), ENGLISH.sentences
    titles = {
        "a": ENGLISH.seminar_moved.format(title=SEMINAR_23.title, when="9–13 June 2021"),
        "b": ENGLISH.headlines["seminar.new"].format(title=f"{SEMINAR_18.title}, Moskau"),
        "c": ENGLISH.headlines["notice.changed"].format(text="Aufgrund der aktuellen Lage ruhen alle offiziellen …"),
        "d": ENGLISH.headlines["document.changed"].format(title="Programm des 23. Seminars"),
        "e": ENGLISH.headlines["page.removed"].format(title="Praktikantenaustausch 2019"),
        "f": ENGLISH.headlines["page.changed"].format(title="22. Arbeits- und Sozialseminar"),
    }
    announced = ENGLISH.states["announced"]
    (conflict,) = SEMINAR_18.contradictions
    values = (("June 2022", conflict.values[0][1]), ("4 July 2022", conflict.values[1][1]))
    seminars = {
        SEMINAR_23: replace(SEMINAR_23, when="9–13 June 2021", state=announced),
        SEMINAR_18: replace(
            SEMINAR_18,
            state=announced,
            contradictions=(Contradiction(field=ENGLISH.fields["start"], values=values),),
        ),
    }
    reasons = (ENGLISH.reasons["failed"], ENGLISH.reasons["truncated"])
    first, *rest = content.checks
    failures = tuple(replace(each, reason=why) for each, why in zip(first.failures, reasons, strict=True))
    return replace(
        content,
        language="en",
        items=tuple(
            replace(
                each,
                headline=titles[each.id[0]],
                sentence=seen[each.kind],
                seminar=seminars[each.seminar] if each.seminar else None,
            )
            for each in content.items
        ),
        coming=tuple(seminars[each] for each in content.coming),
        checks=(replace(first, failures=failures), *rest),
        head=HEAD,
    )
