"""Films of an episode as GIF or WebP, for files and notebooks."""

import errno
import io
import os
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import count, groupby
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pygame
from PIL import Image

from ..checks import check_integer
from ..errors import OptionError, shown
from .episode import EpisodeRunner
from .frame import ACTS_PER_SECOND, MOVING, Frame
from .gif import encode_gif
from .scene import Scene

RATE = 12.5  # pictures a second
PAUSE = 3  # acts at the end

PAUSES = 0.05, 0.15, 0.3, 0.5, 1.0  # seconds between attempts to write a file
CLOSE = "close the program that has it open (such as a picture viewer), then try again"

SMALLEST, LARGEST = 16, 4_096  # pixels of a side
SLOWEST, FASTEST = 0.01, 1_000_000

WEBP = {"quality": 82, "method": 2, "kmin": 9_999, "kmax": 10_000}  # only the first picture is kept whole


def encode_animation(
    pictures: Iterable[pygame.Surface],
    milliseconds: Sequence[int],
    kind: str,
    report: Callable[[float], None] = lambda part: None,
) -> bytes:
    """Return an endless animation as the bytes of a file.

    Args:
        pictures: The pictures, all of one size.
        milliseconds: The duration of each picture; viewers obey at least 20.
        kind: "gif" or "webp".
        report: Called with the encoded part of the animation, from 0 to 1, after the last picture was taken.
    """
    if kind == "gif":
        return encode_gif(pictures, milliseconds, report)
    images, times = _together([_image(picture) for picture in pictures], milliseconds)
    numbers = count(1)

    def encoded() -> None:
        report(min(1.0, next(numbers) / len(images)))

    data, durations = io.BytesIO(), _Durations(times, encoded)
    images[0].save(data, "WEBP", save_all=True, append_images=images[1:], duration=durations, loop=0, **WEBP)
    return data.getvalue()


class _Durations(list[int]):
    """Calls a function for each picture whose duration Pillow looks up; Pillow reports no progress itself."""

    def __init__(self, milliseconds: Iterable[int], encoded: Callable[[], None]) -> None:
        super().__init__(milliseconds)
        self._encoded = encoded

    def __getitem__(self, index: Any) -> Any:
        self._encoded()
        return super().__getitem__(index)


def _image(picture: pygame.Surface) -> Image.Image:
    return Image.frombytes("RGB", picture.get_size(), pygame.image.tobytes(picture, "RGB"))


def _together(
    images: Sequence[Image.Image], milliseconds: Sequence[int]
) -> tuple[list[Image.Image], list[int]]:
    """Merge equal successive images into one that is shown longer."""
    kept: list[Image.Image] = []
    times: list[int] = []
    pairs = zip(images, milliseconds, strict=True)
    for _, group in groupby(pairs, key=lambda pair: pair[0].tobytes()):
        equal, durations = zip(*group, strict=True)
        kept.append(equal[0])
        times.append(sum(durations))
    return kept, times


class Film:
    """A moving picture that a notebook shows as the value of a cell.

    Attributes:
        gif: The bytes of the GIF file.
        happiness: The unshaped return of the episode.
        acts: The number of acts.
        loop: Which acts repeat until the end, as text; the film shows them twice. "" without a loop.
    """

    def __init__(self, gif: bytes, happiness: float, acts: int, loop: str = "") -> None:
        self.gif, self.happiness, self.acts, self.loop = gif, happiness, acts, loop

    def __repr__(self) -> str:
        loop = f", loop={self.loop!r}" if self.loop else ""
        return f"Film(happiness={self.happiness:.2f}, acts={self.acts}{loop})"

    def save(self, path: str | Path) -> Path:
        """Write the GIF to a file, and return its path.

        Raises:
            OSError: If the file cannot be written; an existing file stays as it was.
        """
        path = Path(path)
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "expected a regular file", str(path))
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            part.write_bytes(self.gif)
            _replace(path, part)
        except BaseException as error:
            with suppress(OSError):  # the first error counts
                part.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno is not None:
                raise OSError(error.errno, error.strerror, str(path)) from None
            raise
        return path

    def _repr_html_(self) -> str:
        words = f"happiness {self.happiness:.2f} in {self.acts} acts"
        words += f"; {self.loop}, and the film shows this twice" if self.loop else ""
        data = b64encode(self.gif).decode()
        return f'<img alt="{words}" title="{words}" src="data:image/gif;base64,{data}">'


def _replace(path: Path, part: Path) -> None:
    """Give a new file its path; try for two seconds if another program holds the old file, as on Windows."""
    for pause in (*PAUSES, None):
        try:
            part.replace(path)
            return
        except PermissionError as error:
            if pause is None:
                raise PermissionError(error.errno, f"{error.strerror}; {CLOSE}") from None
            time.sleep(pause)


def show_episode(
    env: gym.Env[Any, Any] | str,
    policy: Any,
    *,
    seed: int = 0,
    size: tuple[int, int] = (480, 480),
    speed: float = 1.0,
) -> Film:
    """Run an episode and return a film of it; a loop until the time limit is shown twice.

    Args:
        env: An environment of this package, or its id; the environment itself is not stepped.
        policy: An object with `predict(observation, deterministic=True)`, or a function from observations to
            actions.
        seed: The seed of the reset.
        size: Width and height in pixels.
        speed: A factor; 1 shows 2.5 actions per second.

    Raises:
        OptionError: If the environment is not from this package, `policy` is not a policy, the seed
            is not a non-negative integer, the size is not from 16 to 4,096 pixels, or the speed is not above
            0.01.
    """
    width, height = _checked_size(size)
    seed, speed = check_integer("seed", seed, 0), _checked_speed(speed)
    if not isinstance(env, (str, gym.Env)):
        raise OptionError(f"show_episode: expected an environment of this package, got {shown(env)}")
    spec = gym.spec(env) if isinstance(env, str) else env.spec
    filmed: Any = None if spec is None else gym.make(spec, render_mode="rgb_array")
    if filmed is None or not hasattr(filmed.unwrapped, "frame"):
        raise OptionError(f"show_episode: expected an environment of this package, got {shown(env)}")
    episode = EpisodeRunner(filmed).roll_out(policy, seed)
    repeat, end = episode.find_repeat(), episode.time_steps[-1]
    stop = None if repeat is None else repeat.twice + 1
    frames = [step.frame for step in episode.time_steps[:stop] if step.frame is not None]
    scene = Scene(filmed.unwrapped.world.config.kitchen, (width, height))
    pictures = _pictures(scene, frames, max(1, round(RATE / (ACTS_PER_SECOND * speed))))
    gif = encode_animation(pictures, [round(1000 / RATE)] * len(pictures), "gif")
    loop = "" if repeat is None else f"{repeat.words} until act {end.steps}"
    return Film(gif, end.total, end.steps, loop)


def _checked_size(size: Any) -> tuple[int, int]:
    """Return width and height in pixels."""
    if not isinstance(size, (tuple, list)) or len(size) != 2:
        raise OptionError(f"show_episode: expected (width, height) as size, got {shown(size)}")
    width, height = (check_integer("size", pixels, SMALLEST, LARGEST) for pixels in size)
    return width, height


def _checked_speed(speed: Any) -> float:
    is_number = isinstance(speed, (int, float, np.integer, np.floating)) and not isinstance(speed, bool)
    if not is_number or not SLOWEST <= speed <= FASTEST:
        expected = f"a speed above 0, from {SLOWEST} to {FASTEST:,}"
        raise OptionError(f"show_episode: expected {expected}, got {shown(speed)}")
    return float(speed)


def _pictures(scene: Scene, frames: Sequence[Frame], count: int) -> list[pygame.Surface]:
    """Return `count` pictures for each frame, and a pause at the end."""
    pictures = [scene.draw(frames[0])] * count
    for frame in frames[1:]:
        pictures += [scene.draw(frame, min(1.0, (n + 1) / (count * MOVING))) for n in range(count)]
    return pictures + pictures[-1:] * (PAUSE * count)
