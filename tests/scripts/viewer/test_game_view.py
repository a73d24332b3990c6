import gymnasium as gym
import pygame
import pytest
from windows import QUIT, SIZE, click_on, press, run_script

from cookie_jar.envs import Action
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.viewer.game import Game
from cookie_jar.scripts.viewer.game_view import GameView

KEYS = [pygame.K_RIGHT, pygame.K_c, pygame.K_LEFT, pygame.K_c, pygame.K_SPACE, pygame.K_r, pygame.K_2]


@pytest.fixture
def view(tmp_path):
    game = Game(lambda: gym.make("CookieJarCorner-v0", render_mode="rgb_array"), None, 0)
    return GameView(game, tmp_path / "episode.json")


def test_the_story_by_keys(view):
    press(view, *KEYS)
    assert view.game.ended
    assert view.game.time_step.total == pytest.approx(1.45)


def test_nothing_happens_until_a_key(view, monkeypatch):
    assert run_script(view, {300: QUIT}, monkeypatch, (320, 240)) == 301
    assert len(view.game.time_steps) == 1


def test_every_action_has_a_button(view):
    for action in Action:
        click_on(view, action.label)
    assert view.game.episode.actions == tuple(Action)


def test_the_other_buttons(view):
    click_on(view, "right", "chair", "undo", "ask")
    assert view.game.episode.actions == (Action.RIGHT,)
    assert view.advice is not None
    view.advance(1)
    click_on(view, "other", "full", "right", "save")
    assert (view.game.seed, view.full, len(view.saved)) == (1, True, 1)
    click_on(view, "again", "help")
    assert (len(view.game.time_steps), view.helping) == (1, True)


def test_buttons_that_would_do_nothing_are_greyed_out(view):
    view.draw(SIZE)
    assert [view.control(name).enabled for name in ("undo", "save", "ask", "up")] == [
        False,
        False,
        True,
        True,
    ]
    press(view, *KEYS)
    view.draw(SIZE)
    assert [view.control(name).enabled for name in ("undo", "save", "ask", "up")] == [
        True,
        True,
        False,
        False,
    ]


def test_buttons_say_what_they_do_and_why_they_do_not(view):
    view.draw(SIZE)
    assert view.control("chair").tip == "C: lift the chair in this cell, or put it down; happiness -0.01"
    assert view.control("undo").tip == "Backspace: undo the last action; there is no action yet"
    press(view, *KEYS)
    view.draw(SIZE)
    assert view.control("up").tip.endswith("the episode is over")


def test_the_help_says_the_goal_and_the_keys_of_this_kitchen(view):
    view.draw(SIZE)
    goal, keys, _ = view.help_sections()
    assert "the chocolate chip cookie" in goal.rows[0][1]
    assert "-0.01" in goal.rows[1][1]
    assert ("C", "lift the chair in this cell, or put it down") in keys.rows


def test_a_blind_game_does_not_name_the_liked_cookie(view, tmp_path):
    blind = GameView(view.game, tmp_path / "episode.json", blind=True)
    blind.draw(SIZE)
    text = str(blind.help_sections())
    assert "find out" in text
    assert "chocolate" not in text
    pictures = [to_array(one.draw(SIZE)) for one in (view, blind)]
    assert (pictures[0][:, 900:] != pictures[1][:, 900:]).any()


def test_advice_belongs_to_one_state(view):
    press(view, pygame.K_a)
    values = view.advice.values
    assert values.index(max(values)) == Action.RIGHT
    press(view, pygame.K_RIGHT)
    assert view.advice is None


def test_notices(view):
    assert view.notice.text == "H shows the goal and the keys"
    press(view, pygame.K_s)
    assert view.notice.text == "nothing to save yet"
    press(view, *KEYS, pygame.K_UP)
    assert "the episode is over" in view.notice.text
    press(view, pygame.K_s)
    assert view.notice.text == f"saved {view.saved[0]}"
    view.advance(10)
    assert view.notice.text == ""


def test_at_the_end_the_scores_are_shown(view):
    press(view, *KEYS[:-1])
    view.advance(1)
    before = to_array(view.draw(SIZE)).copy()
    press(view, KEYS[-1])
    view.advance(1)
    assert (to_array(view.draw(SIZE))[:, 900:] != before[:, 900:]).sum() > 1_000


def test_time_runs_out(view):
    press(view, *[pygame.K_DOWN] * 200)
    assert view.game.ended
    assert not view.game.time_step.terminated
    press(view, pygame.K_DOWN)
    assert len(view.game.time_steps) == 201


@pytest.mark.parametrize("size", [(160, 160), (300, 600), (900, 500), (1920, 1080)])
def test_any_size_of_window(view, size):
    press(view, pygame.K_RIGHT, pygame.K_a)
    view.advance(0.1)
    assert to_array(view.draw(size)).std() > 10
    assert view.has_control("reach") == (size[1] >= 240)


def test_the_jar_alone_is_played_by_its_picks(tmp_path):
    game = Game(lambda: gym.make("CookieJarPicturesJar-v0", render_mode="rgb_array"), None, 0)
    view = GameView(game, tmp_path / "episode.json")
    before = to_array(view.draw(SIZE))
    press(view, pygame.K_RIGHT, pygame.K_r)
    assert game.episode.actions == ()
    assert not view.has_control("reach")
    _, keys, _ = view.help_sections()
    assert {"Arrows", "C", "R"}.isdisjoint(name for name, _ in keys.rows)
    click_on(view, "pick left")
    assert game.episode.actions == (0,)
    assert (to_array(view.draw(SIZE)) != before).any()
