"""Promises of extractors.address: one place has one address, and nothing unsafe is ever asked for."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from extractors import address

PAGE = "https://www.berlin.de/lageso/ueber-uns/"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("22-seminar/", "https://www.berlin.de/lageso/ueber-uns/22-seminar/"),
        ("/lageso/#top", "https://www.berlin.de/lageso/"),
        ("../x/./y/../z", "https://www.berlin.de/lageso/x/z"),
        ("//berlin.de/a", "https://berlin.de/a"),
        ("?page_at_1_0=2", "https://www.berlin.de/lageso/ueber-uns/?page_at_1_0=2"),
        ("", PAGE),
        ("  \n/a\tb \n", "https://www.berlin.de/ab"),
        ("HTTP://WWW.Berlin.DE:80/A", "http://www.berlin.de/A"),
        ("https://berlin.de:443", "https://berlin.de/"),
        ("https://berlin.de:8443/a", "https://berlin.de:8443/a"),
        ("https://berlin.de./a", "https://berlin.de/a"),
        ("http://müller.example/straße?q=ä", "http://xn--mller-kva.example/stra%C3%9Fe?q=%C3%A4"),
        ("http://XN--MLLER-KVA.example/", "http://xn--mller-kva.example/"),
        ("http://straße.example/", "http://xn--strae-oqa.example/"),
        ("http://h/%7euser/%c3%a4%2f%e4", "http://h/~user/%C3%A4%2F%E4"),
        ("http://h/100%/a b", "http://h/100%25/a%20b"),
        ("http://h/%2e%2e/a", "http://h/a"),
        ("http://[2001:DB8:0::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("http://h/a;jsessionid=1F.s2/b;v=2?x=1", "http://h/a/b;v=2?x=1"),
        ("http://h/a?b=2&a=1&&a=3", "http://h/a?b=2&a=1&a=3"),
        ("http://h/a?utm_source=x&id=7&fbclid=9&PHPSESSID=ab&_ga=1", "http://h/a?id=7"),
        ("http://h/a?sid=f00ba7c0ffee1234", "http://h/a"),
        ("http://h/a?sid=1204", "http://h/a?sid=1204"),
        ("/x.pdf?ts=1789109787", "https://www.berlin.de/x.pdf"),
        ("/x?1626340800", "https://www.berlin.de/x"),
        ("/x?tsunami=1&news%5Bid%5D=549&cHash=aa88", "https://www.berlin.de/x?tsunami=1&news%5Bid%5D=549&cHash=aa88"),
        ("/x?q=a+b%20c", "https://www.berlin.de/x?q=a+b%20c"),
    ],
)
def test_a_link_becomes_the_address_to_ask_for(href: str, expected: str) -> None:
    assert address.clean(href, PAGE) == expected


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@berlin.de",
        "tel:+4930",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/hostname",
        "ftp://berlin.de/",
        "https://user@berlin.de/",
        "https://berlin.de:pw@evil.example/",
        "https:\\\\evil.example/",
        "/\\evil.example",
        "https://berlin.de\\@evil.example/",
        "https://h/\x00",
        "https://h/\x1b[31m",
        "https://h/\ud800",
        "https://h:99999/",
        "https://h:0/",
        "https://h:x/",
        "https://h:80:80/",
        "https://[::1",
        "https://[::1%25eth0]/",
        "https://[no]/",
        "https://a..b/",
        "https://a b/",
        "https://" + "a" * 300 + "/",
        "https:///path",
        "https://h/" + "a" * 2083,
        "a" * 1_000_000,
    ],
)
def test_what_is_unsafe_or_malformed_is_refused(href: str) -> None:
    assert address.clean(href, PAGE) is None


def test_a_relative_link_without_a_base_is_no_address() -> None:
    assert address.clean("/a") is None
    assert address.clean("berlin.de/a") is None
    assert address.clean("/a", "mailto:x@y") is None


def test_a_long_address_that_shrinks_to_size_is_taken() -> None:
    assert address.clean("https://h/a?utm_source=" + "x" * 3000) == "https://h/a"


@pytest.mark.parametrize(
    "uri",
    [
        "https://www.berlin.de/lageso/ueber-uns/",
        "http://berlin.de/lageso/ueber-uns",
        "HTTPS://BERLIN.DE:443/lageso/ueber-uns/index.php",
        "http://www.berlin.de:80/lageso/ueber-uns/index.html#kontakt",
        "https://www.berlin.de/lageso/ueber-uns//",
        "https://www.berlin.de/lageso/ueber-uns/?page_at_1_0=1",
        "https://www.berlin.de/lageso/ueber-uns/;jsessionid=AB12?utm_medium=mail&sid=0f0f0f0f",
        "https://www.berlin.de/lageso/x/../ueber-uns/",
        "berlin.de/lageso/ueber-uns",
    ],
)
def test_scheme_www_slash_index_fragment_tracking_and_session_make_no_new_address(uri: str) -> None:
    assert address.key(uri) == "berlin.de/lageso/ueber-uns"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://h/a", "http://h/A"),
        ("http://h/a", "http://h/b"),
        ("http://h/a", "http://h/a/b"),
        ("http://h/a?x=1", "http://h/a?x=2"),
        ("http://h/a?x=1&y=2", "http://h/a?y=2&x=1"),
        ("http://h/a?page_at_1_0=2", "http://h/a"),
        ("http://h/a%2Fb", "http://h/a/b"),
        ("http://h:8001/a", "http://h/a"),
        ("http://h:8001/a", "http://h:8002/a"),
        ("http://service.h/a", "http://h/a"),
        ("http://h/a/index.php/rss", "http://h/a"),
        ("http://h/indexa.php", "http://h/"),
    ],
)
def test_different_places_keep_different_addresses(one: str, other: str) -> None:
    assert address.key(one) != address.key(other)


def test_keys_of_odd_hosts() -> None:
    assert address.key("http://www.de/") == "www.de"
    assert address.key("https://[::1]:8443/a/") == "[::1]:8443/a"
    assert address.key("https://www.www.h.example/") == "h.example"
    assert address.key("mailto:a@b") == "mailto:a@b"


def test_host_and_home() -> None:
    assert address.host("https://www.berlin.de/a?b=1") == "berlin.de"
    assert address.host("http://127.0.0.1:8901?x=/") == "127.0.0.1:8901"
    assert address.home("https://www.berlin.de:443/a/b?c") == "https://www.berlin.de/"
    assert address.home("http://localhost:8901/a") == "http://localhost:8901/"
    with pytest.raises(ValueError, match="mailto"):
        address.home("mailto:a@b")


SECTION = "https://www.berlin.de/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/"


@pytest.mark.parametrize(
    ("uri", "covered"),
    [
        (SECTION, True),
        (SECTION + "22-seminar/", True),
        (SECTION + "index.php/rss", True),
        ("http://berlin.de/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau?a=1", True),
        ("https://www.berlin.de/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau-alt/", False),
        ("https://www.berlin.de/lageso/ueber-uns/", False),
        ("https://www.berlin.de/x/../lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/../", False),
        ("http://therapywithhillary.example/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/", False),
        ("https://www.berlin.de:8443/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/", False),
        ("https://www.berlin.de.evil.example/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/", False),
    ],
)
def test_a_scope_covers_its_host_by_path_segment(uri: str, covered: bool) -> None:
    assert address.in_scope(uri, [SECTION]) is covered


def test_a_scope_with_a_query_covers_no_other_query() -> None:
    scope = ["http://h/index.php?id=5"]
    assert address.in_scope("http://h/?id=5", scope)
    assert address.in_scope("http://h/index.php?id=5&page=2", scope)
    assert not address.in_scope("http://h/?id=55", scope)
    assert not address.in_scope("http://h/a", scope)


def test_no_scope_covers_nothing_and_a_home_page_covers_its_host() -> None:
    assert not address.in_scope(SECTION, [])
    assert address.in_scope(SECTION, ["http://elsewhere.example/", "http://berlin.de/"])


@pytest.mark.parametrize(
    ("uri", "document"),
    [
        ("https://h/a.pdf", True),
        ("https://h/A.PDF?ts=1", True),
        ("https://h/a.pdf;jsessionid=4?__blob=publicationFile&v=2", True),
        ("https://h/download?file=bericht.pdf&x=1", True),
        ("https://h/antrag.docx", True),
        ("https://h/Antrag.ODT?ts=1", True),
        ("https://h/download?file=liste.xlsx", True),
        ("https://h/bild.zip", False),
        ("https://h/download?file=bericht.pdf.html", False),
        ("https://h/pdf/", False),
        ("https://h/a.pdf.html", False),
        ("mailto:a.pdf", False),
    ],
)
def test_documents_are_told_by_their_address(uri: str, document: bool) -> None:
    assert address.is_document(uri) is document


_TRAPS = ["//", "..", "/./", "%2e", "%2F", "%zz", "www.", "index.php", "index.html", ";sid=", ";jsessionid=", "utm_x=1"]
_MORE_TRAPS = ["sid=abc", "ts=12", "page_at_1_0=1", "de", ":80", ":443", ":8080", "xn--", *"/?&=;.%:@#[]+aZ9äß –"]
_HOSTS = st.sampled_from(["h.de", "www.h.de", "ä.de", "[::1]"])
_TAILS = st.lists(st.sampled_from([*_TRAPS, *_MORE_TRAPS]), max_size=14).map("".join)
_URIS = st.builds("{}://{}{}".format, st.sampled_from(["http", "https", "HTTP"]), _HOSTS, _TAILS)


@given(_URIS | st.text(max_size=40).map(lambda tail: f"http://h/{tail}"))
@example("http://h.de/;jsess;sid=1ionid=2")
@example("http://h.de/a/index.php;sid=1/index.html//")
@example("https://h.de:80/")
def test_cleaning_and_keys_are_settled_after_one_step(uri: str) -> None:
    cleaned = address.clean(uri)
    assume(cleaned is not None)
    assert cleaned is not None
    assert address.clean(cleaned) == cleaned
    assert cleaned.isascii()
    key = address.key(uri)
    assert address.key(cleaned) == key
    assert address.key("http://" + key) == key
    assert address.key("https://" + key) == key
    assert address.key(key) == key


@given(st.text(max_size=60), st.none() | st.text(max_size=20))
def test_no_text_is_beyond_cleaning(href: str, base: str | None) -> None:
    cleaned = address.clean(href, base)
    assert cleaned is None or cleaned.startswith(("http://", "https://"))
    address.key(href)
