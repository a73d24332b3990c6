import json

import pytest

from cookie_jar.scripts import benchmark
from cookie_jar.scripts.benchmarks.timing import Scale
from cookie_jar.scripts.common.console import run


@pytest.mark.slow
def test_every_row_is_measured_and_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(benchmark, "Scale", lambda **_: Scale(rounds=2, steps=500))
    assert run(benchmark.main, ["--quick", "--json", str(tmp_path / "figures.json")]) == 0
    shown = capsys.readouterr().out
    figures = json.loads((tmp_path / "figures.json").read_text())["figures"]
    assert len(figures) == len(benchmark.MEASUREMENTS)
    for figure in figures:
        assert figure["name"] in shown
        assert all(value > 0 for value in (*figure["ours"], *figure["peer"]))
        assert (figure["ratio"] is None) == (not figure["peer"])


def test_a_bad_file_is_refused_before_measuring(refuse, tmp_path):
    (tmp_path / "notes.json").write_text("mine")
    assert "holds something else, and is kept" in refuse(
        benchmark.main, ["--json", str(tmp_path / "notes.json")]
    )
    assert "expected a folder" in refuse(
        benchmark.main, ["--json", str(tmp_path / "notes.json" / "figures.json")]
    )
