import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from cookie_jar.agents import FileError
from cookie_jar.scripts.classification.photographs import read_photograph

RED, BLUE = (200, 30, 20), (10, 40, 210)


def halves(width=40, height=40):
    """The upper half of a picture is red, the lower blue."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2], pixels[height // 2 :] = RED, BLUE
    return Image.fromarray(pixels)


def read(tmp_path, picture, name="x.png", size=20, **options):
    picture.save(tmp_path / name, **options)
    return read_photograph(tmp_path / name, size)


def test_a_picture_of_the_size_stays_as_it_is(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (20, 20, 3), np.uint8)
    np.testing.assert_array_equal(read(tmp_path, Image.fromarray(pixels)).pixels, pixels)


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("x.jpg", "RGB"),
        ("x.jpg", "CMYK"),
        ("x.png", "RGB"),
        ("x.png", "RGBA"),
        ("x.png", "P"),
        ("x.gif", "P"),
        ("x.webp", "RGB"),
        ("x.webp", "RGBA"),
        ("x.bmp", "RGB"),
        ("x.bmp", "P"),
        ("wrong_suffix.txt.png", "RGB"),
    ],
)
def test_formats_and_colour_modes(tmp_path, name, mode):
    pixels = read(tmp_path, halves().convert(mode), name).pixels
    assert pixels.shape == (20, 20, 3)
    np.testing.assert_allclose(pixels[3, 10], RED, atol=12)
    np.testing.assert_allclose(pixels[-3, 10], BLUE, atol=12)


@pytest.mark.parametrize("mode", ["L", "LA", "1", "I;16"])
def test_grey(tmp_path, mode):
    grey = np.full((40, 40), 128, np.uint8)
    picture = (
        Image.fromarray(grey.astype(np.uint16) * 257)
        if mode == "I;16"
        else Image.fromarray(grey).convert(mode)
    )
    pixels = read(tmp_path, picture).pixels
    assert np.ptp(pixels, axis=2).max() == 0
    assert abs(pixels.mean() - 128) < (4 if mode == "1" else 0.5)


def test_16_bit_grey_has_its_full_range(tmp_path):
    grey = np.linspace(0, 65_535, 400).astype(np.uint16).reshape(20, 20)
    pixels = read(tmp_path, Image.fromarray(grey)).pixels
    assert (pixels.min(), pixels.max()) == (0, 255)


@pytest.mark.parametrize("size", [20, 10])
def test_transparent_parts_become_white(tmp_path, size):
    layer = np.zeros((20, 20, 4), np.uint8)
    layer[:10] = (*RED, 255)
    pixels = read(tmp_path, Image.fromarray(layer), size=size).pixels
    np.testing.assert_array_equal(pixels[0, 0], RED)
    np.testing.assert_array_equal(pixels[-1, -1], 255)


@pytest.mark.parametrize(
    ("orientation", "red"), [(1, "top"), (3, "bottom"), (6, "right"), (8, "left"), (2, "top"), (5, "left")]
)
def test_pictures_are_turned_upright(tmp_path, orientation, red):
    exif = Image.Exif()
    exif[0x112] = orientation
    pixels = read(tmp_path, halves(60, 40), "x.jpg", exif=exif).pixels
    place = {"top": (2, 10), "bottom": (-3, 10), "left": (10, 2), "right": (10, -3)}[red]
    np.testing.assert_allclose(pixels[place], RED, atol=12)


@pytest.mark.parametrize(("width", "height"), [(100, 20), (20, 100), (21, 20)])
def test_the_central_square_is_kept(tmp_path, width, height):
    pixels = np.zeros((height, width, 3), np.uint8)
    top, left = (height - 20) // 2, (width - 20) // 2
    pixels[top : top + 20, left : left + 20] = 255
    photograph = read(tmp_path, Image.fromarray(pixels))
    assert photograph.pixels.min() == 255
    assert photograph[1:] == (width, height)


def test_a_large_picture_is_averaged(tmp_path):
    checks = (np.indices((800, 800)).sum(axis=0) % 2 * 255).astype(np.uint8)
    pixels = read(tmp_path, Image.fromarray(checks)).pixels
    np.testing.assert_allclose(pixels, 127.5, atol=3)


def test_of_an_animation_the_first_picture_is_read(tmp_path):
    first, second = (Image.new("RGB", (20, 20), colour) for colour in (RED, BLUE))
    pixels = read(tmp_path, first, "x.gif", save_all=True, append_images=[second]).pixels
    np.testing.assert_allclose(pixels[5, 5], RED, atol=12)


def png(width, height, data=b""):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


def jpeg():
    data = io.BytesIO()
    halves(200, 200).save(data, "JPEG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.png", b"", "got another file"),
        ("x.png", b"some text", "got another file"),
        ("x.jpg", jpeg()[:400], "got a damaged one"),
        ("x.png", png(20, 20), "got a damaged one"),
        ("x.png", png(20_000, 20_000), "at most 67,108,864 pixels"),
        ("x.png", png(9_000, 9_000), "at most 67,108,864 pixels, got 9,000 x 9,000"),
        ("x.png", png(0, 5), "expected a picture"),
        ("x.heic", b"\0\0\0\x18ftypheic", "convert it to JPEG"),
        ("x.svg", b"<svg/>", "got another file"),
    ],
)
def test_other_and_damaged_files_are_named(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileError, match=message) as caught:
        read_photograph(tmp_path / name, 20)
    assert str(caught.value).startswith(str(tmp_path / name))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "x.png").open("wb") as file:
        file.truncate(1 << 27)
    with pytest.raises(FileError, match="at most 67,108,864 bytes"):
        read_photograph(tmp_path / "x.png", 20)


def test_every_cut_of_a_picture_gives_a_picture_or_an_error(tmp_path):
    data = jpeg()
    for end in range(0, len(data), 97):
        (tmp_path / "x.jpg").write_bytes(data[:end])
        with pytest.raises(FileError, match=r"x\.jpg"):
            read_photograph(tmp_path / "x.jpg", 20)
