"""Which linked addresses are files rather than pages, by the ends of their names; the crawl asks this of every link."""

from __future__ import annotations

import re

from extractors import address
from extractors.model import Attachment

#: The files that a page offers beside documents, by the ends of their names, and what readers call them.
FILES = {
    "zip": "ZIP", "7z": "7z", "rar": "RAR", "gz": "GZ", "ics": "ICS", "vcf": "VCF", "csv": "CSV", "epub": "EPUB",
    "gpx": "GPX", "kml": "KML", "odg": "ODG",
}  # fmt: skip
_NAME = re.compile(rf"\.({'|'.join(FILES)})$", re.IGNORECASE)


def ending(uri: str) -> str:
    """Return the end of a file's name, in lower case, if it is one of :data:`FILES`, else ""."""
    match = _NAME.search(uri.partition("?")[0])
    return match[1].lower() if match else ""


def is_file(uri: str) -> bool:
    """Tell whether an address looks like a file to keep rather than a page: a document, an archive, a calendar."""
    return address.is_document(uri) or bool(ending(uri))


def is_offered(file: Attachment) -> bool:
    """Tell whether only the page calls a file a PDF, at an address such as ``/download.php?id=7``."""
    return file.format == "PDF" and not is_file(file.uri)
