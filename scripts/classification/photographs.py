"""Reading one picture file of any size, orientation and colour mode as a small square."""

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import FileError
from cookie_jar.agents.files import read_bytes

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
EXPECTED = "expected a picture (JPEG, PNG, WebP, GIF or BMP)"
MAX_PICTURE_BYTES = 1 << 26
MAX_PIXELS = 1 << 26  # of a picture; checked before it is decoded
AT_MOST = f"expected a picture of at most {MAX_PIXELS:,} pixels"
SHARPNESS = 4  # a large JPEG is decoded at a scale with at least this many times the wanted width


class Photograph(NamedTuple):
    """A picture that was read: uint8 [S, S, 3], and the width and height of the file's picture."""

    pixels: NDArray[np.uint8]
    width: int
    height: int


def read_photograph(path: Path, size: int) -> Photograph:
    """Read a picture, turn it upright, crop the central square, and resample it.

    Transparent parts become white. Of an animation, the first picture is read. A picture of the wanted size
    in 8-bit colour stays as it is, to the byte.

    Args:
        path: The file.
        size: The width and height of the result in pixels.

    Raises:
        FileError: If the file is not a picture, is damaged, or is too large.
    """
    data = read_bytes(path, MAX_PICTURE_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as for a damaged EXIF block
            return _decoded(data, size)
    except FileError as error:
        raise FileError(f"{path}: {error}") from None
    except MemoryError:
        raise FileError(f"{path}: the picture does not fit into memory") from None
    except Exception as error:  # decoders raise anything
        raise FileError(f"{path}: {_reason(path, error)}") from None


def _reason(path: Path, error: Exception) -> str:
    match type(error).__name__:
        case "UnidentifiedImageError":
            is_heic = path.suffix.lower() in (".heic", ".heif", ".avif")
            return f"{EXPECTED}, got another file" + ("; convert it to JPEG" if is_heic else "")
        case "DecompressionBombError":
            return f"{AT_MOST}, got a larger one"
    return f"{EXPECTED}, got a damaged one; {' '.join(str(error).split())[:100]}"


def _decoded(data: bytes, size: int) -> Photograph:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise FileError(f"{AT_MOST}, got {width:,} x {height:,}")
        if picture.format in ("JPEG", "MPO"):
            picture.draft(None, (SHARPNESS * size, SHARPNESS * size))
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        square = _in_colour(picture)
    side = min(square.size)
    if square.width != square.height:
        left, top = (square.width - side) // 2, (square.height - side) // 2
        square = square.crop((left, top, left + side, top + side))
    if side != size:
        square = square.resize((size, size), Image.Resampling.LANCZOS)
    if square.mode == "RGBA":
        square = Image.alpha_composite(Image.new("RGBA", square.size, "white"), square).convert("RGB")
    return Photograph(np.asarray(square), width, height)


def _in_colour(picture: "Image") -> "Image":
    """Return a picture of any mode as 8-bit RGB, or as RGBA if it has transparent parts."""
    from PIL import Image

    if picture.mode.startswith("I"):  # 16-bit grey
        grey = np.asarray(picture).clip(0, 65_535).astype(np.uint32)
        return Image.fromarray(((grey * 255 + 32_767) // 65_535).astype(np.uint8)).convert("RGB")
    transparent = picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info
    return picture.convert("RGBA" if transparent else "RGB")
