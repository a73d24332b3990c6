import numpy as np
import pytest
from colours import SEEN_BY, contrast, seen

from cookie_jar.envs.rendering import palette


@pytest.mark.parametrize("who", SEEN_BY)
@pytest.mark.parametrize(
    ("a", "b"), [(palette.HAPPY, palette.UNHAPPY), (palette.BAR, palette.BAR_MINUS)], ids=["words", "bars"]
)
def test_happy_and_unhappy_differ(who, a, b):
    # bars also go to different sides, and numbers have signs: grey is enough for those
    assert np.abs(seen(a, who) - seen(b, who)).max() > (5 if who == "grey" else 60)


def test_words_can_be_read():
    for ink in (palette.INK, palette.MUTED, palette.HAPPY, palette.UNHAPPY):
        assert contrast(ink, palette.PAPER) > 4.5
    for ink in (palette.INK, palette.MUTED):  # on a marked row of bars
        assert contrast(ink, palette.PAPER_DARK) > 4.5
    for ground in (palette.HAPPY, palette.UNHAPPY):  # of the chip
        assert contrast(palette.WHITE, ground) > 4.5


def test_mixed_colours_lie_between():
    assert palette.mix_colours((0, 100, 200), (100, 0, 200), 0.25) == (25, 75, 200)
