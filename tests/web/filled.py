"""An archive made for what the demo has none of: contradictions, hostile words, many addresses, erased digests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts import letter, operator
from alerts.retraction import retraction
from storage import passages
from storage.archive import Archive
from storage.records import (
    Change,
    Conflict,
    ErasureKind,
    ErasureOrder,
    Mention,
    NoticeRow,
    Role,
    SeminarRow,
    Watch,
)
from tests.alerts import letters
from tests.storage.makers import HOUR, MONDAY, SOURCE, Watching, changed, concluded, digest
from web.health import Health, Lately
from web.settings import Settings

PAGE, OTHER, PDF = (f"https://example.org/a/{name}" for name in ("seminar", "liste", "programm.pdf"))
HOSTILE = '<script>alert(1)</script> \u202e"onmouseover="x'
READER = "leser@example.org"
ADDRESSES = 250  # beside those above
NOW = MONDAY + timedelta(days=30)
SECRET = "Erika Mustermann"


def settings_of(folder: Path, health: Health | None = None) -> Settings:
    """A view of it without a config."""
    return Settings(
        archive=folder / "amtsblick.db",
        zone=ZoneInfo("Europe/Berlin"),
        now=lambda: NOW,
        version="test",
        sources=(SOURCE,),
        health=Lately(lambda _: health) if health else None,
    )


def fill(folder: Path) -> None:
    """Make it."""
    with Archive.open(folder / "amtsblick.db", create=True, fleeting=True) as archive:
        watching = Watching(archive)
        crawl = watching.begin()
        watching.see(PAGE, "Das 18. Seminar findet am 1. Juni 2022 statt.")
        watching.see(OTHER, f"18. Seminar, 4. Juli 2022 {HOSTILE}")
        watching.see(PDF, "Programm eins", b"x" * 2_345, is_document=True, label="Programm", linked_from=PAGE)
        crawl = watching.end()
        told = (
            _seminar_change(changed(crawl, PAGE)),
            changed(crawl, OTHER, summary="Falsch gemeldet."),
            changed(crawl, PAGE, "notice", kind="notice.posted", subject="n1", before=None, after={"text": HOSTILE}),
        )
        detection = concluded(archive, crawl, *told, seminars=(_seminar(crawl.id),), notices=_notices())
        many = tuple(
            Watch(source=SOURCE.name, address=f"example.org/a/{n:03}", uri=f"https://example.org/a/{n:03}", role=Role.PAGE,
                  first_crawl=crawl.id)
            for n in range(ADDRESSES)
        )  # fmt: skip
        document = Watch(source=SOURCE.name, address="example.org/a/programm.pdf", uri=PDF, role=Role.DOCUMENT,
                         first_crawl=crawl.id, label="Programm", linked_from=("example.org/a/seminar",))  # fmt: skip
        kept = tuple(each for each in detection.watches if each.uri != PDF)
        archive.commit_detection(crawl, replace(detection, watches=(*kept, document, *many)))
        watching.begin()
        watching.see(PDF, "Programm zwei", b"x" * 1_500_000, is_document=True, label="Programm", linked_from=PAGE)
        archive.commit_detection(watching.end(), replace(detection, changes=(), watches=(), seminars=(), notices=()))
        wrong = next(each for each in archive.changes() if each.summary == "Falsch gemeldet.")
        archive.add_change(retraction(wrong, "Es war nur die Vorlage.", watching.now))
        _digests(archive, wrong)


def _digests(archive: Archive, wrong: Change) -> None:
    """Three that readers got, one of them erased, and one for operators."""
    archive.record_subscriptions(("team", "presse"), MONDAY)
    told = letters.everything()
    bodies = [letter.to_json(told), letter.to_json(told), letter.to_json(_naming(told))]
    for number, body in enumerate(bodies, 1):
        made = digest(number, 0, 0, MONDAY + number * HOUR, kind="immediate", body=body, change_ids=(wrong.id,))
        archive.commit_digest(lambda _, made=made: made)  # type: ignore[misc]
    to_operators = digest(4, 0, 0, MONDAY + 4 * HOUR, subscription=operator.SUBSCRIPTION, kind=operator.KIND,
                          subject=f"Mail an {READER} abgewiesen", body="{}")  # fmt: skip
    archive.commit_digest(lambda _: to_operators)
    order = ErasureOrder(
        kind=ErasureKind.PASSAGE, subject=passages.subject(SECRET), by="A", reason="B", basis="C", name="1"
    )
    archive.erase(order, MONDAY + timedelta(days=1))


def _naming(told: letter.Letter) -> letter.Letter:
    first = replace(told.items[0], sentence=f"Es sprach {SECRET}.")
    return replace(told, items=(first, *told.items[1:]))


def _seminar_change(made: Change) -> Change:
    facts = {"number": 18, "series": "Seminar", "title": "18. Seminar", "start": None, "end": None, "city": "Riga"}
    return replace(made, kind="seminar.new", subject="seminar-18", before=None, after=facts | {"state": "announced"})


def _mention(uri: str, start: str, quote: str) -> Mention:
    return Mention(
        source=SOURCE.name, address=uri.removeprefix("https://"), uri=uri, title="18. Seminar", start=start, end=start,
        city="Riga", state="announced", quote=quote, named_by_title=uri == PAGE, substitute="", seen_at=MONDAY,
        captured_at=MONDAY + timedelta(seconds=1),
    )  # fmt: skip


def _seminar(crawl: int) -> SeminarRow:
    values = (("2022-06-01", PAGE), ("2022-07-04", OTHER))
    return SeminarRow(
        id="seminar-18", series="Seminar", number=18, year=2022, title="18. Seminar", start=None, end=None, city="Riga",
        state="announced", substitute="", quote="", uri=PAGE, first_seen=MONDAY, last_seen=MONDAY,
        mentions=(
            _mention(PAGE, "2022-06-01", "Das 18. Seminar findet am 1. Juni 2022 statt."),
            _mention(OTHER, "2022-07-04", f"18. Seminar, 4. Juli 2022 {HOSTILE}"),
        ),
        conflicts=(Conflict(field="start", values=values),),
    )  # fmt: skip


def _notices() -> tuple[NoticeRow, ...]:
    shared = {"host": "example.org", "text_digest": "sha256:00", "uris": (PAGE, OTHER), "peak_pages": 2,
              "first_seen": MONDAY, "last_seen": MONDAY}  # fmt: skip
    return (
        NoticeRow(id="n1", text=HOSTILE, **shared),  # type: ignore[arg-type]
        NoticeRow(id="n2", text="Alt", replaced_by="n1", **shared),  # type: ignore[arg-type]
        NoticeRow(id="n3", text="Aufgehoben", lifted_at=MONDAY, **shared),  # type: ignore[arg-type]
    )
