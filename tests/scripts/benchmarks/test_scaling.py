"""The rooms span the states that the figure promises, and each point of a series measures what it says."""

import json

import pytest

from cookie_jar.agents import evaluate, value_iteration
from cookie_jar.envs.config import count_states, make_config
from cookie_jar.envs.tabular import World
from cookie_jar.scripts import benchmark
from cookie_jar.scripts.benchmarks import scaling, scaling_figure
from cookie_jar.scripts.common.console import run


@pytest.fixture
def little(monkeypatch):
    """Little work for each measurement."""
    for name in ("UPDATES", "SEED_UPDATES", "WARM_UP"):
        monkeypatch.setattr(scaling, name, 100)
    monkeypatch.setattr(scaling, "ROUNDS", 1)
    monkeypatch.setattr(scaling, "ENOUGH", 0.0)
    monkeypatch.setattr(scaling, "ENVIRONMENTS", 8)


def test_rooms_have_from_40_to_2_million_states():
    kitchens = [
        make_config(
            kitchen=scaling.room(*size), shuffle_cookies=bool(shuffled), max_states=scaling.MAX_STATES
        )
        for *size, shuffled in scaling.ROOMS
    ]
    states = [count_states(config) for config in kitchens]
    assert states == sorted(states)
    assert states[0] == 40
    assert 1_900_000 < states[-1] <= 2_000_000


def test_a_room_can_be_solved():
    model = World(make_config(kitchen=scaling.room(4, 4))).tabular_model
    assert evaluate(model, value_iteration(model, 0.99).policy, 200).success == 1


def test_a_point_of_states_counts_them(little):
    point = scaling.of_states(1, 2, 0)
    assert point["states"] == 40
    assert point["table_bytes"] > 40 * 10 * 8
    assert all(point[name] > 0 for name in ("compile_seconds", "solve_seconds", "updates_per_second"))


@pytest.mark.slow  # warms up the loop of the vector environment
def test_points_of_seeds_and_kitchens_have_positive_rates(little):
    seeds, kitchens = scaling.of_seeds(3, 2), scaling.of_kitchens(2)
    assert (seeds["seeds"], seeds["threads"], kitchens["kitchens"]) == (3, 2, 2)
    assert min(seeds["updates_per_processor_second"], kitchens["steps_per_second"]) > 0


def test_quick_measures_fewer_points_of_every_series():
    every, few = ([name for name, _ in scaling.inputs(quick=quick)] for quick in (False, True))
    assert set(every) == set(few) == set(scaling.SERIES)
    assert len(few) < len(every)


def point(name, sizes):
    """Return a point without measuring."""
    names = {
        "states": (
            "states",
            "compile_seconds",
            "solve_seconds",
            "updates_per_second",
            "table_bytes",
            "peak_bytes",
        ),
        "seeds": ("seeds", "updates_per_processor_second"),
        "kitchens": ("kitchens", "steps_per_second"),
    }
    rest = {"threads": sizes[1]} if name == "seeds" else {}
    return dict.fromkeys(names[name], float(sizes[0])) | rest


def series():
    """Return all series without measuring."""
    found = {}
    for name, sizes in scaling.inputs():
        found.setdefault(name, []).append(point(name, sizes))
    return found


def test_the_figure_has_a_panel_for_each_question_and_labels_lines():
    figure = scaling_figure.draw(series())
    assert [axes.get_title("left") for axes in figure.axes] == [
        *("Processor time", "Memory"),
        *("Q-learning: updates per second and core", "Vector environment: steps per second"),
    ]
    labels = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    assert labels[1:3] == [["peak", "tables"], ["two threads", "one thread"]]
    assert all(axes.get_xscale() == "log" for axes in figure.axes)
    assert [axes.get_yscale() for axes in figure.axes] == ["log", "log", "linear", "linear"]
    assert [axes.get_ylim()[0] for axes in figure.axes[2:]] == [0, 0]


def test_the_program_writes_the_figure_and_the_numbers(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(scaling, "measure", point)
    files = tmp_path / "scaling.png", tmp_path / "scaling.json"
    assert run(benchmark.main, ["--scaling", str(files[0]), "--json", str(files[1])]) == 0
    assert files[0].read_bytes().startswith(b"\x89PNG")
    assert json.loads(files[1].read_text())["scaling"] == series()
    assert str(files[0]) in capsys.readouterr().out.replace("\n", "")


@pytest.mark.parametrize(("size", "text"), [(10_320, "10.3 kB"), (5e6, "5 MB"), (1.4e9, "1.4 GB")])
def test_sizes_are_written_in_few_letters(size, text):
    assert scaling_figure.bytes_text(size) == text
