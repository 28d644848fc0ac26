"""The readers that are compared: Amtsblick's, and Trafilatura's as it comes, in its three modes."""

from __future__ import annotations

from dataclasses import dataclass

import trafilatura

from extractors.model import Answer, Hints, Page
from extractors.read import read

OURS = "amtsblick"
MODES = ("default", "precision", "recall")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a reader took for the main text; ``beside`` is what it says about documents besides their label."""

    text: str
    beside: str = ""


def answer(body: bytes, uri: str) -> Answer:
    """A page as a server would give it."""
    return Answer(uri=uri, status=200, headers=(("Content-Type", "text/html"),), body=body)


def ours(body: bytes, uri: str) -> Found:
    """Title, blocks, and the labels of documents that stand apart; nothing for a page that is judged not to be one."""
    reading = read(answer(body, uri), Hints())
    return _of(reading.page) if reading.outcome.good and reading.page is not None else Found(text="")


def trafilaturas(body: bytes, mode: str) -> Found:
    """Plain Trafilatura in one of ``MODES``: without comments, with its own title where its text has left that out."""
    text = trafilatura.extract(
        body, include_comments=False, favor_precision=mode == "precision", favor_recall=mode == "recall"
    )
    metadata = trafilatura.extract_metadata(body)
    title = (metadata.title if metadata else None) or ""
    return Found(text=text if text and title in text else f"{title}\n{text or ''}")


def version() -> str:
    """The version of Trafilatura that is compared with."""
    return str(trafilatura.__version__)


def _of(page: Page) -> Found:
    linked = {link.uri for block in page.blocks for link in block.links}
    apart = [file for file in page.attachments if file.uri not in linked]
    return Found(
        text="\n".join([page.text, *(file.label for file in apart)]),
        beside="\n".join(f"{file.format} {file.size} {file.note}" for file in page.attachments),
    )
