"""A change that proved wrong is kept, marked, and taken back once before those who were told of it."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

from tests.acceptance.harness import Answer, Desk, Site, serving

CONFIG = """
[archive]
path = "amtsblick.db"
[[source]]
name = "amt"
start = ["{base}/"]
allow_private = true
delay = 0
[[subscription]]
name = "alle"
to = ["lea@example.org"]
[[subscription]]
name = "nur-seminare"
to = ["uwe@example.org"]
kinds = ["seminar.*"]
when_empty = "always"
[mail]
from = "Amtsblick <amtsblick@example.org>"
"""


def _page(text: str) -> Answer:
    return Answer(
        f"<!doctype html><html lang=de><title>Amt</title><main><h1>Amt</h1><p>{text}</p><p>Willkommen.</p></main></html>"
    )


def _mails(desk: Desk) -> dict[str, str]:
    """The newest mail to each reader."""
    found = {}
    for file in sorted((desk.folder / "outbox").glob("*.eml")):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        part = message.get_body(("plain",))
        assert part is not None
        found[str(message["To"])] = str(part.get_content()).replace("\r\n", "\n")
    return found


def _told(desk: Desk, site: Site) -> str:
    """A change that was told in a digest; its id."""
    site.pages["/"] = _page("Das Amt hat montags geöffnet.")
    desk.crawl("2026-03-02T06:00:00Z")
    site.pages["/"] = _page("Das Amt hat dienstags geöffnet.")
    (change,) = desk.crawl("2026-03-03T06:00:00Z")
    desk.run("digest", "--send", now="2026-03-04T06:00:00Z")
    assert "dienstags" in _mails(desk)["lea@example.org"]
    return str(change["id"])


def test_it_is_marked_and_corrected_once_for_those_who_were_told(tmp_path: Path) -> None:
    with serving() as site:
        desk = Desk(tmp_path, CONFIG.format(base=site.base))
        id_ = _told(desk, site)
    why = "nur die Vorlage war neu"
    desk.run("changes", "retract", id_[:8], "--reason", why, now="2026-03-05T06:00:00Z")
    (row,) = desk.json("changes")
    assert row["id"] == id_
    assert row["retracted"] == {"at": "2026-03-05T06:00:00Z", "reason": why}
    assert f"taken back: {why}" in desk.run("changes").out
    desk.run("digest", "--send", now="2026-03-09T06:00:00Z")
    mails = _mails(desk)
    assert "BERICHTIGUNGEN" in mails["lea@example.org"]
    assert f"vom 3. März 2026 war falsch. Grund: {why}" in " ".join(mails["lea@example.org"].split())
    assert "Berichtigung" not in mails["uwe@example.org"]
    desk.run("digest", "--send", now="2026-03-16T06:00:00Z", expect=None)
    corrected = [file for file in (desk.folder / "outbox").glob("*.eml") if b"BERICHTIGUNGEN" in file.read_bytes()]
    assert len(corrected) == 1


def test_what_is_taken_back_before_it_was_told_is_not_told_at_all(tmp_path: Path) -> None:
    with serving() as site:
        desk = Desk(tmp_path, CONFIG.format(base=site.base))
        _told(desk, site)
        site.pages["/"] = _page("Das Amt hat nie geöffnet.")
        (change,) = desk.crawl("2026-03-06T06:00:00Z")
    desk.run("changes", "retract", change["id"], "--reason", "Scherz", now="2026-03-07T06:00:00Z")
    desk.run("digest", "--send", now="2026-03-09T06:00:00Z", expect=None)
    assert "nie geöffnet" not in _mails(desk)["lea@example.org"]
    assert "Berichtigung" not in _mails(desk)["lea@example.org"]


def test_slips_get_one_line(tmp_path: Path) -> None:
    with serving() as site:
        desk = Desk(tmp_path, CONFIG.format(base=site.base))
        id_ = _told(desk, site)
    now = "2026-03-05T06:00:00Z"
    for words, said in (
        (["retract"], "which change?"),
        (["retract", id_], "--reason is missing"),
        (["retract", "zzz", "--reason", "x"], "there is no change zzz"),
        (["--reason", "x"], "goes with"),
    ):
        result = desk.run("changes", *words, now=now, expect=2)
        assert said in result.err
        assert len(result.err.strip().splitlines()) == 1
    desk.run("changes", "retract", id_, "--reason", "x", now=now)
    assert "already" in desk.run("changes", "retract", id_, "--reason", "x", now=now, expect=2).err
