"""A real archive on disk with changes in it, for the tests of digests and deliveries."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from alerts.model import Context, MailSettings, Subscription, WebSettings
from storage.archive import Archive
from storage.records import (
    Change,
    Detection,
    NewDelivery,
    NewDigest,
    NoticeRow,
    SeminarRow,
    Source,
    SourceState,
    change_id,
)

SITE = "https://www.berlin.de/lageso"
SOURCE = Source(name="lageso-partnerschaft", start=(f"{SITE}/",), scope=(f"{SITE}/",))
OTHER = Source(name="lageso-presse", start=("https://presse.example.org/",), scope=("https://presse.example.org/",))
START = datetime(2021, 5, 17, 3, 30, tzinfo=UTC)
TEAM = Subscription(name="team", to=("lea@example.org", "Uwe Müller <uwe@example.org>"))
_numbers = itertools.count(1)


def context(now: datetime = START, **more: Any) -> Context:
    mail = MailSettings(sender="Amtsblick <amtsblick@example.org>", outbox=Path("outbox"), reply_to="team@example.org")
    values: dict[str, Any] = {
        "now": now,
        "zone": ZoneInfo("Europe/Berlin"),
        "mail": mail,
        "web": WebSettings(),
        "sources": (SOURCE, OTHER),
    }
    return Context(**(values | more))


def change(
    kind: str, title: str = "Partnerschaft", *, at: datetime = START, source: str = SOURCE.name, **more: Any
) -> Change:
    number = next(_numbers)
    values: dict[str, Any] = {
        "id": change_id(source, kind, str(number), "", ""),
        "kind": kind,
        "source": source,
        "subject": f"berlin.de/lageso/{number}",
        "uri": f"{SITE}/artikel.{number}.php",
        "uris": (f"{SITE}/artikel.{number}.php",),
        "title": title,
        "summary": f"Zu „{title}“ gibt es etwas Neues.",
        "minor": False,
        "before": None,
        "after": None,
        "facts": {},
        "detected_at": at,
        "observed_at": at,
        "crawl_id": 0,
    }
    return Change(**(values | more))


def seminar(
    kind: str, start: str | None, end: str | None, *, before: Any = None, state: str = "announced", **more: Any
) -> Change:
    after = {
        "number": 23,
        "series": "Arbeits- und Sozialseminar",
        "title": "23. Arbeits- und Sozialseminar",
        "start": start,
        "end": end,
        "city": "Berlin",
        "state": state,
    }
    return change(kind, "23. Arbeits- und Sozialseminar", before=before, after=after, **more)


def seminar_row(number: int, start: str | None, end: str | None, state: str = "announced", **more: Any) -> SeminarRow:
    values: dict[str, Any] = {
        "id": f"arbeits-und-sozialseminar-{number}",
        "series": "Arbeits- und Sozialseminar",
        "number": number,
        "year": None,
        "title": f"{number}. Arbeits- und Sozialseminar",
        "start": start,
        "end": end,
        "city": "Berlin",
        "state": state,
        "substitute": "",
        "quote": f"Das {number}. Seminar findet statt.",
        "uri": f"{SITE}/seminar-{number}/",
        "mentions": (),
        "conflicts": (),
        "first_seen": START,
        "last_seen": START,
    }
    return SeminarRow(**(values | more))


def notice_row(text: str = "Besuche nur nach Anmeldung") -> NoticeRow:
    return NoticeRow(
        id="notice",
        host="berlin.de",
        text=text,
        text_digest="sha256:notice",
        uris=(f"{SITE}/",),
        peak_pages=12,
        first_seen=START,
        last_seen=START,
        lifted_at=None,
        replaced_by=None,
    )


def commit(
    archive: Archive,
    changes: Sequence[Change] = (),
    *,
    at: datetime = START,
    owed: Any = None,
    seminars: Sequence[SeminarRow] = (),
    notices: Sequence[NoticeRow] = (),
    source: Source = SOURCE,
) -> tuple[Change, ...]:
    """One crawl and its detection, with these results."""
    crawl = archive.start_crawl(source, at)
    crawl = archive.end_crawl(crawl.id, at + timedelta(minutes=1), True, "finished")
    detection = Detection(
        changes=tuple(replace(one, crawl_id=crawl.id) for one in changes),
        held=(),
        source=SourceState(name=source.name),
        watches=(),
        notices=tuple(notices),
        seminars=tuple(seminars),
    )
    return archive.commit_detection(crawl, detection, owed)


def queue(archive: Archive, *recipients: str, at: datetime = START) -> None:
    """One digest with one small message for each recipient."""
    archive.record_subscriptions(("team",), at)
    row = archive.subscription("team")
    assert row is not None

    def build(number: int) -> NewDigest:
        return NewDigest(
            subscription="team",
            kind="digest",
            after=row.told_through,
            through=row.told_through,
            created_at=at,
            slot=None,
            change_ids=(),
            subject="Betreff",
            body="{}",
            deliveries=tuple(message_for(recipient, number) for recipient in recipients),
        )

    archive.commit_digest(build)


def message_for(recipient: str, number: int) -> NewDelivery:
    message_id = f"<digest-{number}.{recipient.partition('@')[0]}@example.org>"
    text = (
        f"Message-ID: {message_id}\r\nFrom: amtsblick@example.org\r\nTo: {recipient}\r\nSubject: Nr. {number}\r\n"
        "List-Id: <team.amtsblick.example.org>\r\n\r\nErste Zeile\r\n.Punkt am Anfang\r\n..\r\nEnde\r\n"
    )
    return NewDelivery(
        recipient=recipient,
        envelope_from="bounces@example.org",
        message_id=message_id,
        message=text.encode(),
        html=b"<p>Nachricht</p>",
    )
