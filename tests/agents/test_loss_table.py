import math
from random import Random

import damage
import pytest

from cookie_jar.agents import FileError, NotFiniteError
from cookie_jar.agents.loss_table import LossRow, LossTable

ROWS = [
    LossRow(0, 0, 1.0986122886681098, 1.1, 1 / 3, 0.25),
    LossRow(8, 1, 0.5, 0.7, 0.9, 0.8),
    LossRow(16, 2, 1e-7, 0.7, 1.0, 0.85),
    LossRow(24, 3, 5e-324, 0.9, 1.0, 0.8),
]


def table():
    made = LossTable()
    for row in ROWS:
        made.add(row)
    return made


def test_a_table_reads_what_it_wrote(tmp_path):
    table().write(tmp_path / "losses.csv")
    for number in (None, 2):
        again = LossTable()
        again.read(tmp_path / "losses.csv", number)
        assert again.rows == ROWS[:number]
    assert again.digest != table().digest


def test_the_best_row_is_the_first_with_the_lowest_validation_loss():
    assert table().best == ROWS[1]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("training_loss", math.nan),
        ("validation_loss", math.inf),
        ("training_loss", -1),
        ("training_accuracy", 2),
    ],
)
def test_impossible_numbers_are_not_recorded(column, value):
    with pytest.raises(NotFiniteError, match=r"expected finite losses .* lower the learning rate"):
        table().add(ROWS[-1]._replace(step=32, **{column: value}))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("step,epoch", "epoch,step", "line 1: expected the columns step,epoch"),
        ("8,1,0.5", "8,1,x", "line 3: expected 6 numbers"),
        ("8,1,0.5", "8,1,nan", "line 3: expected 6 numbers"),
        ("8,1,0.5", "0,1,0.5", "line 3: expected more than 0 steps, got 0"),
        ("8,1,0.5", "8,1,0.5,1", "line 3: expected 6 numbers"),
        ("0.9,0.8\n", "1.1,0.8\n", "line 3: expected finite losses"),
        ("1.0,0.8\n", "1.0,0.8", "line 5: expected a line break at the end"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, old, new, message):
    path = tmp_path / "losses.csv"
    table().write(path)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(FileError, match=message):
        LossTable().read(path)


def test_whatever_happens_to_a_file_it_is_read_or_refused(tmp_path):
    path = tmp_path / "losses.csv"
    table().write(path)
    data, random = path.read_bytes(), Random(0)
    for _ in range(200):
        path.write_bytes(damage.damaged(data, random))
        found = LossTable()
        try:
            found.read(path)
        except FileError:
            assert found.rows == []
        else:
            assert all(math.isfinite(number) for row in found.rows for number in row)
