"""Other environments in the same process: each of them calls `pygame.quit` when it is closed."""

from itertools import permutations

import gymnasium as gym
import numpy as np
import pygame
import pytest
from gymnasium.wrappers import HumanRendering, RecordVideo
from needs import CLIFF, TAXI
from windows import QUIT, make_view, run_script

from cookie_jar.agents import Optimal, QLearning
from cookie_jar.envs import Action, show_episode
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.envs.rendering.window import Window

OURS = "CookieJarCorner-v0"
PEERS = ("CartPole-v1", "FrozenLake-v1", CLIFF, TAXI)
STEPS = [f"{act} {which}" for which in ("a", "b") for act in ("make", "show", "close")]


@pytest.fixture(autouse=True)
def no_display():
    pygame.quit()
    yield
    pygame.quit()


def make(env_id, mode):
    """Create an environment whose window does not wait."""
    env = gym.make(env_id, render_mode=mode)
    env.unwrapped.metadata = env.unwrapped.metadata | {"render_fps": 1000}
    return env


def shown(env):
    """Begin an episode, and return its first picture."""
    env.reset(seed=0)
    picture = env.render()
    if picture is None:
        surfaces = [window.surface for window in Window.opened()]
        picture = to_array((surfaces or [pygame.display.get_surface()])[0])
    return picture


def close_peer(env_id):
    env = make(env_id, "rgb_array")
    shown(env)
    env.close()


def quit_and_start_again():
    pygame.quit()
    pygame.init()


ENDS = {
    "quit": pygame.quit,
    "quit and init": quit_and_start_again,
    "quit the display": pygame.display.quit,
    "quit the fonts": pygame.font.quit,
    **{env_id: lambda env_id=env_id: close_peer(env_id) for env_id in PEERS},
}
ends = pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)


@ends
def test_pictures_are_the_same_afterwards(end):
    env = make(OURS, "rgb_array")
    before = shown(env)
    end()
    np.testing.assert_array_equal(shown(env), before)
    np.testing.assert_array_equal(shown(make(OURS, "rgb_array")), before)
    env.step(Action.REACH)
    env.render()  # writes words that were not written before


@ends
def test_a_window_opens_again(end):
    env = make(OURS, "human")
    before = shown(env)
    end()
    np.testing.assert_array_equal(shown(env), before)
    env.step(Action.REACH)
    env.close()


@ends
def test_no_window_outlives_its_display(end):
    window = Window("a", (300, 200))
    pygame.display.set_icon(pygame.Surface((1, 1)))  # as another program may do
    window.show(pygame.Surface((300, 200)), 0)
    pygame.display.init()
    end()
    pygame.display.init()
    assert Window.opened() == [] or end is pygame.font.quit
    window.close()


def orders():
    """Yield all orders of making, showing and closing two environments, each in this order."""
    for order in permutations(range(6)):
        if [i for i in order if i < 3] == [0, 1, 2] and [i for i in order if i > 2] == [3, 4, 5]:
            yield [STEPS[i] for i in order]


@pytest.mark.parametrize("mode", ["human", "rgb_array"])
@pytest.mark.parametrize("other_mode", ["human", "rgb_array"])
@pytest.mark.parametrize("other", [OURS, *PEERS[:2]])
def test_two_environments_in_any_order(mode, other, other_mode):
    kinds = {"a": (OURS, mode), "b": (other, other_mode)}
    pictures = set()
    for order in orders():
        envs = {}
        for step in order:
            act, name = step.split()
            if act == "make":
                envs[name] = make(*kinds[name])
            elif act == "close":
                envs.pop(name).close()
            for name, env in envs.items():  # whatever the other has done, each goes on
                if act != "make" or kinds[name][1] == "human":
                    picture = shown(env)
                    if kinds[name] == (OURS, "rgb_array"):
                        pictures.add(picture.tobytes())
        pygame.quit()
    assert len(pictures) == ((OURS, "rgb_array") in kinds.values())


def test_two_environments_have_a_window_each():
    first, second = make(OURS, "human"), make("CookieJar-v0", "human")
    first.reset(seed=0)
    (window,) = Window.opened()
    before = to_array(window.surface)
    second.reset(seed=0)
    assert len(Window.opened()) == 2
    second.step(Action.RIGHT)
    np.testing.assert_array_equal(to_array(window.surface), before)
    second.close()
    assert Window.opened() == [window]
    first.step(Action.REACH)
    assert (to_array(window.surface) != before).any()
    first.close()
    assert not pygame.display.get_init()


def test_a_display_that_somebody_else_has_opened_stays_open():
    pygame.display.init()
    env = make(OURS, "human")
    env.reset(seed=0)
    env.close()
    assert Window.opened() == []
    assert pygame.display.get_init()


@pytest.mark.parametrize("peer_first", [True, False])
@pytest.mark.parametrize(
    "make_peer", [lambda: make("CartPole-v1", "human"), lambda: HumanRendering(make(OURS, "rgb_array"))]
)
def test_closing_a_window_leaves_the_windows_of_others(peer_first, make_peer):
    ours, peer = make(OURS, "human"), make_peer()
    for env in (peer, ours) if peer_first else (ours, peer, ours):
        env.reset(seed=0)
    ours.close()
    assert pygame.display.get_surface() is not None
    peer.step(0)
    peer.close()
    assert pygame.display.get_surface() is None


def test_a_video_is_recorded_after_a_peer_was_closed(tmp_path):
    pytest.importorskip("moviepy")
    env = RecordVideo(make(OURS, "rgb_array"), str(tmp_path / "videos"), episode_trigger=lambda number: True)
    env.reset(seed=0)
    env.step(Action.RIGHT)
    close_peer("CartPole-v1")
    env.step(Action.REACH)
    env.close()
    assert [path.suffix for path in (tmp_path / "videos").iterdir()] == [".mp4"]


def test_an_episode_is_shown_after_a_peer_was_closed():
    agent = Optimal(gym.make(OURS))
    before = show_episode(OURS, agent).gif
    close_peer("CartPole-v1")
    assert show_episode(OURS, agent).gif == before


def test_the_viewer_runs_between_peers(tmp_path, monkeypatch):
    QLearning(OURS, seed=0).learn(5_000).save(tmp_path / "agent")
    script = {2: lambda: close_peer("CartPole-v1"), 4: QUIT}
    for _ in range(2):
        close_peer("CartPole-v1")
        assert run_script(make_view(tmp_path), script, monkeypatch) == 5
