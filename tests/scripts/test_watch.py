from typing import ClassVar

import numpy as np
import pygame
import pytest
from PIL import Image

from cookie_jar.agents import QLearning
from cookie_jar.agents.memory import read_memory, write_memory
from cookie_jar.envs.drawing.window import Window
from cookie_jar.scripts import watch
from cookie_jar.scripts.console import run
from cookie_jar.scripts.runs import load_run


@pytest.fixture
def learned(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    QLearning("CookieJarCorner-v0", seed=0).learn(5_000).save(tmp_path / "run" / "agent")
    return tmp_path / "run"


class ScriptedWindow(Window):
    """A real (headless) window in whose event queue the keys of a script are posted, frame by frame."""

    script: ClassVar[dict[int, int]] = {}
    frames: ClassVar[list[bytes]] = []

    def show(self, picture, fps):
        frame = len(self.frames)
        self.frames.append(pygame.image.tobytes(picture, "RGB"))
        assert frame < 2_000, "the window does not close"
        if frame in self.script:
            key = self.script[frame]
            kind = pygame.QUIT if key is None else pygame.KEYDOWN
            pygame.event.post(pygame.event.Event(kind, {} if key is None else {"key": key}))
        return super().show(picture, 0)

    def changes(self):
        return [n for n in range(1, len(self.frames)) if self.frames[n] != self.frames[n - 1]]


def play(folder, script, speed=1):
    window = ScriptedWindow("test", (640, 640))
    window.script, window.frames = script, []
    player = watch.Player(load_run(folder, render_mode="rgb_array"), 0, speed)
    player.play(window)
    window.close()
    return window, player


ACT = round(watch.FPS / watch.ACTS_PER_SECOND)  # frames between acts at speed 1


def test_it_plays_and_closes(learned):
    window, player = play(learned, {ACT * 10: None})
    assert player.closed
    # seven acts of the story, then the start of the next episode
    np.testing.assert_allclose(window.changes(), [ACT * n for n in range(1, 10)], atol=2)
    assert window.frames[-1] != window.frames[0]


@pytest.mark.parametrize("key", [None, pygame.K_ESCAPE])
def test_closing_at_any_frame(learned, key):
    for frame in (0, 1, 5):
        window, _ = play(learned, {frame: key})
        assert len(window.frames) == frame + 1


def test_pause_step_and_go_on(learned):
    script = {5: pygame.K_SPACE, 100: pygame.K_RIGHT, 120: pygame.K_RIGHT, 140: pygame.K_SPACE, 240: None}
    window, player = play(learned, script)
    assert window.changes()[:2] == [101, 121]
    assert window.changes()[2] == pytest.approx(140 + ACT - 5, abs=2)
    assert not player.paused


def test_stepping_pauses(learned):
    window, player = play(learned, {5: pygame.K_RIGHT, 200: None})
    assert window.changes() == [6]
    assert player.paused


def test_speed(learned):
    faster = play(learned, {0: pygame.K_UP, 1: pygame.K_UP, 120: None})[0]
    slower = play(learned, {0: pygame.K_DOWN, 120: None})[0]
    assert np.diff(faster.changes()).mean() == pytest.approx(ACT / 4, rel=0.1)
    assert np.diff(slower.changes()).mean() == pytest.approx(ACT * 2, rel=0.1)
    _, player = play(learned, dict.fromkeys(range(20), pygame.K_UP) | {20: None})
    assert player.speed == max(watch.SPEEDS)


def test_the_program_in_its_window(learned, monkeypatch):
    ScriptedWindow.script, ScriptedWindow.frames = {30: pygame.K_ESCAPE}, []
    monkeypatch.setattr("cookie_jar.envs.drawing.window.Window", ScriptedWindow)
    assert run(watch.main, [str(learned), "--speed", "4"]) == 0
    assert len(ScriptedWindow.frames) == 31
    assert not pygame.display.get_init()


def test_without_a_screen_it_says_what_to_do(learned, monkeypatch, capsys):
    monkeypatch.delenv("SDL_VIDEODRIVER")
    monkeypatch.setattr(Window, "visible", False)
    assert run(watch.main, [str(learned)]) == 2
    assert "no screen found; write a file: cookie-jar watch" in capsys.readouterr().err


def test_saving_a_gif(learned, capsys):
    assert run(watch.main, [str(learned), "--save", "out/story.gif"]) == 0
    assert "saved out/story.gif" in capsys.readouterr().out
    with Image.open("out/story.gif") as image:
        assert image.size == (640, 640)
        assert image.n_frames == 8  # the start and seven acts
        assert image.info["loop"] == 0
        first = np.asarray(image.convert("RGB")).astype(int)
        assert image.info["duration"] == 400
        image.seek(7)
        assert np.abs(np.asarray(image.convert("RGB")).astype(int) - first).sum() > 0


def test_an_agent_that_sees_nothing_better_than_bumping_is_cut_off(tmp_path):
    path = QLearning("CookieJarCorner-v0", seed=0).save(tmp_path / "agent")
    pictures = list(watch.episode(load_run(path, render_mode="rgb_array"), 0))
    assert len(pictures) == 201


@pytest.mark.parametrize("env_id", ["FrozenLake-v1", "CliffWalking-v1"])
def test_other_environments_can_be_watched(tmp_path, env_id, monkeypatch):
    monkeypatch.setattr(watch, "MAX_ACTS", 30)  # walking along the cliff has no time limit
    QLearning(env_id, seed=0).learn(100).save(tmp_path / "agent")
    assert run(watch.main, [str(tmp_path), "--save", str(tmp_path / "replay.gif")]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "expected the folder of a run"),
        (["{run}", "--save", "story.mov"], "ends in .gif"),
        (["{run}", "--save", "run/agent.safetensors/story.gif"], "cannot write there"),
        (["{run}", "--seed", "-3"], "--seed"),
    ],
)
def test_a_mistake_gives_one_clear_message(learned, arguments, message, capsys):
    assert run(watch.main, [argument.format(run=learned) for argument in arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
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
def test_a_hostile_description_gives_one_clear_message(learned, changes, capsys):
    file = learned / "agent.safetensors"
    arrays, description = read_memory(file)
    write_memory(file, arrays, description | changes)
    assert run(watch.main, [str(learned), "--save", "x.gif"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert "Traceback" not in error


def test_a_damaged_memory_gives_one_clear_message(learned, capsys):
    file = learned / "agent.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    assert run(watch.main, [str(learned)]) == 2
    assert str(file) in capsys.readouterr().err
