import pytest
from needs import CLIFF
from windows import make_view

from cookie_jar.agents.memory import read_memory, write_memory
from cookie_jar.scripts import watch
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.viewer import main_loop


@pytest.mark.usefixtures("display")
def test_the_program_in_its_window(corner_run, monkeypatch):
    shown = []
    monkeypatch.setattr(main_loop, "show", lambda view, title, size: shown.append((view, title, size)))
    assert run(watch.main, [f"{corner_run}@0", str(corner_run), "--speed", "4", "--overlays", "trail"]) == 0
    [(view, title, size)] = shown
    assert (view.player.head.speed, view.player.shown, size) == (4, {"trail"}, None)
    assert [replay.steps for replay in view.player.replays] == [0, 5000]
    assert str(corner_run) in title


@pytest.mark.usefixtures("display")
def test_what_is_shown_at_first(corner_run, monkeypatch):
    shown = []
    monkeypatch.setattr(main_loop, "show", lambda view, title, size: shown.append((view, size)))
    assert run(watch.main, [str(corner_run), "--size", "640x360"]) == 0
    [(view, size)] = shown
    assert (view.player.head.speed, view.player.seed, size) == (1, 0, (640, 360))
    assert view.player.shown == {"values", "arrows", "trail", "panel"}


@pytest.mark.parametrize("driver", [None, "dummy", "offscreen"])
def test_without_a_screen_it_prints_the_episode(corner_memory, monkeypatch, capsys, driver):
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if driver is not None:
        monkeypatch.setenv("SDL_VIDEODRIVER", driver)
    assert run(watch.main, [str(corner_memory)]) == 0
    printed = capsys.readouterr().out
    assert "7. pick middle: yum" in printed
    assert "no display found" in printed
    assert "--save episode.gif" in printed


@pytest.mark.parametrize("env_id", ["FrozenLake-v1", CLIFF])
def test_other_environments_as_a_file(tmp_path, env_id, monkeypatch):
    from cookie_jar.agents import QLearning
    from cookie_jar.envs.rendering import episode

    monkeypatch.setattr(episode, "MAX_ACTS", 30)  # walking along the cliff has no time limit
    QLearning(env_id, seed=0).learn(100).save(tmp_path / "agent")
    assert run(watch.main, [str(tmp_path), "--save", str(tmp_path / "replay.gif"), "--speed", "16"]) == 0
    assert (tmp_path / "replay.gif").read_bytes().startswith(b"GIF89a")
    assert make_view(tmp_path).player.last <= 100


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "expected the folder of a run"),
        ([], "RUN: expected a run, found none in runs; create a run with: cookie-jar train"),
        (["{run}"] * 5, "expected up to 4 runs, got 5"),
        (["{run}", "--save", "story.mov"], "ends in .gif, .webp, .mp4, .png, .html"),
        (["{run}", "--save", "run/agent.safetensors/story.gif"], "expected a folder, but run/agent"),
        (["{run}", "--save", "story.gif", "--large"], "--large: expected no --save"),
        (
            ["{run}", "--save", "x.html", "--seed", "3"],
            "--save x.html: expected one run and no option of a replay",
        ),
        (["{run}", "{run}", "--save", "x.html"], "got 2 runs"),
        (["{run}", "--seed", "-3"], "--seed: expected at least 0, got -3"),
        (["{run}", "--size", "12"], "--size: expected WIDTHxHEIGHT"),
        (["{run}", "--size", "1x1"], "--size: expected WIDTHxHEIGHT"),
        (["{run}", "--overlays", "smells"], "--overlays: expected some of values"),
        (["{run}", "--speed", "3"], "--speed"),
        (["nothing.json"], "expected an episode that `play` saved"),
    ],
)
def test_a_mistake_gives_one_clear_message(corner_memory, arguments, message, capsys):
    assert run(watch.main, [argument.format(run=corner_memory) for argument in arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert message in error


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": ["QLearning"]},
        {"algorithm": "Sesame"},
        {"num_timesteps": None},
        {"hyperparameters": {"seed": [[1]]}},
        {"hyperparameters": {"use_model": {}, "colour": 1}},
        {"random_state": {"bit_generator": "PCG64", "state": {"state": 2**200, "inc": 1}}},
        {"env": "[" * 100_000},
        {"env": '{"id": "GymV21Environment-v0", "max_episode_steps": 9, "kwargs": {}}'},
        {"env": '{"id": "os:system-v0", "max_episode_steps": 9, "kwargs": {}}'},
        {"env": '{"id": "CookieJar-v0", "max_episode_steps": -1, "kwargs": {}}'},
        {"env": '{"id": "CookieJar-v0", "max_episode_steps": 9, "kwargs": {"kitchen": {}}}'},
        {"env": None},
    ],
)
def test_a_hostile_description_gives_one_clear_message(corner_memory, changes, capsys):
    file = corner_memory / "agent.safetensors"
    arrays, description = read_memory(file)
    write_memory(file, arrays, description | changes)
    assert run(watch.main, [str(corner_memory), "--save", "x.gif"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert "Traceback" not in error


def test_a_damaged_memory_gives_one_clear_message(corner_memory, capsys):
    file = corner_memory / "agent.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    assert run(watch.main, [str(corner_memory)]) == 2
    assert str(file) in capsys.readouterr().err
