"""Nothing but the public internet is connected to, in whatever spelling and by whatever route it is named (F33)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from twisted.internet.address import IPv4Address

from crawler.guard import Guard, GuardedResolver, address_class, literal, plain_host, spot
from tests.crawler.bench import Bench
from tests.server import LONG, Canary, Reply, Site, html, redirect, serving

LOCAL_SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "127.000.000.001", "0177.0.0.1", "0177.1", "0x7f.0.0.1", "0x7f.1", "0x7f000001",
    "0X7F000001", "2130706433", "017700000001", "127.0.0.1.", "127.1.", "127.0.0.2", "127.255.255.254", "0", "0.0.0.0",
    "0x0", "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "127．0．0．1", "%31%32%37.0.0.1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "localhost",
    "LOCALHOST", "localhost.", "a.localhost", "printer", "printer.local", "nas.lan", "wiki.internal", "box.home.arpa",
)  # fmt: skip
OTHER_NETWORKS = (
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.254", "169.254.1.1",
    "169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]",
    "[ff02::1]", "[2001:db8::1]", "[2001::1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[64:ff9b::a00:1]",
    "[2002:a00:1::]", "[100::1]", "10.1", "167772161", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376",
)  # fmt: skip


@pytest.mark.parametrize("host", [*LOCAL_SPELLINGS, *OTHER_NETWORKS])
def test_every_spelling_of_a_local_address_is_refused_before_anything_is_resolved(host: str) -> None:
    assert Guard().refusal(f"http://{host}/")
    assert Guard().refusal(f"https://{host}/a?b=c")


@pytest.mark.parametrize(
    "uri",
    [
        "https://www.berlin.de/",
        "http://berlin.de:80/lageso/",
        "https://berlin.de:443/",
        "http://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
        "https://xn--mnchen-3ya.de/",
        "https://1und1.de/",
        "https://4chan.example.org/",
        "https://[::ffff:8.8.8.8]/",
    ],
)
def test_the_public_internet_is_not_refused(uri: str) -> None:
    assert Guard().refusal(uri) == ""


@pytest.mark.parametrize(
    "uri",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "//example.org/",
        "http:///x",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org:22/",
        "http://example.org:99999/",
        "http://example.org:8080/",
        "http://exa mple.org/",
        "http://example.org\t/",
        "http://1.2.3.4.5/",
        "http://0x1.2.3.4.99999/",
        "http://[::1/",
        "http://[fe80::zz]/",
        "http://127.0.0.1%00.example.org/",
    ],
)
def test_other_schemes_ports_user_names_and_malformed_addresses_are_refused(uri: str) -> None:
    assert Guard().refusal(uri)


def test_a_private_site_may_be_asked_only_at_the_host_and_port_that_the_source_names() -> None:
    guard = Guard(["http://127.0.0.1:8080/a/", "http://wiki.intern.example:8000/"])
    assert guard.refusal("http://127.0.0.1:8080/b") == ""
    assert guard.refusal("http://127.1:8080/b"), "another spelling is another host"
    assert guard.refusal("http://127.0.0.1:8081/")
    assert guard.refusal("http://127.0.0.2:8080/")
    assert guard.refusal("http://127.0.0.1/")
    assert guard.refusal("http://wiki.intern.example:8000/x") == ""
    assert guard.check("wiki.intern.example", 8000, ["10.0.0.5"]) == ""
    assert guard.check("wiki.intern.example", 80, ["10.0.0.5"]) == "private address refused"


def test_one_bad_answer_of_a_name_refuses_them_all() -> None:
    guard = Guard()
    assert guard.check("a.example", 443, ["93.184.216.34", "2606:2800:220:1::1"]) == ""
    assert guard.check("a.example", 443, ["93.184.216.34", "127.0.0.1"]) == "loopback address refused"
    assert guard.check("a.example", 443, ["fe80::1%eth0"]) == "link-local address refused"


def test_only_the_connection_to_the_proxy_itself_may_be_private() -> None:
    guard = Guard(proxy="http://10.0.0.8:3128")
    assert guard.check("10.0.0.8", 3128, ["10.0.0.8"], connecting=True) == ""
    assert guard.check("10.0.0.8", 3128, ["10.0.0.8"]) != "", "as a target it is refused"
    assert guard.check("10.0.0.8", 8080, ["10.0.0.8"], connecting=True) != ""
    assert guard.refusal("http://10.0.0.8:3128/") != ""


def test_the_class_of_an_address_is_named() -> None:
    assert address_class("127.0.0.1") == "loopback"
    assert address_class("::ffff:169.254.169.254") == "metadata"
    assert address_class("2002:c0a8:101::") == "private"
    assert address_class("64:ff9b::808:808") == ""
    assert address_class("2001:4860:4860::8888") == ""


def test_spellings_come_down_to_one() -> None:
    assert plain_host("ＷＷＷ.Example．ORG.") == "www.example.org"
    assert str(literal("0x7f.1")) == "127.0.0.1"
    assert literal("beispiel.de") is None
    assert spot("https://Example.org./x") == ("example.org", 443)


# --- the routes: nothing that a site says leads a crawl to a canary on this machine

# What the operating system's resolver takes for this machine; each becomes the host of a link, a redirect, …
ROUTED = ("127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.2", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "localhost", "①②⑦.⓪.⓪.①")  # fmt: skip


@pytest.fixture
def canaries() -> Iterator[list[Canary]]:
    """Listeners on 127.0.0.0/8 and ::1, on one port."""
    first = Canary("127.0.0.1")
    made = [first, Canary("127.0.0.2", first.port), Canary("::1", first.port)]
    yield made
    for canary in made:
        canary.site.close()


def _touched(canaries: list[Canary]) -> int:
    return sum(canary.touched for canary in canaries)


def test_links_redirects_feeds_and_robots_lead_to_no_canary(bench: Bench, canaries: list[Canary]) -> None:
    """The source may be asked at its own private address, and still nothing else on this machine is."""
    port = canaries[0].port
    with serving("127.0.0.9") as site:
        targets = [f"http://{host}:{port}/x.pdf" for host in ROUTED]
        hops = [f"/hop/{number}/x" for number in range(len(targets))]
        site.pages["/"] = html("Start", LONG * 3, links=(*targets, *hops))
        for hop, target in zip(hops, targets, strict=True):
            site.pages[hop] = redirect(quote(target, safe=":/[]"))
        entries = "".join(f"<url><loc>{target}</loc></url>" for target in targets)
        site.pages["/sitemap.xml"] = Reply(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>', type="application/xml"
        )
        robots = "User-agent: *\nAllow: /\n" + "".join(f"Sitemap: {target}\n" for target in targets)
        site.pages["/robots.txt"] = Reply(robots, type="text/plain")
        starts = f'start = ["{site.url("/")}", "{site.url("/sitemap.xml")}"]'
        bench.write(
            f'[[source]]\nname = "site"\n{starts}\nscope = ["{site.url("/")}"]\nallow_private = true\ndelay = 0\n'
        )
        bench.crawl()
        assert len(site.paths()) == 2 + len(hops)
    assert _touched(canaries) == 0


@pytest.mark.parametrize("host", ROUTED)
def test_a_start_address_of_this_machine_is_refused_and_says_why(
    bench: Bench, canaries: list[Canary], host: str
) -> None:
    uri = f"http://{host}:{canaries[0].port}/"
    bench.watch(uri, "allow_private = false")
    summary = bench.crawl()
    assert _touched(canaries) == 0
    assert summary.exit_code == 3
    assert [failure.rule for failure in summary.failures] == ["address-refused"]


def test_a_redirect_to_another_port_of_the_own_host_is_not_followed(
    bench: Bench, canaries: list[Canary], site: Site
) -> None:
    site.pages["/"] = html("Start", LONG * 3, links=("/weg",))
    site.pages["/weg"] = redirect(f"http://127.0.0.1:{canaries[0].port}/")
    bench.watch(site)
    bench.crawl()
    assert _touched(canaries) == 0


def test_a_proxy_is_asked_for_public_hosts_only(bench: Bench) -> None:
    """Non-global targets are refused before the proxy sees them; the proxy itself may be private."""
    with serving("127.0.0.5") as proxy:
        proxy.pages["http://amt.test/robots.txt"] = Reply("", status=404)
        links = ("http://amt.test/a", "http://127.0.0.1/x.pdf", "http://localhost/x.pdf", "http://amt.test/b.pdf")
        proxy.pages["http://amt.test/"] = html("Amt", LONG * 3, links=links)
        proxy.pages["http://amt.test/a"] = redirect("http://amt.test/a/")
        proxy.pages["http://amt.test/a/"] = html("A", LONG * 3)
        hosts = ["http://amt.test/", "http://127.0.0.1/", "http://localhost/", "http://10.0.0.1/", f"{proxy.base}/"]
        bench.write(
            f'[[source]]\nname = "site"\nstart = {json.dumps(hosts)}\ndelay = 0\n[crawler]\nproxy = "{proxy.base}"\n'
        )
        summary = bench.crawl()
        asked = {asked.path for asked in proxy.requests}
    assert asked == {f"http://amt.test/{path}" for path in ("robots.txt", "", "a", "a/", "b.pdf")}
    refused = [failure.uri for failure in summary.failures if failure.rule == "address-refused"]
    assert sorted(refused) == sorted(hosts[1:])


def test_a_tunnel_through_the_proxy_is_asked_for_public_hosts_only(bench: Bench) -> None:
    with serving("127.0.0.6") as proxy:
        hosts = ["https://amt.test/", "https://127.0.0.1/", "https://[::1]/"]
        bench.write(
            f'[[source]]\nname = "site"\nstart = {json.dumps(hosts)}\ndelay = 0\n[crawler]\nproxy = "{proxy.base}"\n'
        )
        bench.crawl()
        assert {asked.line.split()[1] for asked in proxy.requests} == {"amt.test:443"}


def test_hosts_of_no_proxy_are_asked_directly(bench: Bench, site: Site) -> None:
    with serving("127.0.0.7") as proxy:
        site.pages["/"] = html("Start", LONG * 3)
        bench.watch(site, tail=f'[crawler]\nproxy = "{proxy.base}"\nno_proxy = ["127.0.0.1"]')
        bench.crawl()
        assert proxy.requests == []
    assert site.paths() == ["/"]


class _Names:
    """A resolver whose answers the test sets; it stands where the reactor's own stands."""

    def __init__(self, *answers: str) -> None:
        self.nameResolver = self
        self._answers = answers

    def resolveHostName(self, receiver: Any, name: str, port: int, types: object, semantics: str) -> object:  # noqa: N802 - Twisted's interface
        receiver.resolutionBegan(self)
        for answer in self._answers:
            receiver.addressResolved(IPv4Address("TCP", answer, port))
        receiver.resolutionComplete()
        return self


class _Connector:
    """What asks a resolver before it connects."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None: ...  # noqa: N802 - Twisted's interface

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's interface
        self.addresses.append(f"{address.host}:{address.port}")

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's interface
        self.complete = True


@pytest.mark.parametrize(
    "answers", [("127.0.0.1",), ("93.184.216.34", "10.0.0.1"), ("169.254.169.254", "93.184.216.34")]
)
def test_a_harmless_name_with_one_bad_answer_is_not_connected_to(answers: tuple[str, ...]) -> None:
    resolver, connector = GuardedResolver(_Names(*answers)), _Connector()
    resolver.resolveHostName(connector, "harmlos.example.org", 443)
    assert (connector.addresses, connector.complete) == ([], True)
    assert resolver.guard.refused["harmlos.example.org"].endswith("address refused")


def test_good_answers_are_handed_on_and_an_opted_in_host_may_be_private() -> None:
    connector = _Connector()
    GuardedResolver(_Names("93.184.216.34", "8.8.8.8")).resolveHostName(connector, "gut.example.org", 443)
    assert connector.addresses == ["93.184.216.34:443", "8.8.8.8:443"]
    resolver, connector = GuardedResolver(_Names("10.0.0.5")), _Connector()
    resolver.guard = Guard(["http://wiki.intern.example:8000/"])
    resolver.resolveHostName(connector, "wiki.intern.example", 8000)
    assert connector.addresses == ["10.0.0.5:8000"]
    connector = _Connector()
    resolver.resolveHostName(connector, "wiki.intern.example", 443)
    assert connector.addresses == []
