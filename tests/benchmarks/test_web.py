"""The benchmark of the web view asks for every kind of page there is, and each of them answers."""

from __future__ import annotations

import json

import pytest

from benchmarks.web import __main__ as benchmark


@pytest.mark.slow
def test_every_kind_of_page_is_asked_and_answers(capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.main(["--captures", "300", "--seconds", "2.5", "--readers", "10", "--alone", "2", "--json"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) >= 7
    assert all(row["bytes"] > 500 and 0 < row["p50"] <= row["p95"] <= row["p99"] for row in rows)
    assert not any(row["refused"] for row in rows)
    assert all(row["ratio"] > 0 and row["cpu"] >= 0 for row in rows)


def test_a_share_of_all_values() -> None:
    assert benchmark.at_share([float(n) for n in range(1, 101)], 0.95) == 95
    assert benchmark.at_share([1.0], 0.99) == 1
