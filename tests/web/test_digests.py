"""Digests: all that they told, the mail as it was sent, and nobody who got it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from alerts import digest
from storage.archive import Archive
from tests.alerts import letters
from tests.web import filled
from tests.web.view import View


def test_the_list_has_what_readers_were_told_and_not_what_operators_were(made: View) -> None:
    rows = made.get("/json/digests").json["digests"]
    assert [row["digest"] for row in rows] == ["3", "2", "1"]
    assert rows[0]["subscription"] == "team"
    for path in ("/de/digests", "/json/digests"):
        assert filled.READER not in made.get(path).text
    for path in ("/digest/4", "/digest/4/mail", "/json/digest/4"):
        answer = made.get(path)
        assert answer.status == 404
        assert filled.READER not in answer.text


def test_a_digest_shows_everything_it_told_and_leads_to_it(made: View) -> None:
    told = letters.everything()
    answer = made.get("/de/digest/1")
    tree = answer.tree
    for item in told.items:
        assert tree.xpath(f"//article//h3/a[@href='/de/change/{item.id}']"), item.headline
    seen = [item for item in told.items if item.observed_at and item.uri]
    assert len(tree.xpath("//article//a[contains(@href, '/de/web/')]")) == len(seen)
    assert "war nicht erreichbar" in answer.text
    assert "Was geprüft wurde" in answer.text
    row = made.get("/json/digest/1").json
    assert [each["change"] for each in row["items"]] == [item.id for item in told.items]
    assert (row["checks"][0]["judged"], row["checks"][0]["known"]) == (40, 42)


def test_the_mail_is_the_html_as_it_was_sent_and_can_do_nothing(made: View) -> None:
    answer = made.get("/digest/1/mail")
    with Archive.open(made.settings.archive, readonly=True) as archive:
        row = archive.digest(1)
    assert row is not None
    assert answer.text == digest.again(row).html
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
    assert answer.headers["content-security-policy"] == policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    (frame,) = made.get("/de/digest/1").tree.xpath("//iframe")
    assert (frame.get("src"), frame.get("sandbox")) == ("/digest/1/mail", "")


def test_no_page_names_a_recipient(made: View) -> None:
    for path in ("digests", "digest/1", "digest/1/mail", "digest/3"):
        for start in ("/de", "/en", "/json"):
            assert "person0" not in made.get(f"{start}/{path}").text


def test_a_digest_whose_text_was_erased_says_so(made: View) -> None:
    answer = made.get("/de/digest/3")
    assert answer.status == 410
    assert "Der Text dieser Nachricht wurde gelöscht" in answer.text
    assert filled.SECRET not in answer.text
    assert made.get("/json/digest/3").json["erased"] is True
    assert made.get("/digest/3/mail").status == 410


@pytest.mark.parametrize("number", ["0", "5", "x", "-1", "1e3", "²", "99999999999999999999"])
def test_a_number_that_is_none_s_is_said(made: View, number: str) -> None:
    assert made.get(f"/json/digest/{quote(number)}").json["error"] == "no_digest"


@pytest.mark.slow
def test_every_mail_of_the_demo_has_its_page(view: View) -> None:
    rows = view.get("/json/digests").json["digests"]
    for row in rows:
        page = view.get(f"/json/digest/{row['digest']}").json
        assert [each["change"] for each in page["items"]] == row["changes"] or page["kind"] == "digest"
        assert "team@example.org" not in view.get(f"/de/digest/{row['digest']}").text
