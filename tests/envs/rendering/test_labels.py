import numpy as np
import pytest
from pictures import frames

from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering import labels
from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.envs.rendering.scene import Scene

HOME, CORNER = find_kitchen("home"), find_kitchen("corner")
VALUES = np.linspace(-1, 2, len(HOME.places))


def boxes(kitchen, cell):
    row, column = kitchen.places[cell]
    return [(column + 0.1, row - 0.3, column + 0.9, row + 0.9)]


def written(things, hidden, **parts):
    """The texts that are written, with their places in tiles."""
    scene, texts = Scene(HOME, (800, 600)), []

    class Picture:
        size = (800, 600)

        def write(self, text, height, colour, at, align="center"):
            layout = scene.layout
            texts.append((text, (at[0] - layout.left) / layout.tile, (at[1] - layout.top) / layout.tile))

        def round_box(self, *args):
            pass

        def stamp(self, drawing, *args, at, size):
            texts.append((args[0], size / scene.layout.tile))

    labels.draw_labels(Picture(), scene.layout, Overlay(**parts), things, hidden=hidden)
    return texts


def test_the_number_of_a_cell_is_never_behind_a_thing():
    cell = 8
    free = written(boxes(HOME, cell), False, values=VALUES)
    hidden = written(boxes(HOME, cell), True, values=VALUES)
    assert (len(free), len(hidden)) == (len(VALUES) - 1, 1)
    row, column = HOME.places[cell]
    text, x, y = hidden[0]
    assert text == f"{VALUES[cell]:.2f}"
    assert column < x < column + 0.2
    assert row + 0.75 < y < row + 1
    _, column = HOME.places[0]
    assert column < free[0][1] < column + 0.2


def test_the_sign_of_a_cell_is_small_and_in_front_of_a_thing():
    acts = np.full(len(VALUES), 3)
    free = written(boxes(HOME, 8), False, acts=acts)
    hidden = written(boxes(HOME, 8), True, acts=acts)
    assert free == [(3, 1.0)] * (len(VALUES) - 1)
    assert hidden == [(3, pytest.approx(labels.SMALLER, abs=0.01))]


def test_a_question_mark_stands_in_place_of_an_action():
    unsure = np.arange(len(VALUES)) == 5
    acts = np.where(np.arange(len(VALUES)) < 10, 3, -1)
    found = written([], False, acts=acts, unsure=unsure)
    assert [entry[0] for entry in found].count("?") == 1
    assert len(found) == 10


def test_question_marks_can_be_seen_and_nothing_else_is_drawn_where_nothing_is_known():
    scene, frame = Scene(CORNER, (400, 400), caption=False), frames(CORNER, "")[-1]
    cells = len(CORNER.places)
    unknown = Overlay(
        values=np.full(cells, np.nan), acts=np.full(cells, -1), unsure=np.ones(cells, np.bool_), scale=(0, 1)
    )
    plain, marked = to_array(scene.draw(frame)).astype(int), to_array(scene.draw(frame, 1.0, unknown))
    changed = np.abs(marked - plain).sum(axis=2) > 30
    assert 0.0005 < changed.mean() < 0.02
