import numpy as np
import pygame
import pytest
from lookers import CORNER, JAR, make_replay
from needs import CLIFF, needs_limits
from surfaces import where
from windows import QUIT, SIZE, click_on, drag, drag_along, make_view, press, run_script

from cookie_jar.agents import QLearning
from cookie_jar.envs.rendering import episode, palette
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.viewer.player import Player
from cookie_jar.scripts.viewer.player_view import PlayerView


def test_it_plays_one_episode_after_the_other_and_closes(corner_run, monkeypatch):
    view, seeds = make_view(corner_run), []
    script = {n: lambda: seeds.append(view.player.seed) for n in range(0, 600, 10)} | {600: QUIT}
    assert run_script(view, script, monkeypatch, (640, 360)) == 601
    assert view.closed
    assert seeds == sorted(seeds)
    assert set(seeds) == {0, 1, 2}


def test_the_help_lists_the_keys_of_this_window_only(corner_run):
    both = make_view(corner_run, corner_run)
    alone = PlayerView(Player([make_replay(JAR)], 0, 1, {"panel"}))
    listed = []
    for view in (both, alone):
        view.draw(SIZE)
        keys, mouse = view.help_sections()
        listed.append(({name for name, _ in keys.rows}, [name for name, _ in mouse.rows]))
    of_snapshots = {"Page up", "Page down", "Home", "End"}
    assert of_snapshots | {"Tab", "V", "A", "T"} <= listed[0][0]
    assert (of_snapshots | {"Tab", "V", "A", "T", "P"}).isdisjoint(listed[1][0])
    assert [mouse for _, mouse in listed] == [["buttons", "picture", "timeline"], ["buttons", "picture"]]


def test_every_key_does_what_the_help_says(corner_run):
    view = make_view(corner_run)
    player, head = view.player, view.player.head
    press(view, pygame.K_SPACE)
    assert head.paused
    press(view, pygame.K_RIGHT)
    view.advance(5)
    assert head.time == 1
    press(view, pygame.K_RIGHT, pygame.K_LEFT)
    assert head.time == 0
    press(view, pygame.K_UP, pygame.K_UP)
    assert head.speed == 4
    press(view, pygame.K_DOWN)
    assert head.speed == 2
    press(view, pygame.K_n)
    assert player.seed == 1
    press(view, pygame.K_RIGHT)
    view.advance(5)
    press(view, pygame.K_r)
    assert (player.seed, head.place(7)) == (1, (0, 1.0))
    press(view, pygame.K_HOME)
    assert player.replay.steps == 0
    press(view, pygame.K_PAGEDOWN)
    assert player.replay.steps == 100
    press(view, pygame.K_END)
    assert player.replay.steps == 5000
    press(view, pygame.K_PAGEUP)
    assert 2000 < player.replay.steps < 5000


@pytest.mark.parametrize(
    ("number", "name"),
    [(pygame.K_v, "values"), (pygame.K_a, "arrows"), (pygame.K_t, "trail"), (pygame.K_b, "panel")],
)
def test_switches(corner_run, number, name):
    view = make_view(corner_run)
    press(view, number)
    assert name not in view.player.shown
    press(view, number)
    assert name in view.player.shown


def test_every_button_does_what_its_key_does(corner_run):
    view = make_view(corner_run)
    player = view.player
    click_on(view, "pause", "values", "arrows", "trail", "panel", "faster", "faster")
    assert player.head.paused
    assert not player.shown
    assert player.head.speed == 4
    click_on(view, "speed", "other", "forwards", "full")
    view.advance(5)
    assert (player.head.speed, player.seed, player.head.time, view.full) == (1, 1, 1, True)
    click_on(view, "slower", "back", "again", "help")
    assert (player.head.speed, player.seed, view.helping) == (0.5, 1, True)


def test_a_button_that_is_greyed_out_says_why(corner_run):
    view = make_view(corner_run)
    click_on(view, "probabilities")
    assert "not available" in view.player.notice.text


def test_time_stands_still_while_the_help_is_read(corner_run):
    view = make_view(corner_run)
    press(view, pygame.K_h)
    before = view.player.head.time
    view.advance(1)
    assert view.player.head.time == before


def test_dragging_the_timeline_shows_the_child_as_it_was(corner_run, monkeypatch):
    view, seen = make_view(corner_run), []
    view.draw(SIZE)
    rect = view.control("timeline").rect
    ends = (rect.left + 5, rect.centery), (rect.right - 5, rect.centery)

    def look():
        replay = view.player.replay
        seen.append((replay.steps, replay.episode.last, replay.agent.q_table.any()))

    script = {2: drag(*ends[::-1]), 4: look, 5: drag(*ends), 7: look, 8: QUIT}
    run_script(view, script, monkeypatch)
    assert seen == [(0, 200, False), (5000, 7, True)]


def test_a_snapshot_under_the_mouse_is_loaded_once_a_frame(corner_run):
    view = make_view(corner_run)
    drag_along(view, "timeline", 0.5, 0.0)
    assert view.player.replay.steps == 5000
    view.advance(0)
    assert view.player.replay.steps == 0


def test_the_wheel_moves_the_timeline(corner_run):
    view = make_view(corner_run)
    view.handle_event(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=-1))
    assert view.player.replay.timeline.now == len(view.player.replay.timeline.steps) - 2
    view.handle_event(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=1))
    assert view.player.replay.timeline.now == len(view.player.replay.timeline.steps) - 1


def test_a_click_selects_a_picture_or_pauses_the_only_one(corner_run):
    view = make_view(f"{corner_run}@0", corner_run)
    click_on(view, "picture 1")
    assert view.player.replay.steps == 0
    assert not view.player.head.paused
    click_on(view, "picture 2")
    assert view.player.replay.steps == 5000
    view = make_view(corner_run)
    click_on(view, "picture 1")
    assert view.player.head.paused


@pytest.mark.parametrize("size", [(160, 160), (320, 240), (500, 900), (640, 480), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_any_size_of_window(corner_run, size, count):
    view = make_view(*[corner_run] * count)
    view.player.head.time = 3.3
    picture = view.draw(size)
    assert picture.get_size() == size
    for number in range(count):
        part = picture.subsurface(view.control(f"picture {number + 1}").rect)
        assert to_array(part).std() > 10
    assert view.has_control("timeline") == (size[1] >= 330)
    assert view.has_control("pause") == (size[1] >= 240)


def test_a_bare_view_has_nothing_to_press(corner_run):
    view = PlayerView(make_view(corner_run).player, bare=True)
    view.draw(SIZE)
    assert not view.has_control("timeline")
    assert not view.has_control("pause")


def test_without_snapshots_there_is_no_timeline(corner_memory):
    view = make_view(corner_memory)
    view.draw(SIZE)
    assert not view.has_control("timeline")


def test_other_environments_are_drawn_as_they_draw_themselves(tmp_path, monkeypatch):
    monkeypatch.setattr(episode, "MAX_ACTS", 30)
    QLearning(CLIFF, seed=0).learn(100).save(tmp_path / "agent")
    view, pictures = make_view(tmp_path), []
    for _ in range(30):
        picture = view.draw((640, 480))
        pictures.append(to_array(picture.subsurface(view.control("picture 1").rect)).tobytes())
        view.advance(1 / 10)
    assert 2 < len(set(pictures)) < 30


def test_no_audio_is_opened(corner_run):
    make_view(corner_run).draw(SIZE)
    assert pygame.mixer.get_init() is None


@needs_limits
@pytest.mark.slow
def test_memory_does_not_grow_over_five_thousand_frames(corner_run):
    import resource

    view = make_view(corner_run)

    def frames(count):
        for _ in range(count):
            view.draw((200, 240))
            view.advance(0.1)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kB, the most so far

    before = frames(1_000)
    after = frames(4_000)
    assert view.player.seed > 50
    assert after - before < 4_000


@pytest.mark.parametrize(
    ("env", "count", "bare"), [(CORNER, 1, False), (CORNER, 2, False), (CORNER, 1, True), (JAR, 1, False)]
)
def test_the_close_up_stands_below_the_kitchen(env, count, bare):
    """The pick's frame appears with the pictures, and takes no room from the rest."""
    view = PlayerView(Player([make_replay(env) for _ in range(count)], 0, 1, {"panel"}), bare=bare)
    view.player.head.time = float(view.player.last) - 0.5
    picture = to_array(view.draw(SIZE))
    blue = (picture == palette.BAR_BEST).all(axis=2)
    rows = np.flatnonzero(blue.any(axis=1))
    for number in range(count):
        area = view.control(f"picture {number + 1}").rect
        assert area.top + 0.6 * area.height < rows[0]
        assert blue[area.top : area.bottom, area.left : area.right].any()


def test_a_close_up_in_every_window():
    view = PlayerView(Player([make_replay(CORNER)], 0, 1, set()))
    for time in (0.0, 6.5):
        view.player.head.time = time
        for size in ((1, 1), (320, 200), (480, 300), (700, 1000)):
            assert view.draw(size).get_size() == size


def test_several_pictures_in_windows_that_are_too_small_for_them():
    view = PlayerView(Player([make_replay(CORNER) for _ in range(4)], 0, 1, {"panel"}))
    for view.large in (False, True):
        for size in ((1, 1), (2, 300), (300, 2), (30, 30)):
            assert view.draw(size).get_size() == size


def test_the_jar_alone_offers_no_values_on_the_floor():
    player = Player([make_replay(JAR)], 0, 1, {"values", "arrows", "panel"})
    assert player.offered == {"panel"}
    assert player.overlay(0) is None
    assert PlayerView(player).draw(SIZE).get_size() == SIZE


def test_a_legend_below_all_pictures_explains_the_overlays(corner_run):
    view = make_view(corner_run, corner_run, shown={"values", "arrows", "trail"})
    view.draw(SIZE)
    with_legend = [view.control(f"picture {number}").rect for number in (1, 2)]
    view.player.shown.clear()
    plain = view.draw(SIZE)
    without = [view.control(f"picture {number}").rect for number in (1, 2)]
    assert all(small.height < large.height for small, large in zip(with_legend, without, strict=True))
    strip = pygame.Rect(0, max(rect.bottom for rect in with_legend), SIZE[0], 0)
    strip.height = max(rect.bottom for rect in without) - strip.top
    view.player.shown |= {"values", "arrows"}
    drawn = view.draw(SIZE).subsurface(strip)
    assert len(where(drawn, palette.INK)) > len(where(plain.subsurface(strip), palette.INK)) + 100


def test_without_overlays_there_is_no_legend(tmp_path):
    QLearning("FrozenLake-v1", seed=0).save(tmp_path / "agent")
    view = make_view(tmp_path, shown={"values", "arrows", "trail"})
    view.draw(SIZE)
    with_switches = view.control("picture 1").rect
    view.player.shown.clear()
    view.draw(SIZE)
    assert view.control("picture 1").rect == with_switches


@pytest.mark.parametrize("selected", [0, 1])
def test_a_frame_shows_which_picture_the_panel_describes(corner_run, selected):
    view = make_view(corner_run, corner_run)
    view.player.selected = selected
    picture = view.draw(SIZE)
    areas = [view.control(f"picture {number}").rect for number in (1, 2)]
    framed = [len(where(picture.subsurface(area), palette.SHIRT)) for area in areas]
    assert framed[selected] > framed[1 - selected] + sum(areas[selected].size)
