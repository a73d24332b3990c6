import gymnasium as gym
import numpy as np
import pygame
import pytest
from surfaces import drawn_outside, is_drawn, paper

from cookie_jar.envs.rendering.episode import Episode, EpisodeRunner
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.viewer.controls import replay_buttons
from cookie_jar.scripts.viewer.parts import (
    EpisodePicture,
    Part,
    draw_button_row,
    draw_heading,
)

AREA = pygame.Rect(50, 40, 300, 200)
AWAY = -1, -1


def start(env_id):
    runner = EpisodeRunner(gym.make(env_id, render_mode="rgb_array"))
    return Episode((runner.reset(0),), runner.world, 0)


def test_a_part_is_drawn_again_only_when_its_contents_or_size_change():
    part, drawn = Part(), []

    def draw(surface, rect):
        drawn.append(rect.size)
        surface.fill((1, 2, 3), rect)

    window = paper((400, 300))
    for area, key in ((AREA, 1), (AREA.move(5, 5), 1), (AREA, 2), (AREA.inflate(-10, 0), 2)):
        part.draw(window, area, key, draw)
    assert drawn == [(300, 200), (300, 200), (290, 200)]
    assert window.get_at((354, 244))[:3] == (1, 2, 3)


@pytest.mark.parametrize("env_id", ["CookieJar-v0", "FrozenLake-v1"])
def test_a_picture_stays_in_its_area(env_id):
    episode, window = start(env_id), paper((400, 300))
    EpisodePicture().draw(window, AREA, episode, episode.time_steps[0], 1.0, None, caption=False)
    assert not drawn_outside(window, AREA)
    assert is_drawn(window)


def test_a_kitchen_fits_with_its_heading():
    area = pygame.Rect(0, 0, 300, 900)
    used = EpisodePicture.fit(area, start("CookieJar-v0"), 20)
    assert area.contains(used)
    assert used.height < 600
    assert EpisodePicture.fit(area, start("FrozenLake-v1"), 20) == area


def test_the_selected_heading_is_underlined():
    episode, pictures = start("CookieJar-v0"), []
    for selected in (False, True):
        window = paper((400, 300))
        draw_heading(window, AREA, 20, "a name that is far too long for it", episode.time_steps[0], selected)
        assert not drawn_outside(window, AREA)
        pictures.append(to_array(window).copy())
    assert (pictures[0] != pictures[1]).any()


@pytest.mark.parametrize(("width", "all_fit"), [(1200, True), (620, True), (450, True), (200, False)])
def test_narrow_rows_have_short_words_or_smaller_buttons(width, all_fit):
    window, buttons = paper((1300, 60)), replay_buttons(True, 1, set(), {})
    places = draw_button_row(window, pygame.Rect(10, 10, width, 32), buttons, AWAY)
    assert all(place.width for place in places) == all_fit
    assert max(place.right for place in places) <= 10 + width


def test_a_button_under_the_mouse_changes_its_colour():
    pictures = []
    for mouse in (AWAY, (25, 25)):
        window = paper((1300, 60))
        draw_button_row(window, pygame.Rect(10, 10, 1200, 32), replay_buttons(True, 1, set(), {}), mouse)
        pictures.append(to_array(window).astype(int))
    rows, columns = np.nonzero((pictures[0] != pictures[1]).any(axis=2))
    assert len(rows) > 0
    assert columns.max() < 60
