import numpy as np
import pygame
import pytest
from rich.console import Console
from windows import QUIT, drag, key, run_script

from cookie_jar.agents import runs
from cookie_jar.scripts import train
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.viewer import live, sliders
from cookie_jar.scripts.viewer.live import LiveView

SIZE = (1280, 720)
CORNER = ["--env", "CookieJarCorner-v0", "--timesteps", "3000"]
PPO = [*CORNER, "--agent", "ppo", "--n-envs", "8"]


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make_view(options=CORNER):
    training = train.new_training(train.parser().parse_args(options), Console())
    training.begin()
    return LiveView(training)


def slider(view, name):
    [(place, found)] = [(place, slider) for place, slider in view._sliders if slider.name == name]
    return place, found


def apply(view, name, share):
    """Drag a slider to a share of its width."""
    view.draw(SIZE)
    place, found = slider(view, name)
    start = round(place.left + 1 + found.share * (place.width - 2)), place.centery
    for event in drag(start, (round(place.left + share * place.width), place.centery)):
        view.handle_event(event)
    view.draw(SIZE)


@pytest.mark.parametrize("options", [CORNER, PPO], ids=["q-learning", "ppo"])
def test_when_nothing_is_touched_the_numbers_are_the_same(inside, monkeypatch, options):
    assert run(train.main, [*options, "--name", "plain"]) == 0
    frames = {}

    def show(view, title):
        view.sliders.speed = 2_000
        while not view.done:
            view.draw((400, 400))
            view.advance(1 / 60)
            frames[view.training.agent.num_timesteps] = 1

    monkeypatch.setattr(live.main_loop, "show", show)
    assert run(train.main, [*options, "--name", "watched", "--watch"]) == 0
    assert len(frames) > 10
    agents = [runs.load(f"runs/{name}") for name in ("plain", "watched")]
    for name, array in agents[0].arrays().items():
        np.testing.assert_array_equal(array, agents[1].arrays()[name])
    assert agents[0].rng.bit_generator.state == agents[1].rng.bit_generator.state
    evaluations = [(inside / "runs" / n / "evaluations.csv").read_bytes() for n in ("plain", "watched")]
    assert evaluations[0] == evaluations[1]
    snapshots = [[steps for steps, _ in runs.snapshots(inside / "runs" / n)] for n in ("plain", "watched")]
    assert snapshots[0] == snapshots[1]


def test_it_learns_while_one_watches_and_goes_on_being_watched(monkeypatch):
    view = make_view()
    view.sliders.speed = 3_000
    assert run_script(view, {150: QUIT}, monkeypatch) == 151
    assert view.done
    assert view.training.greedy[-1].mean_return == pytest.approx(1.45)
    assert "learned from all" in view.player.notice
    for _ in range(400):  # the learner of the moment finds the cookie
        view.advance(0.05)
        if view.learner.seed > 0 and view.learner.episode.time_steps[-1].terminated:
            break
    assert view.learner.episode.last == 7


def test_the_child_does_what_it_knows_at_that_moment():
    view = make_view()
    view.sliders.speed = 10
    for _ in range(30):
        view.advance(1 / 10)
    assert view.learner.episode.last >= 5
    view.training.agent.q_table[:] = 0
    view.training.agent.q_table[:, 6] = 1  # now it believes in reaching
    before = view.learner.episode.last
    for _ in range(20):
        view.advance(1 / 10)
    assert set(view.learner.episode.actions[before:]) == {6}


def test_pausing_stops_learning_too():
    view = make_view()
    view.handle_event(key(pygame.K_SPACE))
    for _ in range(10):
        view.advance(0.1)
    assert view.training.agent.num_timesteps == 0
    view.handle_event(key(pygame.K_SPACE))
    view.advance(0.1)
    assert view.training.agent.num_timesteps > 0


def test_sliders_take_effect_at_once():
    view = make_view()
    agent = view.training.agent
    apply(view, sliders.SPEED, 1.0)
    assert view.sliders.speed == pytest.approx(sliders.FASTEST)
    apply(view, sliders.RATE, 0.0)
    assert agent.learning_rate == pytest.approx(0.001)
    apply(view, sliders.EPSILON, 0.0)
    assert sliders.epsilon(agent) == 0.0
    view.advance(0.1)
    assert agent.q_table.any()
    assert np.abs(agent.q_table).max() < 0.01


def test_a_disliked_cookie_can_become_a_liked_one():
    view = make_view()
    apply(view, sliders.DISLIKED, 1.0)
    agent = view.training.agent
    assert agent.env.unwrapped.world.config.happiness.cookie_disliked == 1.0
    assert view.training.evaluator.optimum.mean_return == pytest.approx(1.45 + 2.0)
    view.sliders.speed = 10_000
    for _ in range(400):
        view.advance(0.05)
    assert view.done
    view.draw(SIZE)
    assert runs.load(view.training.folder).env.unwrapped.world.config.happiness.cookie_disliked == 1.0


def test_entropy_of_policy_gradients():
    view = make_view(PPO)
    apply(view, sliders.ENTROPY, 1.0)
    assert view.training.agent.ent_coef == pytest.approx(0.2)
    apply(view, sliders.RATE, 0.5)
    assert view.training.agent.learning_rate == pytest.approx(10**-2.5, rel=0.1)


@pytest.mark.parametrize("frame", [0, 3])
def test_closing_at_any_frame_loses_nothing(monkeypatch, frame, capsys):
    def show(view, title):
        run_script(view, {frame: key(pygame.K_ESCAPE)}, monkeypatch)

    monkeypatch.setattr(live, "learn_in_window", lambda training, asked: show(LiveView(training), ""))
    assert run(train.main, [*CORNER, "--watch", "--name", "run"]) == 0
    shown = capsys.readouterr().out
    assert "nothing is lost" in shown
    assert run(train.main, ["--resume", "runs/run"]) == 0


def test_ctrl_c_closes_the_window(monkeypatch):
    view = make_view()
    view._asked = lambda: view.training.agent.num_timesteps > 50
    view.sliders.speed = 1000
    frames = run_script(view, {}, monkeypatch, (300, 300))
    assert frames < 30


def test_other_environments_can_be_watched_while_they_are_learned(monkeypatch):
    view = make_view(["--env", "FrozenLake-v1", "--timesteps", "2000"])
    assert sliders.DISLIKED not in [slider.name for slider in view.sliders.current()]
    assert run_script(view, {60: QUIT}, monkeypatch, (640, 480)) == 61
    assert view.training.agent.num_timesteps > 20


def test_without_a_screen_nothing_is_written(inside, monkeypatch, capsys):
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert run(train.main, [*CORNER, "--watch"]) == 2
    assert "--watch: no screen found" in capsys.readouterr().err
    assert not (inside / "runs").exists()
