import io

import numpy as np
import pytest
from PIL import Image

from cookie_jar.agents.loss_table import LossRow, LossTable
from cookie_jar.scripts.common.loss_curve import draw_losses, has_risen, is_overfitted


def table(validation):
    made = LossTable()
    for epoch, loss in enumerate(validation):
        made.add(LossRow(10 * epoch, epoch, 1 / (1 + epoch), loss, 0.9, 0.8))
    return made


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)))


@pytest.mark.parametrize(
    ("validation", "expected"), [((1, 0.5, 0.51), False), ((1, 0.5, 0.6), True), ((1,), False)]
)
def test_overfitting_is_a_clear_rise_of_the_validation_loss(validation, expected):
    assert is_overfitted(table(validation).rows) is expected


def test_equal_tables_give_equal_figures_and_others_do_not():
    first = draw_losses("one", table((1, 0.5, 0.9)))
    assert first == draw_losses("one", table((1, 0.5, 0.9)))
    assert (pixels(first) != pixels(draw_losses("one", table((1, 0.9, 0.5))))).any()


def test_a_table_with_one_row_can_be_drawn():
    assert pixels(draw_losses("one", table((1,)))).size > 0


def test_a_loss_that_rises_in_training_too_is_no_overfitting():
    rows = [LossRow(0, 0, 1.1, 1.1, 0.3, 0.3), LossRow(8, 1, 1.2, 1.4, 0.6, 0.6)]
    assert has_risen(rows)
    assert not is_overfitted(rows)
