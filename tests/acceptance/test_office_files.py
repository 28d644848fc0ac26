"""Word, LibreOffice and Excel files: kept byte for byte, told as documents whose content could not be compared."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.acceptance.harness import Answer, Desk, Site, serving

pytestmark = pytest.mark.slow

TEXT = "Das Amt informiert an dieser Stelle über seine Arbeit, Termine und Wege zu den Stellen der Stadt."
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def docx(*paragraphs: str) -> bytes:
    """The least that Word opens."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", "<Relationships/>")
        body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
        archive.writestr("word/document.xml", f"<w:document><w:body>{body}</w:body></w:document>")
    return out.getvalue()


def odt(*paragraphs: str) -> bytes:
    """The least that LibreOffice opens."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "".join(f"<text:p>{text}</text:p>" for text in paragraphs))
    return out.getvalue()


def doc(text: str) -> bytes:
    """Something that begins as the old Word's files do."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + text.encode("utf-16-le").ljust(4096, b"\0")


def rtf(text: str) -> bytes:
    return b"{\\rtf1\\ansi " + text.encode("cp1252") + b"}\n"


def page(*links: str) -> Answer:
    items = "".join(f'<li><a href="{link}">Antrag {link[-6:]}</a></li>' for link in links)
    return Answer(
        f"<html lang=de><head><title>Formulare</title></head><body><main><h1>Formulare</h1><p>{TEXT}</p><p>{TEXT}</p>"
        f"<h2>Zum Herunterladen</h2><ul>{items}</ul></main></body></html>"
    )


def desk(folder: Path, site: Site) -> Desk:
    config = (
        f'[[source]]\nname = "s"\nstart = ["{site.base}/amt/"]\nallow_private = true\ndelay = 0\nconfirm_after = "0s"\n'
    )
    return Desk(folder, f'{config}\n[[subscription]]\nname = "team"\nto = ["team@example.org"]\n')


def test_office_files_are_kept_and_told_as_documents(tmp_path: Path) -> None:
    with serving() as site:
        work = desk(tmp_path, site)
        links = ["/files/a.docx", "/files/b.odt", "/files/c.doc", "/files/d.rtf"]
        site.pages["/amt/"] = page(*links)
        site.pages["/files/a.docx"] = Answer(docx("eins"), type=DOCX)
        site.pages["/files/b.odt"] = Answer(odt("eins"), type="application/octet-stream")
        site.pages["/files/c.doc"] = Answer(doc("eins"), type="application/msword")
        site.pages["/files/d.rtf"] = Answer(rtf("eins"), type="text/html")  # as misconfigured servers do
        assert work.crawl("2026-03-02T06:00:00Z") == []
        row = work.json("crawl", now="2026-03-02T18:00:00Z")[0]
        assert (row["documents"], row["failed"], row["coverage"]) == (4, 0, 1.0)
        raw = work.json("snapshots", f"{site.base}/files/a.docx")[0]
        assert (raw["outcome"], raw["bytes"]) == ("ok", len(docx("eins")))

        site.pages["/files/a.docx"] = Answer(docx("eins", "zwei"), type=DOCX)
        site.pages["/files/c.doc"] = Answer(doc("zwei"), type="application/msword")
        changed = work.crawl("2026-03-03T06:00:00Z")
        assert {(row["kind"], row["uri"].rpartition("/")[2]) for row in changed} == {
            ("document.changed", "a.docx"),
            ("document.changed", "c.doc"),
        }
        assert all(row["before"] is None and row["after"] is None for row in changed)
        assert all("ließ sich nicht vergleichen" in row["summary"] for row in changed)

        site.pages["/amt/"] = page(*links[1:], "/files/e.xlsx")
        site.pages["/files/e.xlsx"] = Answer(docx("drei"), type="application/zip")
        moved = work.crawl("2026-03-04T06:00:00Z")
        kinds = {(row["kind"], row["uri"].rpartition("/")[2]) for row in moved}
        assert ("document.added", "e.xlsx") in kinds
        assert ("document.removed", "a.docx") in kinds
        assert len(kinds) == 2, kinds
        told = work.run("digest", now="2026-03-09T08:00:00Z").out
        assert "ließ sich nicht vergleichen" in told


def test_an_office_file_that_is_none_fails_by_name_and_costs_nothing_else(tmp_path: Path) -> None:
    with serving() as site:
        work = desk(tmp_path, site)
        site.pages["/amt/"] = page("/files/a.docx", "/files/b.docx", "/files/c.docx")
        site.pages["/files/a.docx"] = page()
        site.pages["/files/b.docx"] = Answer(docx("eins" * 2000)[:300], type=DOCX)
        site.pages["/files/c.docx"] = Answer(b"kaputt", type=DOCX)
        work.json("crawl", now="2026-03-02T06:00:00Z", expect=3)
        outcomes = {name: work.json("snapshots", f"{site.base}/files/{name}.docx")[-1]["rule"] for name in "abc"}
        assert outcomes == {"a": "html-for-document", "b": "archive-cut", "c": "not-document"}
        assert work.json("snapshots", f"{site.base}/amt/")[0]["outcome"] == "ok"
