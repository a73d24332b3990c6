import json

import pygame
import pytest
from windows import press

from cookie_jar.agents import QLearning
from cookie_jar.envs import Action
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.scripts import play, watch
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.viewer import main_loop

KEYS = [pygame.K_RIGHT, pygame.K_c, pygame.K_LEFT, pygame.K_c, pygame.K_SPACE, pygame.K_r, pygame.K_2]
ACTIONS = [
    *(Action.RIGHT, Action.CHAIR, Action.LEFT, Action.CHAIR, Action.CLIMB, Action.REACH),
    Action.PICK_MIDDLE,
]


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def views(monkeypatch):
    """The views that programs show, instead of windows."""
    views = []
    monkeypatch.setattr(main_loop, "show", lambda view, *_: views.append(view))
    return views


@pytest.mark.usefixtures("display")
def test_a_saved_episode_can_be_watched(inside, monkeypatch, views, capsys):
    def play_and_save(view, title):
        press(view, *KEYS, pygame.K_s, pygame.K_BACKSPACE, pygame.K_s)

    with monkeypatch.context() as patch:
        patch.setattr(main_loop, "show", play_and_save)
        assert run(play.main, ["--env", "CookieJarCorner-v0"]) == 0
    assert "saved episode.json; watch it with: cookie-jar watch episode.json" in capsys.readouterr().out
    assert json.loads((inside / "episode.json").read_text())["actions"] == ACTIONS
    assert json.loads((inside / "episode-2.json").read_text())["actions"] == ACTIONS[:-1]
    assert run(watch.main, ["episode.json", "episode-2.json"]) == 0
    [view] = views
    assert [replay.episode.last for replay in view.player.replays] == [7, 6]
    assert view.player.offered == {"trail", "panel"}


@pytest.mark.usefixtures("display")
def test_a_run_is_played_in_its_own_kitchen(views):
    QLearning("CookieJarCorner-v0", seed=0).learn(1_000).save("run/agent")
    assert run(play.main, ["run", "--seed", "3", "--save", "mine.json"]) == 0
    [view] = views
    assert (view.game.seed, view.game.world.config.kitchen) == (3, find_kitchen("corner"))
    assert [score.name for score in view.game.scores()] == ["you", "agent", "optimum"]


@pytest.mark.usefixtures("display")
def test_random_kitchens(views):
    assert run(play.main, ["--random"]) == 0
    [view] = views
    kitchens = {view.game.world.config.kitchen}
    press(view, pygame.K_n)
    assert view.game.world.config.kitchen not in kitchens


@pytest.mark.usefixtures("display")
def test_a_blind_game_draws_the_liked_cookie_with_the_seed(views):
    for arguments in (["--seed", "0"], ["--seed", "0"], ["--seed", "4"], ["--likes", "plain"]):
        assert run(play.main, ["--blind", "--large", "--env", "CookieJarCorner-v0", *arguments]) == 0
    likes = [view.game.world.config.likes.label for view in views]
    assert likes[0] == likes[1] != likes[2]
    assert likes[3] == "plain"
    assert all(view.large for view in views)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--env", "FrozenLake-v1"], "only kitchens can be played"),
        (["--seed", "-1"], "--seed: expected at least 0, got -1"),
        (["--save", "episode.gif"], "ends in .json"),
        (["nowhere"], "expected the folder of a run"),
    ],
)
def test_a_mistake_gives_one_clear_message(arguments, message, capsys):
    assert run(play.main, arguments) == 2
    assert message in capsys.readouterr().err


def test_a_run_and_random_contradict_each_other(capsys):
    QLearning("CookieJarCorner-v0", seed=0).save("run/agent")
    assert run(play.main, ["run", "--random"]) == 2
    assert "--random" in capsys.readouterr().err


@pytest.mark.parametrize("driver", [None, "dummy", "offscreen"])
def test_without_a_screen_it_says_what_to_do(monkeypatch, capsys, driver):
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if driver is not None:
        monkeypatch.setenv("SDL_VIDEODRIVER", driver)
    assert run(play.main, []) == 2
    assert "no display found" in capsys.readouterr().err
