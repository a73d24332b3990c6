import json
import sys

from cookie_jar.scripts import benchmark
from cookie_jar.scripts.benchmarks import environments as measurements
from cookie_jar.scripts.common.console import run


def test_it_measures_and_writes_all_values(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(benchmark, "Scale", lambda **_: Tiny)
    assert run(benchmark.main, ["--quick", "--json", str(tmp_path / "figures.json")]) == 0
    shown = capsys.readouterr().out
    figures = json.loads((tmp_path / "figures.json").read_text())["figures"]
    assert len(figures) == len(benchmark.MEASUREMENTS) + len(benchmark.LEARNING_MEASUREMENTS)
    for figure in figures:
        assert figure["name"] in shown
        assert all(value > 0 for value in (*figure["ours"], *figure["peer"]))
        assert (figure["ratio"] is None) == (not figure["peer"])


def test_a_peer_that_is_not_installed_is_named_as_skipped(monkeypatch):
    monkeypatch.setitem(sys.modules, "envpool", None)
    figure = measurements.against_envpool(Tiny)
    assert figure.peer_name == "EnvPool: skipped, not installed"
    assert figure.ratio is None


def test_a_bad_file_is_refused_before_measuring(capsys):
    assert run(benchmark.main, ["--json", "nowhere/figures.json"]) == 2
    assert "a folder that exists" in capsys.readouterr().err


class Tiny:
    rounds, steps = 2, 500


def test_the_ratio_is_the_median_of_pairs():
    figure = measurements.Measurement("x", "s", [2.0, 9.0, 4.0], "y", [1.0, 3.0, 1.0])
    assert figure.ratio == 3.0
    assert measurements.Measurement("x", "s", [1.0]).ratio is None
