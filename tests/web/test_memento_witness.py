"""pywb, a Memento client that nobody wrote for us, has the view for its only archive and replays what it finds there."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from storage.archive import Archive
from tests.conftest import ROOT
from tests.web.kept import HOST, PAGE
from tests.web.view import View
from web.written import last_moment

pytestmark = [pytest.mark.needs_witness, pytest.mark.slow]

FIRST, SECOND, THIRD, LAST = "20240301050000", "20240302050000", "20240501050000", "20250201050000"
PLAN = f"{HOST}/amt/plan.pdf"


def stored_at(kept: View, uri: str, at: str) -> bytes:
    """What the archive itself has."""
    moment = last_moment(at)
    assert moment is not None
    with Archive.open(kept.settings.archive, readonly=True) as archive:
        found = archive.memento_at(uri, moment)
        assert found is not None
        return found.payload


def test_pywb_walks_the_timemap_and_replays_byte_for_byte(kept: View, tmp_path: Path) -> None:
    if not (ROOT / ".witness/pywb/bin/wayback").exists():
        pytest.skip("needs pywb: `make test-setup` adds it")
    from tests.storage.witness import replaying  # noqa: PLC0415

    source = f"""
collections:
  amt:
    index_group:
      view:
        type: memento
        timegate_url: "{kept.url}/timegate/{{url}}"
        timemap_url: "{kept.url}/timemap/link/{{url}}"
        replay_url: "{kept.url}/web/{{timestamp}}id_/{{url}}"
framed_replay: false
enable_memento: true
"""
    with replaying(tmp_path, source) as pywb:
        listed = pywb.ask(f"/amt/timemap/cdxj/{PAGE}").body.decode().splitlines()
        assert [line.split()[1] for line in listed] == [FIRST, SECOND, THIRD, LAST]
        assert len(pywb.ask(f"/amt/timemap/link/{PLAN}").body.decode().split('memento"')) - 1 == 2

        for at in (FIRST, SECOND, THIRD, LAST):
            theirs = pywb.ask(f"/amt/{at}id_/{PAGE}", accept_encoding="identity")
            stored = stored_at(kept, PAGE, at)
            assert theirs.status == 200
            assert theirs.body == (gzip.decompress(stored) if at in (FIRST, SECOND) else stored)
        coded = pywb.ask(f"/amt/{FIRST}id_/{PAGE}", accept_encoding="gzip")
        assert (coded.headers.get("content-encoding"), coded.body) == ("gzip", stored_at(kept, PAGE, FIRST))

        for at in (FIRST, LAST):
            assert pywb.ask(f"/amt/{at}id_/{PLAN}").body == stored_at(kept, PLAN, at)

        gate = pywb.ask(f"/amt/{PAGE}", accept_datetime="Mon, 01 Apr 2024 00:00:00 GMT")
        assert SECOND in gate.headers.get("location", "") + gate.headers.get("content-location", "")
        shown = pywb.ask(f"/amt/{THIRD}mp_/{PAGE}")
        assert "Dienstag, 9 Uhr" in shown.body.decode()
        assert shown.headers["memento-datetime"] == "Wed, 01 May 2024 05:00:00 GMT"
