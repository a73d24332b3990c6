import pytest
from surfaces import paper, where

from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.viewer.widgets.board import Section, draw_board


@pytest.mark.parametrize("size", [(160, 160), (640, 480), (1920, 1080)])
def test_a_board_lies_in_the_middle_and_shades_the_rest(size):
    surface = paper(size)
    draw_board(surface, [Section("Keys", [("Space", "pause")] * 12), Section("Mouse", [("", "more")])], 17)
    assert tuple(to_array(surface)[0, 0]) != palette.PAPER
    board = where(surface, palette.PAPER)
    assert board.mean(axis=0) == pytest.approx([size[1] / 2, size[0] / 2], rel=0.2)


@pytest.mark.parametrize("rows", [1, 12, 40])
def test_any_number_of_rows_lies_in_the_window(rows):
    surface = paper((640, 480))
    words = "words that take more than one line in a column, because they are long"
    draw_board(surface, [Section("Keys", [("Page down", words)] * rows)], 20)
    for colour in (palette.SHIRT, palette.INK):
        ink = where(surface, colour)
        assert len(ink) > 0
        assert ink.min() > 5
        assert ink[:, 0].max() < 475
        assert ink[:, 1].max() < 635
