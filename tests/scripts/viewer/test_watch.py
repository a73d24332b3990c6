import numpy as np
import pygame
import pytest
from rich.console import Console
from windows import QUIT, click, drag, key, run_script

from cookie_jar.agents import PPO, QLearning
from cookie_jar.agents.memory import read_memory, write_memory
from cookie_jar.envs.rendering import episode
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts import train, watch
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.viewer import main_loop
from cookie_jar.scripts.viewer.controls import KEYS
from cookie_jar.scripts.viewer.player_view import PlayerView

SIZE = (1280, 720)
ALL = {"values", "arrows", "trail", "panel"}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run with its timeline."""
    folder = tmp_path_factory.mktemp("runs")
    options = ["--env", "CookieJarCorner-v0", "--timesteps", "5000", "--run-dir", str(folder), "--name"]
    assert run(train.main, [*options, "run"]) == 0
    return folder / "run"


@pytest.fixture
def learned(tmp_path, monkeypatch):
    """A memory alone."""
    monkeypatch.chdir(tmp_path)
    QLearning("CookieJarCorner-v0", seed=0).learn(5_000).save(tmp_path / "run" / "agent")
    return tmp_path / "run"


def make_view(*names, shown=ALL, speed=1):
    return PlayerView(watch.make_player([str(name) for name in names], 0, speed, shown, Console()))


def pressed(view, *numbers):
    for number in numbers:
        view.handle_event(key(number))
    return view


def button(view, name):
    """The middle of a button in the picture drawn last."""
    [place] = [place for place, button in view._shown if button.name == name]
    return place.center


def test_it_plays_one_episode_after_the_other_and_closes(trained, monkeypatch):
    view = make_view(trained)
    seeds = []
    script = {n: lambda: seeds.append(view.player.seed) for n in range(0, 600, 10)} | {600: QUIT}
    assert run_script(view, script, monkeypatch) == 601
    assert view.closed
    assert seeds == sorted(seeds)
    assert set(seeds) == {0, 1, 2}  # seven acts and the pauses take 4.4 seconds
    assert not pygame.display.get_init()


@pytest.mark.parametrize("closing", [QUIT, key(pygame.K_ESCAPE)])
@pytest.mark.parametrize("frame", [0, 1, 7])
def test_closing_at_any_frame(trained, monkeypatch, frame, closing):
    assert run_script(make_view(trained), {frame: closing}, monkeypatch) == frame + 1


def test_every_key_does_what_the_help_says(trained):
    view = make_view(trained)
    player, head = view.player, view.player.head
    pressed(view, pygame.K_SPACE)
    assert head.paused
    pressed(view, pygame.K_RIGHT)
    view.advance(5)
    assert head.time == 1
    pressed(view, pygame.K_RIGHT, pygame.K_LEFT)
    assert head.time == 0
    pressed(view, pygame.K_UP, pygame.K_UP)
    assert head.speed == 4
    pressed(view, pygame.K_DOWN)
    assert head.speed == 2
    pressed(view, pygame.K_n)
    assert player.seed == 1
    pressed(view, pygame.K_RIGHT)
    view.advance(5)
    pressed(view, pygame.K_r)
    assert (player.seed, head.place(7)) == (1, (0, 1.0))
    for number, name in (
        (pygame.K_v, "values"),
        (pygame.K_a, "arrows"),
        (pygame.K_t, "trail"),
        (pygame.K_b, "panel"),
    ):
        pressed(view, number)
        assert name not in player.shown
        pressed(view, number)
        assert name in player.shown
    pressed(view, pygame.K_HOME)
    assert player.replay.steps == 0
    pressed(view, pygame.K_PAGEDOWN)
    assert player.replay.steps == 100
    pressed(view, pygame.K_END)
    assert player.replay.steps == 5000
    pressed(view, pygame.K_PAGEUP)
    assert 2000 < player.replay.steps < 5000
    pressed(view, pygame.K_f)
    assert view.full
    pressed(view, pygame.K_ESCAPE)
    assert not view.full
    assert not view.closed
    pressed(view, pygame.K_h)
    assert view.helping
    pressed(view, pygame.K_ESCAPE)
    assert not view.helping
    assert not view.closed
    assert not KEYS.keys() - {
        *("pause", "forwards", "back", "faster", "slower", "again", "other", "values", "arrows", "trail"),
        *("probabilities", "panel", "earlier", "later", "first", "last", "select", "full", "help", "close"),
    }


def test_every_button_does_what_its_key_does(trained):
    view = make_view(trained)
    view.draw(SIZE)
    for name in ("pause", "values", "arrows", "trail", "panel", "faster", "faster", "help"):
        view.draw(SIZE)
        for event in click(button(view, name)):
            view.handle_event(event)
    player = view.player
    assert player.head.paused
    assert not player.shown
    assert player.head.speed == 4
    assert view.helping
    view.handle_event(click((5, 5))[1])  # a click puts the page away
    assert not view.helping
    for name in ("speed", "other", "forwards", "full"):
        view.draw(SIZE)
        view.handle_event(click(button(view, name))[1])
    view.advance(5)
    assert (player.head.speed, player.seed, player.head.time, view.full) == (1, 1, 1, True)


def test_dragging_the_timeline_shows_the_child_as_it_was(trained, monkeypatch):
    view = make_view(trained)
    view.draw(SIZE)
    foot = view._places.foot
    seen = []

    def look():
        replay = view.player.replay
        seen.append((replay.steps, replay.episode.last, replay.agent.q_table.any()))

    script = {
        2: drag((foot.right - 5, foot.centery), (foot.left + 5, foot.centery)),
        4: look,
        5: drag((foot.left + 5, foot.centery), (foot.right - 5, foot.centery)),
        7: look,
        8: QUIT,
    }
    run_script(view, script, monkeypatch)
    (before, long, knew), (after, short_number, knows) = seen
    assert (before, long, knew) == (0, 200, False)
    assert (after, short_number, knows) == (5000, 7, True)


def test_the_wheel_moves_the_timeline(trained):
    view = make_view(trained)
    view.handle_event(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=-1))
    assert view.player.replay.timeline.now == len(view.player.replay.timeline.steps) - 2


def test_side_by_side(trained):
    view = make_view(f"{trained}@0", trained)
    assert [replay.steps for replay in view.player.replays] == [0, 5000]
    assert view.player.last == 200
    view.player.head.time = 50.0
    assert [view.player.place_in(replay)[0] for replay in view.player.replays] == [50, 7]
    view.draw(SIZE)
    view.handle_event(click(view._places.pictures[0].center)[1])
    assert view.player.replay.steps == 0
    pressed(view, pygame.K_TAB)
    assert view.player.replay.steps == 5000
    pressed(view, pygame.K_END, pygame.K_HOME)
    assert [replay.steps for replay in view.player.replays] == [0, 0]


@pytest.mark.parametrize("size", [(160, 160), (320, 240), (500, 900), (640, 480), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_any_size_of_window(trained, size, count):
    view = make_view(*[trained] * count)
    view.player.head.time = 3.3
    picture = view.draw(size)
    assert picture.get_size() == size
    assert to_array(picture).std() > 10
    for place in view._places.pictures:
        assert picture.get_rect().contains(place)
    taken = [*view._places.pictures, view._places.panel, view._places.buttons, view._places.foot]
    taken = [place for place in taken if place is not None]
    assert all(place.collidelist(taken[:n]) == -1 for n, place in enumerate(taken))


def test_resizing_while_it_plays(trained, monkeypatch):
    view = make_view(trained)
    script = {
        n: lambda n=n: pygame.display.set_mode((200 + 40 * n, 700 - 20 * n), pygame.RESIZABLE)
        for n in range(1, 20)
    }
    run_script(view, script | {25: QUIT}, monkeypatch)
    script = {2: key(pygame.K_F11), 6: key(pygame.K_ESCAPE), 10: QUIT}
    view = make_view(trained)
    assert run_script(view, script, monkeypatch, (640, 480)) == 11


def test_what_the_overlays_show_is_what_the_memory_holds(trained):
    player = make_view(trained).player
    player.head.paused, player.head.time = True, 2.0
    overlay = player.overlay(0)
    world, q = player.replay.episode.world, player.replay.agent.q_table
    state = player.replay.episode.time_steps[2].frame.state
    here = world.number(state)
    assert overlay.values[state.child] == q[here].max()
    assert overlay.acts[state.child] == q[here].argmax()
    assert list(overlay.trail) == [0, 1, 1]
    player.show_snapshot(0)
    player.head.time = 2.0
    assert not player.overlay(0).values.any()


def test_policy_gradients_show_probabilities(tmp_path):
    PPO("CookieJarCorner-v0", seed=0).learn(100).save(tmp_path / "agent")
    view = make_view(tmp_path, shown={"panel"})
    pressed(view, pygame.K_a, pygame.K_p)
    assert view.player.shown == {"panel", "probabilities"}
    overlay = view.player.overlay(0)
    obs = np.array([view.player.replay.episode.time_steps[0].obs])
    np.testing.assert_array_equal(overlay.arrows[0], view.player.replay.agent.probabilities(obs)[0, :4])
    view.draw(SIZE)


def test_levels_show_the_values_of_the_kitchen_of_the_moment(tmp_path):
    PPO("CookieJarRandom-v0", seed=0, net_arch=(8,), filters=2).learn(64).save(tmp_path / "agent")
    view = make_view(tmp_path, shown=ALL)
    kitchens = set()
    for _ in range(3):
        view.draw(SIZE)
        episode = view.player.replay.episode
        kitchens.add(episode.world.config.kitchen)
        obs, cell = np.asarray(episode.time_steps[0].obs)[None], episode.time_steps[0].frame.state.child
        expected = view.player.replay.probe.state_values(obs)[0]
        assert view.player.overlay(0).values[cell] == pytest.approx(expected, rel=1e-5)
        pressed(view, pygame.K_n)
    assert len(kitchens) == 3


def test_an_overlay_that_is_not_there_says_so(trained):
    view = make_view(trained)
    pressed(view, pygame.K_p)
    assert view.player.notice == "probabilities: this agent does not tell"
    assert "probabilities" not in view.player.shown
    view.advance(10)
    assert view.player.notice == ""


def test_without_snapshots_there_is_no_timeline(learned):
    view = make_view(learned)
    view.draw(SIZE)
    assert view._places.foot is None
    pressed(view, pygame.K_HOME)
    assert "no snapshots" in view.player.notice


class Predictor:
    """An agent that can do nothing but `predict`, as others' are."""

    def predict(self, observation, deterministic=True):
        return np.zeros(np.shape(observation), np.int64), None


def test_whatever_has_predict_can_be_watched(trained):
    from cookie_jar.scripts.viewer.player import Player
    from cookie_jar.scripts.viewer.replays import ReplayedAgent

    known = make_view(trained).player.replay
    player = Player([ReplayedAgent(Predictor(), known.runner, "foreign", known.evaluator)], 0, 1, ALL)
    player.head.time = 3.0
    PlayerView(player).draw(SIZE)
    assert player.overlay(0).values is None
    assert player.overlay(0).acts[0] == 0
    assert player.offered == {"arrows", "trail", "panel"}


@pytest.mark.parametrize("env_id", ["FrozenLake-v1", "CliffWalking-v1"])
def test_other_environments_can_be_watched(tmp_path, env_id, monkeypatch):
    monkeypatch.setattr(episode, "MAX_ACTS", 30)  # walking along the cliff has no time limit
    QLearning(env_id, seed=0).learn(100).save(tmp_path / "agent")
    view = make_view(tmp_path)
    for n in range(60):
        view.draw((640, 480))
        view.advance(1 / 10 if n < 30 else 1 / 60)
    pressed(view, pygame.K_v)
    assert "kitchens only" in view.player.notice
    assert run(watch.main, [str(tmp_path), "--save", str(tmp_path / "replay.gif"), "--speed", "16"]) == 0


def test_an_agent_that_sees_nothing_better_than_bumping_is_cut_off(tmp_path):
    path = QLearning("CookieJarCorner-v0", seed=0).save(tmp_path / "agent")
    assert make_view(path).player.last == 200


def test_the_program_in_its_window(trained, monkeypatch):
    shown = []
    monkeypatch.setattr(main_loop, "show", lambda view, title, size: shown.append((view, title, size)))
    assert run(watch.main, [f"{trained}@0", str(trained), "--speed", "4", "--overlays", "trail"]) == 0
    [(view, title, size)] = shown
    assert (view.player.head.speed, view.player.shown, size) == (4, {"trail"}, (1280, 720))
    assert str(trained) in title


def test_without_a_screen_it_tells_the_episode(learned, monkeypatch, capsys):
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert run(watch.main, [str(learned)]) == 0
    told = capsys.readouterr().out
    assert "7. pick middle: yum" in told
    assert "no screen was found" in told
    assert "--save episode.gif" in told


def test_no_audio_is_opened(trained):
    make_view(trained).draw(SIZE)
    assert pygame.mixer.get_init() is None


def test_memory_does_not_grow_over_ten_thousand_frames(trained):
    resource = pytest.importorskip("resource", reason="Windows does not tell the memory of a process so")
    view = make_view(trained)

    def frames(count):
        for _ in range(count):
            view.draw((200, 240))
            view.advance(0.05)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kB, the most so far

    before = frames(2_000)
    after = frames(8_000)
    assert view.player.seed > 50
    assert after - before < 8_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "expected the folder of a run"),
        ([], "expected one RUN, or up to 4"),
        (["{run}"] * 5, "expected one RUN, or up to 4"),
        (["{run}", "--save", "story.mov"], "ends in .gif, .webp, .mp4, .png"),
        (["{run}", "--save", "run/agent.safetensors/story.gif"], "cannot write there"),
        (["{run}", "--seed", "-3"], "--seed"),
        (["{run}", "--size", "12"], "expected WIDTHxHEIGHT"),
        (["{run}", "--size", "1x1"], "expected WIDTHxHEIGHT"),
        (["{run}", "--overlays", "smells"], "expected some of values"),
        (["nothing.json"], "expected a saved episode"),
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
