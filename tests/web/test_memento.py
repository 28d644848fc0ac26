"""Archived states: as pages, as they looked, as text and bytes, and as Memento clients ask for them (RFC 7089)."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from crawler import cli
from storage import passages
from storage.archive import Archive
from storage.records import ErasureKind, ErasureOrder
from tests.imports import makers
from tests.web.kept import HOST, PAGE, Got, crawl, page, settings
from tests.web.view import Reply, View, running

pytestmark = pytest.mark.slow

FIRST, SECOND, THIRD, LAST = "20240301050000", "20240302050000", "20240501050000", "20250201050000"
PLAN = f"{HOST}/amt/plan.pdf"
LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"(?:; type="[^"]*")?(?:; datetime="([^"]*)")?')


def links(reply: Reply) -> dict[str, tuple[str, str]]:
    """The Link field by relation: address and time."""
    return {rel: (uri, at) for uri, rel, at in LINK.findall(reply.headers["link"])}


def test_a_state_is_a_page_that_says_what_it_is(kept: View) -> None:
    reply = kept.get(f"/de/web/{FIRST}/{PAGE}")
    assert reply.status == 200
    assert reply.headers["memento-datetime"] == "Fri, 01 Mar 2024 05:00:00 GMT"
    assert "accept-datetime" not in reply.headers.get("vary", "").lower()
    tree = reply.tree
    assert "Archivierter Stand vom 1. März 2024, 06:00 Uhr (Europe/Berlin)" in tree.text_content()
    assert "nicht die heutige Seite" in tree.text_content()
    (frame,) = tree.xpath("//iframe")
    assert (frame.get("src"), frame.get("sandbox")) == (
        f"/web/{FIRST}if_/{PAGE}",
        "allow-top-navigation-by-user-activation allow-downloads",
    )
    (article,) = tree.xpath("//article")
    assert article.xpath(".//h3/text()") == ["Anfahrt"]
    assert article.xpath(".//li/text()")[0] == "Bus 100"
    assert article.xpath(".//li/a/@href") == [f"/de/web/{FIRST}/{HOST}/amt/plan.pdf"]
    assert f"{HOST}/bild/fehlt.png".removeprefix("https://") in tree.xpath("string(//details)")
    assert "zaehler.example.net" in tree.xpath("string(//details)")
    assert "main.css" not in tree.xpath("string(//details)")
    cited = tree.xpath("string(//section[h2='Zitieren und belegen'])")
    row = kept.get(f"/json/web/{FIRST}/{PAGE}").json
    for fact in (
        row["payload_digest"].removeprefix("sha256:"),
        row["citation"]["installation"],
        row["citation"]["link"],
    ):
        assert fact in cited
    assert row["next"] == "2024-03-02T05:00:00Z"
    assert (row["previous"], row["first"]) == (None, "2024-03-01T05:00:00.250000Z")
    assert row["missing"] == [f"{HOST}/bild/fehlt.png", "https://zaehler.example.net/pixel.gif"]


def test_very_many_missing_images_are_counted_and_the_first_hundred_named(kept: View) -> None:
    reply = kept.get(f"/de/web/{FIRST}/{HOST}/amt/galerie")
    details = reply.tree.xpath("//details")[0]
    assert details.xpath("string(summary)").startswith("120 ")
    assert len(details.xpath(".//li")) == 100
    assert "Weitere sind hier nicht aufgeführt." in details.xpath("string()")
    assert "wurden nicht archiviert; zu sehen ist ihr Inhalt" in reply.text
    assert len(kept.get(f"/json/web/{FIRST}/{HOST}/amt/galerie").json["missing"]) == 120


def test_the_bytes_are_those_that_were_received(kept: View) -> None:
    path = f"/web/{FIRST}id_/{PAGE}"
    coded = kept.get(path, accept_encoding="br;q=0, gzip")
    plain = kept.get(path, accept_encoding="identity")
    none = kept.get(path, accept_encoding="gzip;q=0, *")
    assert coded.headers["content-encoding"] == "gzip"
    assert gzip.decompress(coded.body) == plain.body == none.body
    assert "content-encoding" not in plain.headers
    for each in (coded, plain):
        assert each.headers["content-type"] == "text/html; charset=utf-8"
        assert each.headers["content-disposition"] == f"attachment; filename={FIRST}.html"
        assert each.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert each.headers["vary"] == "Accept-Encoding"
        assert each.headers["x-archive-orig-set-cookie"] == "a=b"
        assert "set-cookie" not in each.headers
    assert kept.get(f"/web/{LAST}id_/{PAGE}").body.startswith(b"<!DOCTYPE html>")


def test_what_is_no_page_comes_as_bytes(kept: View) -> None:
    reply = kept.get(f"/web/{LAST}/{PLAN}")
    assert (reply.status, reply.headers["content-type"], reply.body[:5]) == (200, "application/pdf", b"%PDF-")
    assert reply.headers["memento-datetime"] == "Sat, 01 Feb 2025 05:00:00 GMT"
    assert reply.headers["content-disposition"].endswith(".pdf")
    assert "Freitag" in kept.get(f"/json/web/{LAST}/{PLAN}").json["text"]
    assert "Freitag" in kept.get(f"/web/{LAST}tx_/{PLAN}").text


def test_the_text_is_plain(kept: View) -> None:
    reply = kept.get(f"/web/{THIRD}tx_/{PAGE}")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text.splitlines()[:2] == ["Sprechstunde", "Dienstag, 9 Uhr, im Rathaus, Zimmer 2."]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("2024", THIRD),
        ("202403", SECOND),
        ("20240301", FIRST),
        ("2024030105", FIRST),
        ("202403010500", FIRST),
        ("20240301050001", FIRST),
        ("20240430235959", SECOND),
        ("19990101000000", FIRST),
        ("20990101000000", LAST),
    ],
)
def test_other_moments_lead_to_the_state_at_or_before_them(kept: View, asked: str, given: str) -> None:
    for form in ("", "id_", "if_", "tx_"):
        reply = kept.get(f"/web/{asked}{form}/{PAGE}")
        assert (reply.status, reply.headers["location"]) == (302, f"/web/{given}{form}/{PAGE}")


@pytest.mark.parametrize(
    "asked", ["2024x", "202", "20241", "20240230", "20241301", "0000", "٢٠٢٤", "20240301050000zz_"]
)
def test_what_is_no_moment_is_nothing(kept: View, asked: str) -> None:
    assert kept.get(f"/web/{quote(asked)}/{PAGE}").status == 404


def test_a_star_leads_to_all_states(kept: View) -> None:
    assert kept.get(f"/web/*/{PAGE}").headers["location"] == f"/page/{PAGE}"


def test_the_timegate_negotiates(kept: View) -> None:
    def gate(at: str | None) -> Reply:
        return kept.get(f"/timegate/{PAGE}", **({"accept_datetime": at} if at else {}))

    newest = gate(None)
    assert (newest.status, newest.headers["vary"]) == (302, "accept-datetime")
    assert newest.headers["location"] == f"{kept.url}/web/{LAST}/{PAGE}"
    assert gate("Sat, 02 Mar 2024 04:59:59 GMT").headers["location"].endswith(f"/{FIRST}/{PAGE}")
    assert gate("Sat, 02 Mar 2024 05:00:00 GMT").headers["location"].endswith(f"/{SECOND}/{PAGE}")
    assert gate("Sun, 06 Nov 1994 08:49:37 GMT").headers["location"].endswith(f"/{FIRST}/{PAGE}")
    assert gate("yesterday").status == 400
    assert gate("Sat, 32 Mar 2024 05:00:00 GMT").status == 400
    assert "memento-datetime" not in newest.headers
    found = links(gate("Sat, 01 Jun 2024 05:00:00 GMT"))
    assert found["original"][0] == PAGE
    assert found["timemap"][0] == f"{kept.url}/timemap/link/{PAGE}"
    assert found["first memento"][0] == f"{kept.url}/web/{FIRST}/{PAGE}"
    assert found["prev memento"][0] == f"{kept.url}/web/{SECOND}/{PAGE}"
    assert found["memento"] == (f"{kept.url}/web/{THIRD}/{PAGE}", "Wed, 01 May 2024 05:00:00 GMT")
    assert found["next last memento"][0] == f"{kept.url}/web/{LAST}/{PAGE}"


def test_the_timemap_has_every_good_look(kept: View) -> None:
    reply = kept.get(f"/timemap/link/{PAGE}")
    assert reply.headers["content-type"] == "application/link-format"
    lines = reply.text.removesuffix("\n").split(",\n")
    assert lines[0] == f'<{PAGE}>; rel="original"'
    assert lines[1] == (
        f'<{kept.url}/timemap/link/{PAGE}>; rel="self"; type="application/link-format"; '
        'from="Fri, 01 Mar 2024 05:00:00 GMT"; until="Sat, 01 Feb 2025 05:00:00 GMT"'
    )
    assert lines[2] == f'<{kept.url}/timegate/{PAGE}>; rel="timegate"'
    assert lines[3].endswith('rel="first memento"; datetime="Fri, 01 Mar 2024 05:00:00 GMT"')
    assert lines[-1].endswith('rel="last memento"; datetime="Sat, 01 Feb 2025 05:00:00 GMT"')
    assert [line.split("/web/")[1][:14] for line in lines[3:]] == [FIRST, SECOND, THIRD, LAST]
    listed = kept.get(f"/timemap/json/{PAGE}").json
    assert [each["uri"].split("/web/")[1][:14] for each in listed["mementos"]["list"]] == [FIRST, SECOND, THIRD, LAST]
    for each in listed["mementos"]["list"]:
        assert kept.get(each["uri"].removeprefix(kept.url)).status == 200


def test_the_neighbours_are_named_in_every_form(kept: View) -> None:
    for form in ("", "if_", "id_", "tx_"):
        found = links(kept.get(f"/web/{SECOND}{form}/{PAGE}"))
        assert found["first prev memento"][0].endswith(f"/{FIRST}/{PAGE}")
        assert found["next memento"][0].endswith(f"/{THIRD}/{PAGE}")


def test_a_host_that_is_none_does_not_get_into_the_links(kept: View) -> None:
    reply = kept.get(f"/timegate/{PAGE}", host='127.0.0.1:1>; rel="original", <http://evil.example')
    assert reply.status == 400 or "evil" not in reply.headers["link"]
    assert kept.get(f"/timegate/{PAGE}", host="localhost:8080").headers["location"].startswith("http://localhost:8080/")


# --- as it looked


def test_styles_and_images_are_those_nearest_in_time(kept: View) -> None:
    early = kept.get(f"/web/{FIRST}im_/{HOST}/css/main.css?v=3")
    assert early.headers["content-type"] == "text/css; charset=utf-8"
    assert early.headers["access-control-allow-origin"] == "*"
    assert early.headers["cross-origin-resource-policy"] == "cross-origin"
    assert f'@import url("/web/{FIRST}im_/{HOST}/css/more.css")' in early.text
    assert f'url("/web/{FIRST}im_/{HOST}/css/f.ttf")' in early.text
    assert "rgb(7, 8, 9)" in kept.get(f"/web/{LAST}im_/{HOST}/css/main.css?v=3").text
    later = kept.get(f"/web/{FIRST}im_/{HOST}/bild/b.png")
    assert (later.status, later.headers["memento-datetime"]) == (200, "Sat, 01 Feb 2025 05:00:00 GMT")


def test_only_what_cannot_act_is_given_to_a_page(kept: View) -> None:
    assert kept.get(f"/web/{FIRST}im_/{HOST}/bild/b.js").status == 404
    assert kept.get(f"/web/{FIRST}im_/{PAGE}").status == 404
    drawing = kept.get(f"/web/{FIRST}im_/{HOST}/bild/a.svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    font = kept.get(f"/web/{FIRST}im_/{HOST}/css/f.ttf")
    assert font.headers["content-type"] == "font/ttf"
    assert kept.get(f"/web/{FIRST}im_/{HOST}/bild/fehlt.png").status == 404


def test_the_state_alone_may_be_framed_by_us_and_nobody_else(kept: View) -> None:
    reply = kept.get(f"/web/{FIRST}if_/{PAGE}")
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-top-navigation-by-user-activation allow-downloads; default-src 'none'")
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert reply.headers["x-frame-options"] == "SAMEORIGIN"
    assert kept.get(f"/web/{FIRST}id_/{PAGE}").headers["x-frame-options"] == "DENY"
    assert kept.get(f"/web/{FIRST}/{PAGE}").headers["x-frame-options"] == "DENY"


def test_hostile_markup_comes_out_as_markup_that_does_nothing(kept: View) -> None:
    reply = kept.get(f"/web/{FIRST}if_/{HOST}/amt/boese")
    tree = html.fromstring(reply.text)
    assert not tree.xpath("//script | //iframe | //object | //embed | //base | //meta[@http-equiv] | //form/@action")
    assert not [name for each in tree.iter() for name in each.attrib if name.lower().startswith("on")]
    for value in tree.xpath("//@href | //@src | //@srcset | //@poster"):
        assert value.startswith((f"/web/{FIRST}/", f"/web/{FIRST}im_/"))


# --- erased, unknown


def test_what_was_erased_says_so(kept: View) -> None:
    by_law = kept.get(f"/de/web/{FIRST}/{HOST}/amt/weg")
    assert by_law.status == 451
    assert "Gelöscht am 1. April 2025 von Archiv. Grund: Ein Name (Art. 17 DSGVO)." in by_law.tree.text_content()
    assert "memento-datetime" not in by_law.headers
    assert not by_law.tree.xpath("//iframe")
    assert kept.get(f"/web/{FIRST}/{HOST}/amt/fort").status == 410
    for form, status in (("id_", 410), ("if_", 410)):
        assert kept.get(f"/web/{FIRST}{form}/{HOST}/amt/fort").status == status
    assert kept.get(f"/json/web/{FIRST}/{HOST}/amt/weg").json["erased"]["basis"] == "Art. 17 DSGVO"


@pytest.mark.parametrize(
    "path", ["web/2024", "web/20240301050000im_", "timegate", "timemap/link", "timemap/json", "page"]
)
def test_an_unknown_address_leads_to_the_nearest(kept: View, path: str) -> None:
    reply = kept.get(f"/de/{path}/{PAGE}n")
    assert reply.status == 404
    assert f"/de/page/{PAGE}" in reply.tree.xpath("//main//a/@href")


def test_the_erased_page_still_has_its_page(kept: View) -> None:
    told = kept.get(f"/de/page/{HOST}/amt/weg").tree.text_content()
    assert "Am 1. April 2025 hat Archiv die Bytes von einem Stand gelöscht" in told


def test_what_a_rule_let_go_says_so(tmp_path: Path) -> None:
    path = tmp_path / "amtsblick.db"
    with Archive.open(path, create=True) as archive:
        for month in range(1, 13):
            got = {PAGE: Got(body=page(f"Die Sprechstunde des Amtes ist im Monat {month} um neun Uhr."))}
            crawl(archive, datetime(2024, month, 2, 5, tzinfo=UTC), got)
        archive.retain({"first"}, ZoneInfo("Europe/Berlin"), datetime(2025, 4, 1, tzinfo=UTC), by="Regel")
    with running(settings(path)) as made:
        reply = made.get(f"/de/web/20240302050000/{PAGE}")
        assert reply.status == 410
        text = reply.tree.text_content()
        assert "Das Original wurde am 1. April 2025 nach der Aufbewahrungsregel gelöscht" in text
        assert "ausgesondert" not in text
        for form in ("id_", "if_", "tx_"):
            gone = made.get(f"/de/web/20240302050000{form}/{PAGE}")
            assert (gone.status, "nach der Aufbewahrungsregel" in gone.text) == (410, True)
        for left in ("20240102050000", "20241202050000"):
            assert made.get(f"/web/{left}id_/{PAGE}").status == 200
        assert "Original nach der Aufbewahrungsregel gelöscht" in made.get(f"/de/page/{PAGE}").tree.text_content()


def test_a_passage_that_was_erased_leaves_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "amtsblick.db"
    with Archive.open(path, create=True) as archive:
        body = page("Die Sprechstunde leitet Frau Erika Mustermann am Montag.")
        crawl(archive, datetime(2024, 3, 1, 5, tzinfo=UTC), {PAGE: Got(body=body)})
        subject = passages.subject("Frau Erika Mustermann")
        order = ErasureOrder(
            kind=ErasureKind.PASSAGE,
            subject=subject,
            by="Archiv",
            reason="Wunsch",
            basis="Art. 17 DSGVO",
            name="p" * 32,
        )
        archive.erase(order, datetime(2024, 4, 1, tzinfo=UTC))
    with running(settings(path)) as made:
        reply = made.get(f"/de/web/20240301050000/{PAGE}")
        assert reply.status == 451
        assert "Die Sprechstunde leitet [gelöscht] am Montag." in reply.tree.text_content()
        assert "Mustermann" not in reply.text
        assert "leitet [gelöscht] am Montag" in made.get(f"/web/20240301050000tx_/{PAGE}").text
        assert made.get(f"/web/20240301050000id_/{PAGE}").status == 451


def test_imported_states_name_where_they_come_from(tmp_path: Path) -> None:
    config, file = makers.config(tmp_path), tmp_path / "section.warc.gz"
    file.write_bytes(makers.warc(chain(*makers.weeks())))
    assert cli.run(["--config", str(config), "import", str(file)]) == 0
    with running(settings(tmp_path / "amtsblick.db")) as made:
        told = made.get(f"/de/page/{makers.SECTION}a").tree.text_content()
        assert "übernommen aus section.warc.gz" in told
        row = made.get(f"/json/page/{makers.SECTION}a").json
        assert {each["provenance"][0]["archive"] for each in row["captures"]} == {"section.warc.gz"}
        state = made.get(f"/de/web/20150302050001/{makers.SECTION}a")
        assert "section.warc.gz" in state.tree.xpath("string(//dl)")
