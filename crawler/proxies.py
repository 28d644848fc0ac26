"""Which proxy a request has to go through."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.guard import plain_host
from crawler.tables import CrawlerTable


def proxy_for(table: CrawlerTable, uri: str) -> str:
    """The proxy to ask a URI through, "" for none."""
    host = plain_host(urlsplit(uri).hostname or "")
    return "" if not table.proxy or _exempt(host, table.no_proxy) else table.proxy


def _exempt(host: str, no_proxy: Sequence[str]) -> bool:
    """The customary reading of no_proxy: a host and all below it, with or without a dot in front; ``*`` is all."""
    for entry in no_proxy:
        name = entry.strip().lower().removeprefix("*").removeprefix(".")
        if entry.strip() == "*" or (name and (host == name or host.endswith("." + name))):
            return True
    return False
