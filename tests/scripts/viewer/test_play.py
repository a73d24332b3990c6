import json

import gymnasium as gym
import pygame
import pytest
from windows import QUIT, click, key, run_script

from cookie_jar.agents import QLearning
from cookie_jar.envs import Action
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts import play, watch
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.viewer import main_loop
from cookie_jar.scripts.viewer.game import Game
from cookie_jar.scripts.viewer.game_view import GameView

STORY = [
    Action.RIGHT,
    Action.CHAIR,
    Action.LEFT,
    Action.CHAIR,
    Action.CLIMB,
    Action.REACH,
    Action.PICK_MIDDLE,
]
KEYS = [pygame.K_RIGHT, pygame.K_c, pygame.K_LEFT, pygame.K_c, pygame.K_SPACE, pygame.K_r, pygame.K_2]


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make_game(env_id="CookieJarCorner-v0", agent=None, **options):
    return Game(lambda: gym.make(env_id, render_mode="rgb_array", **options), agent, 0)


def make_view(inside, **options):
    return GameView(make_game(**options), inside / "episode.json")


def test_the_story_by_keys(inside):
    view = make_view(inside)
    for number in KEYS:
        view.handle_event(key(number))
    assert view.game.ended
    assert view.game.time_step.total == pytest.approx(1.45)
    assert [score.name for score in view.game.scores()] == ["you", "optimum"]
    assert [score.happiness for score in view.game.scores()] == pytest.approx([1.45, 1.45])


def test_nothing_happens_until_a_key(inside, monkeypatch):
    view = make_view(inside)
    run_script(view, {300: QUIT}, monkeypatch, (320, 240))
    assert len(view.game.time_steps) == 1


def test_every_button(inside):
    view = make_view(inside)
    for name in ("right", "chair", "undo", "ask"):
        view.draw((1280, 720))
        [place] = [place for place, button in view._shown if button.name == name]
        for event in click(place.center):
            view.handle_event(event)
    assert view.game.episode.actions == (Action.RIGHT,)
    assert view.advice is not None
    view.advance(1)
    for name in ("other", "help", "again", "full", "right", "save"):  # `again` puts the help away
        view.draw((1280, 720))
        [place] = [place for place, button in view._shown if button.name == name]
        view.handle_event(click(place.center)[1])
    assert (view.game.seed, view.full, view.helping, len(view.saved)) == (1, True, False, 1)
    view.handle_event(key(pygame.K_ESCAPE))
    view.handle_event(key(pygame.K_ESCAPE))
    assert view.closed


def test_undo_brings_back_what_was_there_with_the_same_luck():
    game = make_game("CookieJarClumsy-v0")
    for action in [Action.RIGHT, Action.UP] * 10:
        game.act(action)
    time_steps = game.time_steps.copy()
    game.act(Action.RIGHT)
    assert game.undo()
    assert [time_step.frame for time_step in game.time_steps] == [time_step.frame for time_step in time_steps]
    while game.undo():
        pass
    assert len(game.time_steps) == 1


def test_undo_after_the_end_goes_on():
    game = make_game()
    for action in STORY:
        game.act(action)
    assert not game.act(Action.UP)
    assert game.undo()
    assert not game.ended
    assert game.act(Action.PICK_LEFT)
    assert game.time_step.reward == -0.5


def test_an_agent_is_asked_and_compared_with():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(5_000)
    game = make_game(agent=agent)
    game.act(Action.RIGHT)
    advice = game.ask()
    assert advice.values == tuple(agent.q_table[game.time_step.obs])
    assert not advice.probabilities
    you, learner, best = game.scores()
    assert (you.happiness, learner.acts) == (-0.01, 7)
    assert learner.happiness == pytest.approx(best.happiness)


def test_the_best_there_is_can_be_asked_in_any_kitchen():
    game = make_game("CookieJarRandom-v0")
    while not game.ended:
        values = game.ask().values
        game.act(values.index(max(values)))
    you, best = game.scores()
    assert you.happiness == pytest.approx(best.happiness)


def test_a_saved_episode_can_be_watched(inside, monkeypatch, capsys):
    def act(view, title):
        for number in [*KEYS, pygame.K_s, pygame.K_BACKSPACE, pygame.K_s]:
            view.handle_event(key(number))

    monkeypatch.setattr(main_loop, "show", act)
    assert run(play.main, ["--env", "CookieJarCorner-v0"]) == 0
    assert "saved episode.json; see it with: cookie-jar watch episode.json" in capsys.readouterr().out
    assert json.loads((inside / "episode.json").read_text())["actions"] == STORY
    assert json.loads((inside / "episode-2.json").read_text())["actions"] == STORY[:-1]
    assert run(watch.main, ["episode.json", "--save", "x.gif", "--size", "200x200", "--speed", "8"]) == 0
    seen = []
    monkeypatch.setattr(main_loop, "show", lambda view, title, size: seen.append(view))
    assert run(watch.main, ["episode.json", "episode-2.json"]) == 0
    first, second = seen[0].player.replays
    assert [first.episode.last, second.episode.last] == [7, 6]
    assert seen[0].player.offered == {"trail", "panel"}
    seen[0].draw((640, 480))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 9}, "format 1"),
        ({"seed": "x"}, "expected a seed"),
        ({"actions": [11]}, "actions from 0 to 9"),
        ({"actions": []}, "up to 10,000 actions"),
        ({"env": "os:system"}, "expected an environment of this package"),
        ({"options": {"kitchen": "nowhere"}}, "kitchen"),
        ({"options": {"colour": 1}}, "cannot be made"),
    ],
)
def test_a_hostile_episode_gives_one_clear_message(inside, change, message, capsys):
    view = make_view(inside)
    view.handle_event(key(pygame.K_RIGHT))
    view.handle_event(key(pygame.K_s))
    kept = json.loads((inside / "episode.json").read_text())
    (inside / "episode.json").write_text(json.dumps(kept | change))
    assert run(watch.main, ["episode.json", "--save", "x.gif"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error


@pytest.mark.parametrize("size", [(160, 160), (300, 600), (900, 500), (1920, 1080)])
def test_any_size_of_window(inside, size):
    view = make_view(inside)
    view.handle_event(key(pygame.K_RIGHT))
    view.handle_event(key(pygame.K_a))
    view.advance(0.1)
    assert to_array(view.draw(size)).std() > 10


def test_time_runs_out(inside):
    view = make_view(inside)
    for _ in range(200):
        view.handle_event(key(pygame.K_DOWN))
    view.advance(1)
    view.draw((640, 480))
    assert view.game.ended
    assert not view.game.time_step.terminated
    view.handle_event(key(pygame.K_DOWN))
    assert len(view.game.time_steps) == 201


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--env", "FrozenLake-v1"], "only kitchens can be played"),
        (["--seed", "-1"], "--seed"),
        (["--save", "episode.gif"], "ends in .json"),
        (["nowhere"], "expected the folder of a run"),
    ],
)
def test_a_mistake_gives_one_clear_message(arguments, message, capsys):
    assert run(play.main, arguments) == 2
    assert message in capsys.readouterr().err


def test_without_a_screen_it_says_what_to_do(monkeypatch, capsys):
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert run(play.main, []) == 2
    assert "no screen found" in capsys.readouterr().err
