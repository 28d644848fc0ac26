"""pywb, a Memento client that nobody wrote for us, has the view for its only archive and replays what it finds there."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.web.kept import HOST, PAGE
from tests.web.view import View

pytestmark = [pytest.mark.needs_witness, pytest.mark.slow]

FIRST, SECOND, THIRD, LAST = "20240301050000", "20240302050000", "20240501050000", "20250201050000"
PLAN = f"{HOST}/amt/plan.pdf"


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
            ours = kept.get(f"/web/{at}id_/{PAGE}").body
            theirs = pywb.ask(f"/amt/{at}id_/{PAGE}", accept_encoding="identity")
            assert theirs.status == 200
            assert theirs.body == ours
        coded = pywb.ask(f"/amt/{FIRST}id_/{PAGE}", accept_encoding="gzip")
        plain = kept.get(f"/web/{FIRST}id_/{PAGE}").body
        assert (gzip.decompress(coded.body) if coded.headers.get("content-encoding") else coded.body) == plain

        for at in (FIRST, LAST):
            assert pywb.ask(f"/amt/{at}id_/{PLAN}").body == kept.get(f"/web/{at}id_/{PLAN}").body

        gate = pywb.ask(f"/amt/{PAGE}", accept_datetime="Mon, 01 Apr 2024 00:00:00 GMT")
        assert SECOND in gate.headers.get("location", "") + gate.headers.get("content-location", "")
        shown = pywb.ask(f"/amt/{THIRD}mp_/{PAGE}")
        assert "Dienstag, 9 Uhr" in shown.body.decode()
        assert shown.headers["memento-datetime"] == "Wed, 01 May 2024 05:00:00 GMT"
