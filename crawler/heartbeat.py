"""The sign of life to a service that raises the alarm when it stays away: one GET after each round that went well."""

from __future__ import annotations

import ssl
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from crawler import proxies
from crawler.config import Config
from crawler.logs import logger

_TIMEOUT = 10.0  # seconds; a service that is slower than this has a fault of its own


def beat(config: Config) -> bool:
    """Call the address, once and without following redirects; False, and a line in the log, when that failed.

    The address is a secret of the operator's and stands in no log.
    """
    url = config.operator.heartbeat
    host = urlsplit(url).hostname
    try:
        with _opener(config).open(Request(url, headers={"User-Agent": "Amtsblick"}), timeout=_TIMEOUT):  # noqa: S310 - the config takes https, and http to this machine
            return True
    except HTTPError as error:
        reason = f"it answered {error.code}"
        error.close()
    except URLError as error:
        reason = str(getattr(error.reason, "strerror", "") or error.reason)
    except (OSError, HTTPException, ValueError) as error:
        reason = str(error) or type(error).__name__
    logger.warning("heartbeat: %s could not be told that all is well: %s", host, reason)
    return False


def _opener(config: Config) -> OpenerDirector:
    """HTTP and HTTPS only, by the config's proxy and certificates, whatever the environment says."""
    context = ssl.create_default_context()
    if config.ca_file is not None:
        context.load_verify_locations(cafile=config.ca_file)
    url = config.operator.heartbeat
    proxy = proxies.proxy_for(config.crawler, url)
    opener = OpenerDirector()
    for handler in (
        ProxyHandler({urlsplit(url).scheme: proxy} if proxy else {}),
        HTTPHandler(),
        HTTPSHandler(context=context),
        HTTPErrorProcessor(),
        HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener
