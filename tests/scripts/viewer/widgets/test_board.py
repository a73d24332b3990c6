import pytest
from surfaces import paper, where

from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.viewer.widgets.board import draw_board


@pytest.mark.parametrize("size", [(160, 160), (640, 480), (1920, 1080)])
def test_a_board_lies_in_the_middle_and_shades_the_rest(size):
    surface = paper(size)
    draw_board(surface, "Keys", [("Space", "pause")] * 12, "more")
    assert tuple(to_array(surface)[0, 0]) != palette.PAPER
    board = where(surface, palette.PAPER)
    assert board.mean(axis=0) == pytest.approx([size[1] / 2, size[0] / 2], rel=0.2)
