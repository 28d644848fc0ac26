"""Headers by the book, whatever a page's title holds."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts import mail
from alerts.letter import Rendered
from alerts.mail import HEADER_LIMIT, build, reads_back, safe_header
from storage.records import NewDelivery
from tests.alerts.letters import NOW, context

PLAIN = Rendered(subject="Neue Seite: Moskau", text="Guten Tag\n", html="<p>Guten Tag</p>\n")
EXPECTED = [
    "Message-ID",
    "Date",
    "From",
    "To",
    "Subject",
    "Reply-To",
    "Auto-Submitted",
    "List-Id",
    "List-Unsubscribe",
    "MIME-Version",
    "Content-Type",
]
HOSTILE = (
    "=?utf-8?q?a=0D=0ABcc:_evil@x.test?=",
    "==??utf-8?q?=0D=0ABcc:_evil@x.test?=",
    "=\u200b?utf-8?q?=0D=0ABcc:_evil@x.test?=",
    "=\x00?utf-8?b?DQpCY2M6IGV2aWxAeC50ZXN0?=",
    "a\r\nBcc: evil@x.test",
    "a\nBcc: evil@x.test\n\nbody",
    "a\x0bBcc: evil@x.test",
    "a\x0cBcc: evil@x.test",
    "a\x85Bcc: evil@x.test",
    "a\u2028Bcc: evil@x.test\u2029x",
    "a\x00b\x1b]52;c;x\x07\x9b31m",
    "\ud800 allein \udfff",
    "\u202eetieS eueN\u202c \u2066x\u2069 \u200e\u200f\u061c",
    "A" * 1_000_000,
    "ä" * 5_000,
    "\ufdd0\uffff\U0010ffff\ue000",
    "e\u0301" * 300,
    "👨‍👩‍👧 حدث جديد",
    "   ",
    "",
    "--=_boundary--",
    '"; <script>alert(1)</script>',
)


def _parsed(delivery: NewDelivery) -> EmailMessage:
    return message_from_bytes(delivery.message, policy=policy.default)  # type: ignore[return-value] - this policy gives one


def _build(rendered: Rendered = PLAIN, recipient: str = "lea@example.org", **more: object) -> NewDelivery:
    return build(rendered, recipient, 7, context(**more), list_name="team")  # type: ignore[arg-type] - a test's shorthand


def test_the_headers_are_those_of_a_well_behaved_list() -> None:
    parsed = _parsed(_build())
    assert parsed.keys() == EXPECTED
    assert parsed["To"].addresses[0].addr_spec == "lea@example.org"
    assert len(parsed["To"].addresses) == 1
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["List-Id"] == "<team.amtsblick.example.org>"
    assert parsed["List-Unsubscribe"] == "<mailto:team@example.org?subject=unsubscribe%20team>"
    assert parsed["Reply-To"] == "team@example.org"
    assert parsedate_to_datetime(parsed["Date"]) == NOW
    assert str(parsed["Date"]).endswith("+0200")
    assert parsed["Message-ID"].startswith("<digest-7.")
    assert parsed["Message-ID"].endswith("@example.org>")
    assert "Precedence" not in parsed
    assert parsed.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]


def test_one_click_is_offered_only_where_an_https_endpoint_takes_it() -> None:
    by_mail = "<mailto:team@example.org?subject=unsubscribe%20team>"
    parsed = _parsed(_build(unsubscribe="https://example.org/abmelden"))
    assert parsed["List-Unsubscribe"] == f"<https://example.org/abmelden>, {by_mail}"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    parsed = _parsed(_build(unsubscribe="mailto:weg@example.org?subject=x"))
    assert parsed["List-Unsubscribe"] == "<mailto:weg@example.org?subject=unsubscribe%20team>"
    assert "List-Unsubscribe-Post" not in parsed
    parsed = _parsed(_build(unsubscribe="https://example.org/ab?liste={list}&wer={recipient}"))
    assert parsed["List-Unsubscribe"] == f"<https://example.org/ab?liste=team&wer=lea%40example.org>, {by_mail}"
    for wrong in ("http://example.org/x", "https://example.org/\r\nBcc: a@b.de"):
        assert "List-Unsubscribe-Post" not in _parsed(_build(unsubscribe=wrong))


def test_the_same_message_has_the_same_id_and_bytes_and_no_two_messages_share_one() -> None:
    assert _build() == _build()
    others = [
        _build(recipient="uwe@example.org"),
        _build(replace(PLAIN, subject="Andere Seite")),
        build(PLAIN, "lea@example.org", 8, context(), list_name="team"),
        build(PLAIN, "lea@example.org", 7, context(), list_name="presse"),
    ]
    assert len({one.message_id for one in (_build(), *others)}) == 5
    assert "lea" not in _build().message_id


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_no_title_adds_a_header_or_a_recipient_or_stops_the_mail(title: str) -> None:
    """T4, F34: and the readers still get the text."""
    delivery = _build(replace(PLAIN, subject=f"Neue Seite: {title}", text=f"{title}\nGuten Tag\n"))
    parsed = _parsed(delivery)
    assert parsed.keys() == EXPECTED
    assert [one.addr_spec for one in parsed["To"].addresses] == ["lea@example.org"]
    assert str(parsed["Subject"]) == safe_header(f"Neue Seite: {title}")
    assert len(str(parsed["Subject"])) <= HEADER_LIMIT
    part = parsed.get_body(("plain",))
    assert part is not None
    assert "Guten Tag" in part.get_content()
    assert delivery.html
    assert all(len(line) <= 998 for line in delivery.message.split(b"\r\n"))
    assert delivery.message.isascii()


@given(st.text(st.characters(codec=None), max_size=300))
@settings(max_examples=400, deadline=None)
def test_any_subject_comes_back_as_it_was_meant(title: str) -> None:
    parsed = _parsed(_build(replace(PLAIN, subject=title)))
    assert parsed.keys() == EXPECTED
    assert str(parsed["Subject"]) == safe_header(title)


@given(st.text(st.characters(codec=None), max_size=400))
@settings(max_examples=200, deadline=None)
def test_a_safe_header_is_safe_and_stays_as_it_is(text: str) -> None:
    once = safe_header(text)
    assert safe_header(once) == once
    assert once.isprintable()
    assert "=?" not in once
    assert len(once) <= HEADER_LIMIT


def test_what_does_not_read_back_goes_out_as_a_plain_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken subject encoding, as Python 3.11.7 itself would make it, is caught before the mail is queued."""
    encoded = mail._encoded

    def broken(name: str, value: str) -> str:
        good = encoded(name, value)
        return f"{good}\r\nBcc: evil@x.test" if value.startswith("Neue Seite") else good

    monkeypatch.setattr(mail, "_encoded", broken)
    delivery = _build()
    parsed = _parsed(delivery)
    assert "Bcc" not in parsed
    assert parsed["Subject"] == "Neue Meldungen, die nicht dargestellt werden konnten"
    assert "Nachricht Nr. 7" in parsed.get_content()
    assert delivery.html == b""


def test_reading_back_sees_every_kind_of_tampering() -> None:
    delivery = _build()
    parsed = _parsed(delivery)
    headers = {name: str(parsed[name]) for name in EXPECTED if name not in {"MIME-Version", "Content-Type"}}
    assert reads_back(delivery.message, headers, PLAIN.text, PLAIN.html)
    for old, new in (
        (b"To: lea@example.org", b"To: lea@example.org, eva@example.org"),
        (b"Subject: Neue", b"Bcc: eva@example.org\r\nSubject: Neue"),
        (b"Subject: Neue", b"Subject: Alte"),
        (b"Auto-Submitted: auto-generated\r\n", b""),
        (b"Guten Tag\r\n", b"Guten Tag!\r\n"),
        (b"<p>Guten", b"<p>Guten "),
    ):
        assert old in delivery.message
        assert not reads_back(delivery.message.replace(old, new, 1), headers, PLAIN.text, PLAIN.html)


def test_sender_names_with_umlauts_and_quotes_are_kept_apart_from_the_address() -> None:
    base = context()
    for name in ("Städtepartnerschaft", 'Amts"blick', "=?utf-8?q?=0D=0ABcc:_e@x.test?="):
        odd = replace(base, mail=replace(base.mail, sender=f'"{name}" <amtsblick@example.org>'.replace('s"b', 's\\"b')))
        parsed = _parsed(build(PLAIN, "lea@example.org", 7, odd, list_name="team"))
        assert parsed.keys() == EXPECTED
        assert parsed["From"].addresses[0].addr_spec == "amtsblick@example.org"
