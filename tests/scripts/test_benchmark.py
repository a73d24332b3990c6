import json

from cookie_jar.scripts import benchmark
from cookie_jar.scripts.console import run


def test_it_measures_and_writes_all_values(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(benchmark, "Scale", lambda **_: Tiny)
    assert run(benchmark.main, ["--quick", "--json", str(tmp_path / "figures.json")]) == 0
    shown = capsys.readouterr().out
    figures = json.loads((tmp_path / "figures.json").read_text())["figures"]
    assert len(figures) == len(benchmark.MEASUREMENTS)
    for figure in figures:
        assert figure["name"] in shown
        assert len(figure["ours"]) == Tiny.rounds
        assert all(value > 0 for value in figure["ours"])
        assert (figure["ratio"] is None) == (figure["peer_name"] == "")


class Tiny:
    rounds, steps = 2, 500


def test_the_ratio_is_the_median_of_pairs():
    figure = benchmark.Figure("x", "s", [2.0, 9.0, 4.0], "y", [1.0, 3.0, 1.0])
    assert figure.ratio == 3.0
    assert benchmark.Figure("x", "s", [1.0]).ratio is None
