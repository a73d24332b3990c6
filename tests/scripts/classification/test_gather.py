import csv

import numpy as np
import pytest
from PIL import Image

from cookie_jar.envs.cookies.pictures import draw_pictures
from cookie_jar.scripts import cookies
from cookie_jar.scripts.classification import gather
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.common.dataset import DATA, digest, read_dataset


def test_drawn_pictures_are_those_of_their_numbers(call):
    text = call("gather", "--number", 60, "--seed", 3, "--mess", 0.5, "--shift", "burnt", "--size", 16)
    assert "Next: cookie-jar cookies look" in text
    dataset = read_dataset(DATA)
    expected = draw_pictures(np.arange(60), seed=3, mess=0.5, shift="burnt", size=16)
    for found, drawn in zip(dataset[:4], (expected[0], expected[1], expected[3], expected[2]), strict=True):
        np.testing.assert_array_equal(found, drawn)
    assert dataset.kinds == ("raisin", "chocolate chip", "plain")
    assert dataset.about == {
        "source": "drawn", "size": 16, "seed": 3, "mess": 0.5, "shift": "burnt", "cloth_share": 0.0,
    }  # fmt: skip


def test_a_larger_data_set_begins_with_the_same_pictures(call):
    call("gather", "small", "--number", 20)
    call("gather", "large", "--number", 300)
    np.testing.assert_array_equal(read_dataset("large").pictures[:20], read_dataset("small").pictures)


@pytest.mark.parametrize("size", [16, 32])
def test_png_folders_come_back_byte_for_byte(call, inside, size):
    call("gather", "--number", 40, "--size", size, "--png", "png")
    assert {path.name for path in (inside / "png").iterdir()} == {
        *("raisin", "chocolate chip", "plain", "metadata.csv")
    }
    call("gather", "back", "--from", "png", "--size", size)
    assert digest(read_dataset("back")) == digest(read_dataset(DATA))


def test_png_alone_exports_a_data_set_that_exists(call, inside):
    call("gather", "data", "--number", 9, "--seed", 5)
    call("gather", "data", "--png", "png")
    dataset = read_dataset("data")
    with (inside / "png" / "metadata.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["number"]) for row in rows] == list(range(9))
    for row, pixels in zip(rows, dataset.pictures, strict=True):
        assert row["file_name"].startswith(f"{row['label']}/")
        with Image.open(inside / "png" / row["file_name"]) as picture:
            np.testing.assert_array_equal(np.asarray(picture), pixels)


def test_an_existing_data_set_is_replaced_only_if_asked_for(call, refused):
    call("gather", "--number", 9)
    before = digest(read_dataset(DATA))
    assert "holds a data set" in refused("gather", "--number", 12)
    assert "nothing was changed" in call("gather", "--number", 9, "--overwrite")
    call("gather", "--number", 12, "--overwrite")
    assert digest(read_dataset(DATA)) != before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--number", "0"], "--number: expected at least 1"),
        (["--number", "100000"], "--number: expected at most 85,481 pictures of 32x32, got 100,000"),
        (["--number", "99999", "--size", "128"], "--number: expected at most"),
        (["--mess", "2"], "--mess: expected a number from 0 to 1"),
        (["--mess", "nan"], "--mess: expected a finite number"),
        (["--cloth-share", "-1"], "--cloth-share"),
        (["--shift", "dark"], "--shift: expected one of none, evening"),
        (["--size", "4"], "--size: expected at least 8"),
        (["--size", "400"], "--size: expected at most 128"),
        (["--skip-bad"], "--skip-bad: expected --from FOLDER"),
        (["--from", "nowhere"], "--from: expected a folder that exists"),
        (["--from", ".", "--seed", "3"], "does not take --seed"),
        (["x", "--number", "9", "--png", "x"], "--png: expected another folder"),
        (["x", "--number", "9", "--png", "full"], "--png: expected a new or empty folder"),
        (["full"], "DATA: expected a new or empty folder"),
        (["full/file.txt"], "DATA: expected a folder"),
        (["--seed", "9" * 30], "seed: expected an integer"),
    ],
)
def test_a_mistake_gives_one_clear_message_and_no_files(refused, inside, words, message):
    (inside / "full").mkdir()
    (inside / "full" / "file.txt").write_text("mine")
    assert message in refused("gather", *words)
    assert [path.name for path in inside.iterdir()] == ["full"]


@pytest.mark.parametrize("place", ["drawing", "writing PNG files"])
def test_ctrl_c_leaves_no_half_written_folder(inside, capsys, monkeypatch, place):
    from cookie_jar.envs.cookies import pictures
    from cookie_jar.scripts.common.console import run

    def stop(*_, **__):
        raise KeyboardInterrupt

    if place == "drawing":
        monkeypatch.setattr(pictures, "draw_pictures", stop)
    else:
        monkeypatch.setattr(Image.Image, "save", stop)
    assert run(cookies.main, ["gather", "data", "--number", "9", "--png", "png"]) == 130
    assert {path.name for path in inside.iterdir()} <= {"data"}
    assert "stopped" in capsys.readouterr().err


def test_the_default_is_enough_for_the_default_split():
    assert gather.NUMBER == 11_000


@pytest.mark.parametrize(
    ("kinds", "said"), [(("plain", "nul"), "nul is a device"), (("Raisin", "raisin"), "differ only in case")]
)
def test_kinds_that_another_system_cannot_hold_are_not_written_as_folders(kinds, said, tmp_path, capsys):
    for number, kind in enumerate(kinds):
        try:
            (tmp_path / "photos" / kind).mkdir(parents=True)
        except OSError:
            pytest.skip("this system cannot hold these names")
        for n in range(3):
            Image.new("RGB", (8, 8), (90 * number, 80 * n, 0)).save(tmp_path / "photos" / kind / f"{n}.png")
    words = ["gather", str(tmp_path / "data"), "--from", str(tmp_path / "photos"), "--size", "8"]
    assert run(cookies.main, [*words, "--png", str(tmp_path / "png")]) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]
    assert run(cookies.main, words) == 0  # they can be read
