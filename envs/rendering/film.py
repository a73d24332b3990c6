"""Pictures one after the other as a file: GIF or WebP."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pygame
from PIL import Image

COLOURS = 255  # of a GIF; one more is needed for what does not change
SAMPLES = 12  # pictures from which the colours are chosen
QUALITY = 82  # of a WebP, 0 to 100


def encode(pictures: Iterable[pygame.Surface], milliseconds: Sequence[int], kind: str) -> bytes:
    """An endless animation.

    Args:
        pictures: of one size.
        milliseconds: how long each is shown; at least 20, which is what viewers obey.
        kind: "gif" or "webp".
    """
    images = [_image(picture) for picture in pictures]
    if kind == "gif":
        palette = _common_colours(images)
        images = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    images, times = _together(images, milliseconds)
    data = io.BytesIO()
    options: dict[str, Any] = {"quality": QUALITY, "method": 3} if kind == "webp" else {"disposal": 1}
    images[0].save(
        data, kind.upper(), save_all=True, append_images=images[1:], duration=times, loop=0, **options
    )
    return data.getvalue()


def _image(picture: pygame.Surface) -> Image.Image:
    return Image.frombytes("RGB", picture.get_size(), pygame.image.tobytes(picture, "RGB"))


def _common_colours(images: Sequence[Image.Image]) -> Image.Image:
    """An image with colours that suit all: what does not change then stays the same from one to the next."""
    chosen = np.linspace(0, len(images) - 1, min(SAMPLES, len(images))).astype(int)
    small = [np.asarray(images[number].reduce(2)) for number in chosen]
    return Image.fromarray(np.concatenate(small)).quantize(COLOURS, kmeans=1)


def _together(
    images: Sequence[Image.Image], milliseconds: Sequence[int]
) -> tuple[list[Image.Image], list[int]]:
    """Equal pictures one after the other as one that is shown longer."""
    kept: list[Image.Image] = []
    times: list[int] = []
    for image, time in zip(images, milliseconds, strict=True):
        if kept and image.tobytes() == kept[-1].tobytes():
            times[-1] += time
        else:
            kept.append(image)
            times.append(time)
    return kept, times
