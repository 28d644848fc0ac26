"""The address guard: refuses loopback, private, link-local and other non-global targets, however they are spelled.

Two lines of defence. :meth:`Guard.refusal` looks at the spelling of a URI before anything is resolved or handed to
a proxy. :class:`GuardedResolver` looks at every address that a name resolved to, at the moment of connecting, and
the connection uses exactly the addresses that were checked (so a name that changes its mind in between gains nothing).
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from twisted.internet.address import IPv4Address as TcpAddress
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer, provider  # type: ignore[import-untyped]  # it has no stubs

Spot = tuple[str, int]  # a host in its plain spelling, and a port

_PORTS = {"http": 80, "https": 443}

# What `ipaddress` of Python 3.11 calls global, or does not tell apart; IANA special-purpose registries (RFC 6890 ff.),
# and the one public-looking address behind which a cloud serves credentials (Azure's wire server).
_CLASSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("metadata", ("169.254.169.254/32", "168.63.129.16/32", "100.100.100.200/32", "fd00:ec2::254/128")),
    ("loopback", ("127.0.0.0/8", "::1/128")),
    ("unspecified", ("0.0.0.0/8", "::/128")),
    ("link-local", ("169.254.0.0/16", "fe80::/10")),
    ("shared", ("100.64.0.0/10",)),
    ("private", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10")),
    ("multicast", ("224.0.0.0/4", "ff00::/8")),
    ("documentation", ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")),
    (
        "reserved",
        (
            "192.0.0.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "240.0.0.0/4",
            "100::/64",
            "2001::/23",
            "5f00::/16",
            "64:ff9b:1::/48",
        ),
    ),
)
_NETWORKS = tuple((name, ip_network(text)) for name, texts in _CLASSES for text in texts)
_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")

# Names that never lead into the public internet: RFC 6761 (localhost, invalid, test), RFC 6762 (local),
# RFC 8375 (home.arpa), RFC 7686 (onion), ICANN 2024 (internal), and what routers hand out.
_LOCAL_NAMES = (
    "localhost",
    "local",
    "internal",
    "home.arpa",
    "lan",
    "intranet",
    "corp",
    "home",
    "localdomain",
    "onion",
)

_NUMBER = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_MALFORMED = "malformed address"
_NO_HOST = re.compile(r"[\x00-\x20\x7f#%/<>?@\\^`{|}]")  # WHATWG URL §3.2: forbidden domain code points
_DOTS = str.maketrans("。．｡", "...")  # what IDNA (RFC 3490 §3.1) takes for a dot


class AddressRefused(Exception):  # noqa: N818 - it names what happened to the request
    """The guard refused a target; the message names the class of the address. Nothing was sent."""


def address_class(address: str | IPv4Address | IPv6Address) -> str:
    """Why an address is not to be connected to: "loopback", "private", …; "" for a global one.

    IPv4 addresses inside IPv6 ones (mapped, compatible, 6to4, Teredo, NAT64) are judged by what they hold.
    """
    found = ip_address(address.partition("%")[0]) if isinstance(address, str) else address
    for name, network in _NETWORKS:
        if found in network:
            return name
    if isinstance(found, IPv6Address):
        inner = _embedded(found)
        if inner is not None:
            return address_class(inner)
    return "" if found.is_global and not found.is_multicast else "reserved"


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def plain_host(host: str) -> str:
    """A host in the spelling the guard compares: NFKC, lower case, no brackets, no final dots, no percent-escapes."""
    text = normalize("NFKC", unquote(host)).translate(_DOTS).lower().strip("[]").rstrip(".")
    return text.partition("%")[0] if ":" in text else text


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host spells, in any of the spellings of ``inet_aton`` ("127.1", "0x7f000001", "0177.0.0.1").

    None for a name. Raises ``ValueError`` for what ends in a number but is no address (WHATWG URL §3.5).
    """
    text = plain_host(host)
    if ":" in text:
        return ip_address(text)
    if not _NUMBER.fullmatch(text.rsplit(".", 1)[-1]):
        return None
    try:
        return IPv4Address(socket.inet_aton(text))
    except OSError:
        raise ValueError(f"{host!r} is no address") from None


def spot(uri: str) -> Spot:
    """Host and port of a URI in the spelling the guard compares. Raises ``ValueError`` for a malformed one."""
    parts = urlsplit(uri)
    host = plain_host(parts.hostname or "")
    return host, parts.port or _PORTS.get(parts.scheme, 0)


class Guard:
    """What one crawl may connect to: the public internet on ports 80 and 443, and the ``sites`` that a source opted in.

    ``sites`` are the start and scope URIs of a source with ``allow_private``; their hosts and ports may be anything.
    ``proxy`` is the outbound proxy's URI or "": only its own host may be private besides. ``refused`` collects what
    the resolver refused, by host.
    """

    def __init__(self, sites: Iterable[str] = (), proxy: str = "") -> None:
        self.sites = frozenset(_blind(spot(uri)) for uri in sites)
        self.proxy = spot(proxy) if proxy else None
        self.refused: dict[str, str] = {}
        self._refusals: dict[tuple[str, str], str] = {}  # by scheme and place: a crawl asks few hosts many times

    def allows(self, host: str, port: int) -> bool:
        """Whether this host and port were opted in."""
        return _blind((host, port)) in self.sites

    def refusal(self, uri: str) -> str:
        """Why a URI must not be asked, by its spelling alone; "" if nothing speaks against it."""
        try:
            parts = urlsplit(uri)
        except ValueError:
            return _MALFORMED
        place = parts.scheme, parts.netloc
        if place not in self._refusals:
            self._refusals[place] = self._refusal_of(*place)
        return self._refusals[place] or (_MALFORMED if _FORBIDDEN.search(uri) else "")

    def _refusal_of(self, scheme: str, netloc: str) -> str:
        try:
            host, port = spot(f"{scheme}://{netloc}")
            address = literal(host)
        except ValueError:
            return _MALFORMED
        if scheme not in _PORTS:
            return f"scheme {scheme or 'missing'} refused"
        if not host or "@" in netloc or _FORBIDDEN.search(netloc) or _NO_HOST.search(host):
            return _MALFORMED
        return "" if self.allows(host, port) else _strange(host, port, address)

    def check(self, host: str, port: int, addresses: Iterable[str], *, connecting: bool = False) -> str:
        """Why none of these addresses of a host may be connected to; "" if all may. One bad answer refuses them all."""
        host = plain_host(host)
        if self.allows(host, port) or (connecting and self._is_proxy(host, port)):
            return ""
        for address in addresses:
            name = address_class(address)
            if name:
                return f"{name} address refused"
        return ""

    def _is_proxy(self, host: str, port: int) -> bool:
        # A tunnel is opened by host name alone: the reactor's old resolver interface knows no port.
        return self.proxy is not None and host == self.proxy[0] and port in (0, self.proxy[1])


def _strange(host: str, port: int, address: IPv4Address | IPv6Address | None) -> str:
    if address is not None and address_class(address):
        return f"{address_class(address)} address refused"
    if port not in _PORTS.values():
        return f"port {port} refused"
    return "local name refused" if address is None and _is_local(host) else ""


def _is_local(host: str) -> bool:
    return "." not in host or any(host == name or host.endswith("." + name) for name in _LOCAL_NAMES)


def _blind(place: Spot) -> Spot:
    """The normal form of an address knows no ``www.``, so neither does the opt-in."""
    return plain_host(place[0]).removeprefix("www."), place[1]


@implementer(IHostnameResolver)
class GuardedResolver:
    """The reactor's resolver, with every answer judged by the guard of the crawl that is running."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._inner: Any = reactor.nameResolver
        self.guard = Guard()  # until a crawl brings its own: nothing private at all

    @classmethod
    def from_crawler(cls, _crawler: object, reactor: Any) -> GuardedResolver:
        """What Scrapy calls to make it."""
        return cls(reactor)

    def install_on_reactor(self) -> None:
        """Put it between the reactor and its resolver, for every connection that this process makes."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803 - Twisted's interface
        hostName: str,  # noqa: N803 - Twisted's interface
        portNumber: int = 0,  # noqa: N803 - Twisted's interface
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803 - Twisted's interface
        transportSemantics: str = "TCP",  # noqa: N803 - Twisted's interface
    ) -> IHostResolution:
        """Resolve a name; hands on all addresses, or none if one of them is refused."""

        def judge(addresses: list[TcpAddress]) -> list[TcpAddress]:
            reason = self.guard.check(hostName, portNumber, [one.host for one in addresses], connecting=True)
            if reason:
                self.guard.refused[plain_host(hostName)] = reason
            return [] if reason else addresses

        checked = _Checked(resolutionReceiver, judge)
        resolution: IHostResolution = self._inner.resolveHostName(
            checked, hostName, portNumber, addressTypes, transportSemantics
        )
        return resolution

    def lookup(self, host: str, done: Callable[[list[str]], None]) -> None:
        """Resolve a name only to look at it (a proxy will connect); ``done`` gets its addresses, [] for none."""
        self._inner.resolveHostName(_Listed(done), host, 0, None, "TCP")


@provider(IResolutionReceiver)
class _Checked:
    """Collects the answers for a name and hands them on once all were judged."""

    def __init__(self, receiver: Any, judge: Callable[[list[TcpAddress]], list[TcpAddress]]) -> None:
        self._receiver, self._judge = receiver, judge
        self._addresses: list[TcpAddress] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's interface
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: TcpAddress) -> None:  # noqa: N802 - Twisted's interface
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's interface
        for address in self._judge(self._addresses):
            self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


@provider(IResolutionReceiver)
class _Listed:
    """Collects the answers for a name as texts."""

    def __init__(self, done: Callable[[list[str]], None]) -> None:
        self._done = done
        self._addresses: list[str] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's interface
        pass

    def addressResolved(self, address: TcpAddress) -> None:  # noqa: N802 - Twisted's interface
        self._addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's interface
        self._done(self._addresses)
