import numpy as np
import pygame
import pytest
from surfaces import where
from windows import QUIT, SIZE, drag_along, key, press, run_script

from cookie_jar.agents import runs
from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts import train
from cookie_jar.scripts.classification.seeing import make_run
from cookie_jar.scripts.common.console import Console, run
from cookie_jar.scripts.viewer import live, sliders, training_phases
from cookie_jar.scripts.viewer.live import LiveView

CORNER = ["--env", "CookieJarCorner-v0", "--timesteps", "3000"]
PPO = [*CORNER, "--agent", "ppo", "--n-envs", "8"]


@pytest.fixture(autouse=True)
def _inside(inside, undrawn):
    """Runs are written to an empty folder, without rendering their learning curves."""


def make_view(options=CORNER, asked=lambda: False):
    training = make_run(train.parser().parse_args(options), Console())
    training.begin()
    return LiveView(training, asked)


@pytest.mark.usefixtures("display")
@pytest.mark.parametrize("options", [CORNER, PPO], ids=["q-learning", "ppo"])
def test_when_nothing_is_touched_the_numbers_are_the_same(inside, monkeypatch, options):
    assert run(train.main, [*options, "--name", "plain"]) == 0
    seen = set()

    def show(view, title):
        view.sliders.speed = 2_000
        while not view.done:
            view.draw((400, 400))
            view.advance(1 / 60)
            seen.add(view.training.agent.num_timesteps)

    monkeypatch.setattr(live.main_loop, "show", show)
    assert run(train.main, [*options, "--name", "watched", "--watch"]) == 0
    assert len(seen) > 10
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
    view.draw(SIZE)
    assert not view.has_control(sliders.RATE)  # a card with the result is in the place of the sliders
    assert view.make_panel().title == "Finished: 3,000 steps"
    assert runs.load(view.training.folder).num_timesteps == 3000
    for _ in range(400):  # the greedy policy finds the cookie
        view.advance(0.05)
        if view.learner.seed > 0 and view.learner.episode.time_steps[-1].terminated:
            break
    assert view.learner.episode.last == 7


def test_pausing_stops_learning_too():
    view = make_view()
    press(view, pygame.K_SPACE)
    for _ in range(10):
        view.advance(0.1)
    assert view.training.agent.num_timesteps == 0
    press(view, pygame.K_SPACE)
    view.advance(0.1)
    assert view.training.agent.num_timesteps > 0


def test_no_more_steps_are_learned_than_the_speed_says(monkeypatch):
    monkeypatch.setattr(live, "BUDGET", 100.0)
    view = make_view()
    view.sliders.speed = 100
    for _ in range(20):
        view.advance(0.1)
    assert view.training.agent.num_timesteps == pytest.approx(200, abs=1)


def test_sliders_take_effect_at_once():
    view = make_view()
    agent = view.training.agent
    drag_along(view, sliders.SPEED, 0.5, 1.0)
    assert view.sliders.speed == pytest.approx(sliders.FASTEST)
    drag_along(view, sliders.RATE, 0.5, 0.0)
    assert agent.learning_rate == pytest.approx(0.001)
    drag_along(view, sliders.EPSILON, 0.5, 0.0)
    assert sliders.epsilon(agent) == 0.0
    view.advance(0.1)
    assert agent.q_table.any()
    assert np.abs(agent.q_table).max() < 0.01


def test_a_slider_that_was_let_go_stays_as_it_is():
    view = make_view()
    drag_along(view, sliders.RATE, 0.5, 0.25)
    rate = view.training.agent.learning_rate
    rect = view.control(sliders.SPEED).rect
    view.handle_event(pygame.event.Event(pygame.MOUSEMOTION, pos=rect.center, rel=(0, 0), buttons=(0, 0, 0)))
    assert view.training.agent.learning_rate == rate == pytest.approx(10**-2.25, rel=0.3)


def test_a_slider_is_drawn_under_the_mouse_before_its_value_is_used():
    view, knobs = make_view(), []
    view.draw(SIZE)
    rect = view.control(sliders.DISLIKED).rect
    for x in (rect.left + 20, rect.right - 20):
        view.handle_event(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(x, rect.centery), button=1))
        picture = view.draw(SIZE).subsurface(rect)
        knobs.append(where(picture, palette.BAR_BEST)[:, 1].mean())
    assert knobs == pytest.approx([20, rect.width - 20], abs=4)
    assert sliders.disliked(view.training.agent.env) == -0.5


def test_a_disliked_cookie_can_become_a_liked_one():
    view = make_view()
    view.advance(0.1)
    drag_along(view, sliders.DISLIKED, 0.25, 1.0)
    agent = view.training.agent
    assert agent.env.unwrapped.world.config.happiness.cookie_disliked == 1.0
    assert view.training.evaluator.optimum.mean_return == pytest.approx(1.45 + 2.0)
    assert view.learner.evaluator is view.training.evaluator
    view.sliders.speed = 10_000
    for _ in range(400):
        view.advance(0.05)
    assert view.done
    view.draw(SIZE)
    assert runs.load(view.training.folder).env.unwrapped.world.config.happiness.cookie_disliked == 1.0


def test_hyperparameters_of_policy_gradients():
    view = make_view(PPO)
    drag_along(view, sliders.ENTROPY, 0.0, 1.0)
    assert view.training.agent.ent_coef == pytest.approx(0.2)
    drag_along(view, sliders.RATE, 0.0, 0.5)
    assert view.training.agent.learning_rate == pytest.approx(10**-2.5, rel=0.15)


@pytest.mark.usefixtures("display")
@pytest.mark.parametrize("frame", [0, 3])
def test_closing_at_any_frame_loses_nothing(monkeypatch, frame, capsys):
    def learn_in_window(training, asked, *, large):
        run_script(LiveView(training), {frame: key(pygame.K_ESCAPE)}, monkeypatch)

    monkeypatch.setattr(live, "learn_in_window", learn_in_window)
    assert run(train.main, [*CORNER, "--watch", "--name", "run"]) == 0
    shown = capsys.readouterr().out
    assert "--resume runs/run" in shown
    assert run(train.main, ["--resume", "runs/run"]) == 0
    assert runs.load("runs/run").num_timesteps == 3000


def test_ctrl_c_closes_the_window(monkeypatch):
    view = make_view(asked=lambda: view.training.agent.num_timesteps > 50)
    view.sliders.speed = 1000
    assert run_script(view, {}, monkeypatch, (300, 300)) < 30


def test_other_environments_can_be_watched_while_they_are_learned(monkeypatch):
    view = make_view(["--env", "FrozenLake-v1", "--timesteps", "2000"])
    assert sliders.DISLIKED not in [slider.name for slider in view.sliders.current()]
    assert run_script(view, {60: QUIT}, monkeypatch, (640, 480)) == 61
    assert view.training.agent.num_timesteps > 20


@pytest.mark.usefixtures("display")
def test_numbers_that_become_infinite_end_it_with_one_clear_message(inside, monkeypatch, capsys):
    def show(view, title):
        view.training.agent.q_table[:] = -1e308
        view.training.agent.q_table[:, 0] = 1e308  # their difference is infinite
        for _ in range(100):
            view.advance(0.1)

    monkeypatch.setattr(live.main_loop, "show", show)
    assert run(train.main, [*CORNER, "--watch", "--name", "run"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert "not finite" in error


def test_without_a_screen_nothing_is_written(inside, monkeypatch, capsys):
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert run(train.main, [*CORNER, "--watch"]) == 2
    assert "--watch: no display found" in capsys.readouterr().err
    assert not (inside / "runs").exists()


def test_the_help_lists_the_sliders_and_only_the_keys_that_do_something():
    view = make_view()
    view.draw(SIZE)
    keys, mouse = view.help_sections()
    assert [name for name, _ in mouse.rows[2:]] == [slider.name for slider in view.sliders.current()]
    assert {"Page up", "Home", "Tab", "P"}.isdisjoint(name for name, _ in keys.rows)


def test_large_letters_need_a_window(capsys):
    assert run(train.main, [*CORNER, "--large"]) == 2
    assert "--large: expected --watch" in capsys.readouterr().err


@pytest.mark.parametrize("size", [(1280, 720), (160, 160)])
def test_that_training_is_finished_is_said_for_good(size):
    view = make_view()
    before = to_array(view.draw(size)).copy()
    view.training.learn(lambda: False)
    view.notice.advance(100)
    assert view.done
    assert (to_array(view.draw(size)) != before).any()


@pytest.mark.parametrize("options", [CORNER, PPO], ids=["q-learning", "ppo"])
def test_the_panel_says_what_is_happening(options):
    view = make_view(options)
    assert view.make_panel().phase == training_phases.INITIALISATION
    seen = set()
    view.sliders.speed = 2_000
    while not view.done:
        view.advance(1 / 30)
        seen.add(view.make_panel().phase)
    happening = {training_phases.DOING, training_phases.LEARNING}
    assert seen == happening
    press(view, pygame.K_SPACE)
    view.advance(0.1)
    assert view.make_panel().phase == training_phases.DOING  # the replay goes on


def test_nothing_happens_while_training_is_paused():
    view = make_view()
    view.advance(0.1)
    press(view, pygame.K_SPACE)
    view.advance(0.1)
    assert view.make_panel().phase is None
