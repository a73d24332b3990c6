import numpy as np
import pytest
from PIL import Image

from cookie_jar.scripts.classification.contact_sheet import COLUMNS, GAP, draw_contact_sheet, mosaic
from cookie_jar.scripts.common.dataset import DATA, SHEET_FILE, Dataset, read_dataset


def test_attributes_are_those_of_the_kinds(call):
    call("gather", "--number", 400)
    text = call("look")
    dataset = read_dataset(DATA)
    own = dataset.attributes[dataset.labels == 2, 0]
    assert f"{own.mean():.3f} +- {own.std():.3f}" in text
    assert "no shortcut found" in text
    assert "warning" not in text
    assert "Next: cookie-jar cookies split" in text
    with Image.open(DATA / SHEET_FILE) as sheet:
        assert sheet.size[0] == 1_560


def test_a_shortcut_is_reported(call):
    call("gather", "--number", 300, "--cloth-share", 0.95)
    text = call("look", "--png", "sheet.png")
    assert "warning: the corners of the pictures alone predict the kind of 9" in text
    assert "at most 0.0001" in text


def test_copies_are_reported(call, photographs):
    (photographs / "soft" / "copy.png").write_bytes((photographs / "soft" / "0.png").read_bytes())
    call("gather", "--from", "photos")
    text = call("look")
    assert "1 of 17 pictures are copies" in text
    assert "too few to check" in text


def test_after_the_split_training_is_next(call):
    call("gather", "own", "--number", 60)
    call("split", "own")
    assert "Next: cookie-jar cookies train own" in call("look", "own")


@pytest.mark.parametrize(
    ("words", "message"),
    [([], "gather"), (["nowhere"], "gather nowhere"), (["--png", "data/cookies/split.csv"], "ends in .png")],
)
def test_mistakes(refused, words, message):
    assert message in refused("look", *words)


def test_pictures_stand_in_rows_and_empty_places_are_transparent():
    pictures = np.arange(1, 15, dtype=np.uint8).repeat(8 * 8 * 3).reshape(-1, 8, 8, 3)
    sheet = mosaic(pictures, 2)[::16, ::16]
    side = 8 + GAP
    assert sheet.shape == (2 * side, COLUMNS * side, 4)
    assert sheet[0, side].tolist() == [2, 2, 2, 255]
    assert sheet[side, side].tolist() == [14, 14, 14, 255]
    assert sheet[side, 2 * side, 3] == 0
    assert sheet[0, 8, 3] == 0


@pytest.mark.parametrize("kinds", [2, 30])
def test_a_sheet_of_many_kinds_has_a_limit(kinds):
    labels = np.arange(60) % kinds
    names = tuple(f"kind $\\alpha$ {number}" for number in range(kinds))
    dataset = Dataset(np.zeros((60, 8, 8, 3), np.uint8), labels, np.arange(60), None, names, {})
    sheet = draw_contact_sheet(dataset, "title")
    height = int.from_bytes(sheet[20:24], "big")
    assert 500 < height < 2_500
