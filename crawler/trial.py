"""A look at an address that nobody watches yet: a crawl of a few pages into an archive that is thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from crawler import shown, values
from crawler.config import Config, SourceConfig, load
from crawler.progress import CrawlProgress
from crawler.runner import run_crawl
from crawler.session import Refusal, Session
from crawler.summary import CrawlSummary
from extractors import address
from extractors.model import Hints
from storage.archive import Archive
from storage.records import Capture

_REFUSED = "address-refused"  # the guard's rule for loopback, private and link-local addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the command line says on how to read a page; ``None`` and () leave it to the config."""

    main: tuple[str, ...] = ()
    notice: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extractor: str | None = None

    @classmethod
    def checked(
        cls, main: list[str] | None, notice: list[str] | None, ignore: list[str] | None, extractor: str | None
    ) -> Choices:
        """The values of the options. Raises Refusal for a selector that is none, and for an unknown page object."""
        options = {"main": main or [], "notice": notice or [], "ignore": ignore or []}
        try:
            for key, selectors in options.items():
                for selector in selectors:
                    values.selector(selector, option=f"--{key}: ")
            if extractor is not None:
                values.extractor(extractor)
        except ValueError as error:
            raise Refusal(str(error)) from None
        found = {key: tuple(selectors) for key, selectors in options.items()}
        return cls(**found, extractor=extractor)

    def over(self, source: SourceConfig | None) -> Hints:
        """What a reader is told: what was chosen here, else what the source says."""
        hints = Hints()
        if source is not None:
            hints = Hints(extractor=source.extractor, main=source.main, notice=source.notice, ignore=source.ignore)
        named = {key: held for key in ("main", "notice", "ignore") if (held := getattr(self, key))}
        if self.extractor is not None:
            named = {"main": (), **named, "extractor": self.extractor}
        return replace(hints, **named)

    def lines(self) -> list[str]:
        """Their lines in a config."""
        lines = [] if self.extractor in (None, "auto") else [f"extractor = {shown.toml(self.extractor)}"]
        chosen = {"main": self.main, "notice": self.notice, "ignore": self.ignore}
        return lines + [f"{key} = {shown.toml(selectors)}" for key, selectors in chosen.items() if selectors]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of a look. ``first`` is the capture of the address itself, ``last`` where its redirects ended."""

    uri: str
    source: SourceConfig
    summary: CrawlSummary
    archive: Archive

    @property
    def first(self) -> Capture | None:
        """The newest capture of the address, None when it was not even asked."""
        looks = self.archive.captures_of(self.uri)
        return looks[-1] if looks else None

    @property
    def last(self) -> Capture | None:
        """The capture at the end of the redirects, the first one if there are none."""
        found = self.first
        followed = {found.id} if found else set()
        while found is not None and found.location is not None:
            target = self.archive.captures_of(found.location)
            if not target or target[-1].id in followed:
                break
            found = target[-1]
            followed.add(found.id)
        return found

    def problem(self, look: Capture | None) -> str:
        """Why there is nothing to show, in one line with what to do."""
        if look is None:
            return f"{self.uri}: {self.summary.reason or self.summary.outcome}"
        hint = "; if it is inside your own network, add --allow-private" if look.rule == _REFUSED else ""
        return f"{self.uri}: {look.detail or look.rule}{hint}"


@contextmanager
def trial(
    run: Session, url: str, choices: Choices, *, allow_private: bool = False, pages: int = 1, depth: int = 0
) -> Iterator[Trial]:
    """Ask an address and what it links, politely, within caps; nothing of it stays.

    Raises:
        Refusal: for no address of the web, and where nothing could be asked at all.
    """
    uri = checked(url)
    with TemporaryDirectory(prefix="amtsblick-try-") as folder:
        file = Path(folder) / "amtsblick.toml"
        file.touch(mode=0o600)
        lines = _lines(run.config, uri, choices, allow_private=allow_private or is_own(run.config, uri))
        caps = [f"max_pages = {pages}", f"max_depth = {depth}", 'deadline = "5m"', 'register = "seminars"']
        file.write_text("\n".join([*lines, *caps]) + "\n", "utf-8")
        config = load(file)
        with CrawlProgress(run.output) as progress:
            (summary,) = run_crawl(config, [config.source[0].name], run.clock, progress.show)
        if not config.archive_path.exists():
            raise Refusal(f"{uri}: {summary.reason or summary.outcome}", summary.exit_code or 3)
        with Archive.open(config.archive_path, readonly=True) as archive:
            yield Trial(uri=uri, source=config.source[0], summary=summary, archive=archive)


def checked(url: str) -> str:
    """An address as typed, with https:// where it has no scheme. Raises Refusal for none."""
    try:
        return values.url(url if "://" in url else f"https://{url}")
    except ValueError as error:
        raise Refusal(str(error)) from None


def block(uri: str, choices: Choices, *, allow_private: bool) -> list[str]:
    """The lines to paste into a config."""
    lines = ["[[source]]", f"name = {shown.toml(name_of(uri))}", f"start = [{shown.toml(uri)}]", *choices.lines()]
    return [*lines, "allow_private = true"] if allow_private else lines


def name_of(uri: str) -> str:
    """A name made of host and last path segment: ``berlin-de-22-seminar``."""
    parts = urlsplit(address.key(uri) and f"//{address.key(uri)}")
    words = [(parts.hostname or "site"), *[part for part in parts.path.split("/") if part][-1:]]
    name = "-".join("".join(c if c.isascii() and c.isalnum() else "-" for c in word).strip("-") for word in words)
    return name[:64].strip("-") or "site"


def is_own(config: Config, uri: str) -> bool:
    """Whether a source of the config already says that this host may be a private one."""
    own = (each for source in config.source if source.allow_private for each in (*source.start, *source.scope))
    return address.host(uri) in map(address.host, own)


def _lines(config: Config, uri: str, choices: Choices, *, allow_private: bool) -> list[str]:
    """A config of one source, with the proxy and certificates of the real one."""
    settings = config.crawler
    return [
        "[archive]",
        'least_free = "1B"',
        "[crawler]",
        f"contact = {shown.toml(settings.contact)}",
        f"proxy = {shown.toml(settings.proxy)}",
        f"no_proxy = {shown.toml(settings.no_proxy)}",
        f"ca_file = {shown.toml(str(config.ca_file or ''))}",
        *block(uri, choices, allow_private=allow_private),
    ]
