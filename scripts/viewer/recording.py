"""An episode as a file, without a display: GIF, WebP, MP4, or a film strip as PNG."""

import io
from collections.abc import Iterator
from pathlib import Path

import pygame
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cookie_jar.agents.files import write_atomically
from cookie_jar.envs import Event
from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.episode import Episode
from cookie_jar.envs.rendering.frame import ACTS_PER_SECOND
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.viewer.player import Player
from cookie_jar.scripts.viewer.player_view import PlayerView
from cookie_jar.scripts.viewer.playhead import PAUSE_AT_END, PAUSE_AT_START

RATES = {".gif": 12.5, ".webp": 25.0, ".mp4": 30.0}  # pictures a second; GIFs know hundredths of a second
LONGEST = 3_000  # pictures in a file
KEY_EVENTS = Event.LIFT, Event.PUT, Event.UP, Event.VAIN, Event.OPEN, Event.YUCK, Event.YUM
STRIP = 8  # pictures in a film strip, at most
COLUMNS = 4, 3, 2, 1


def check_file(path: Path) -> None:
    """Refuse what cannot be written.

    Raises:
        UsageError: the ending is not known, or MP4 lacks its library.
    """
    kinds = (*RATES, ".png")
    if path.suffix.lower() not in kinds:
        raise UsageError(f"--save: expected a file name that ends in {', '.join(kinds)}, got {path}")
    if path.suffix.lower() == ".mp4":
        try:
            import av  # noqa: F401
        except ImportError:
            reason = 'MP4 needs PyAV: `pip install av`, or `pip install -e ".[video]"`'
            raise UsageError(f"--save: {reason}; GIF, WebP and PNG do without") from None


def save(player: Player, path: Path, size: tuple[int, int], console: Console) -> None:
    """Write the player's episode to a file, whole or not at all.

    Raises:
        UsageError: it cannot be written there, or the episode is too long.
    """
    kind = path.suffix.lower()
    if kind == ".png":
        data = film_strip(player, size)
    else:
        frames = frame_count(player, RATES[kind])
        if frames > LONGEST:
            raise UsageError(
                f"--save {path}: this episode would take {frames:,} pictures, more than {LONGEST:,}; "
                "choose a higher --speed, or a .png with its key moments"
            )
        with _progress(console) as bar:
            pictures = pictures_of(player, size, frames, RATES[kind])
            drawn = iter(bar.track(pictures, total=frames, description="drawing"))
            data = _movie(drawn, size, RATES[kind]) if kind == ".mp4" else _animation(drawn, frames, kind)
    try:
        write_atomically(path, data)
    except OSError as error:
        raise UsageError(f"--save {path}: cannot write there; {error.strerror}") from None


def frame_count(player: Player, rate: float) -> int:
    """How many pictures an episode takes."""
    acts = player.last + PAUSE_AT_START + PAUSE_AT_END
    return max(1, round(acts / (player.head.speed * ACTS_PER_SECOND) * rate))


def pictures_of(player: Player, size: tuple[int, int], frames: int, rate: float) -> Iterator[pygame.Surface]:
    """The pictures of the episode, from its start to the pause at its end."""
    player.head.restart()
    view = PlayerView(player, bare=True)
    for _ in range(frames):
        yield view.draw(size)
        player.head.advance(1 / rate, player.last)


def _animation(pictures: Iterator[pygame.Surface], frames: int, kind: str) -> bytes:
    from cookie_jar.envs.rendering.film import encode_animation

    return encode_animation(pictures, [round(1000 / RATES[kind])] * frames, kind.removeprefix("."))


def _movie(pictures: Iterator[pygame.Surface], size: tuple[int, int], rate: float) -> bytes:
    """H.264 in MP4."""
    import av

    data = io.BytesIO()
    with av.open(data, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=round(rate), options={"crf": "20"})
        stream.width, stream.height = (length // 2 * 2 for length in size)  # it knows even numbers only
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            pixels = to_array(picture)[: stream.height, : stream.width]
            for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return data.getvalue()


def film_strip(player: Player, size: tuple[int, int]) -> bytes:
    """A PNG of the key moments of the first exhibit's episode, each with its words."""
    acts = key_frames(player.replays[0].episode)
    columns = min(COLUMNS, key=lambda number: (-len(acts) % number, -number))
    rows = -(-len(acts) // columns)
    font_size = max(lettering.SMALLEST, round(size[1] * 0.045))
    captioned = player.replays[0].episode.world is not None
    wide, tall = size[0], size[1] + (0 if captioned else 2 * font_size)
    strip = pygame.Surface((columns * wide, rows * tall))
    strip.fill(palette.PAPER)
    view = PlayerView(player, bare=True)
    for number, act in enumerate(acts):
        player.head.time = float(act)
        left, top = number % columns * wide, number // columns * tall
        strip.blit(view.draw(size), (left, top))
        time_step = player.replays[0].episode.time_steps[act]
        if not captioned:
            words = lettering.ellipsis(
                f"{time_step.steps}. {time_step.words}" if act else "start", font_size, wide
            )
            middle = top + size[1] + font_size
            lettering.write(strip, words, font_size, palette.INK, center=left + wide / 2, middle=middle)
    data = io.BytesIO()
    pygame.image.save(strip, data, "strip.png")
    return data.getvalue()


def key_frames(episode: Episode) -> list[int]:
    """The acts that tell the story: its start, its end, and where something is lifted, opened, eaten."""
    acts = [
        act
        for act, time_step in enumerate(episode.time_steps)
        if time_step.frame is None or time_step.frame.event in KEY_EVENTS
    ]
    acts = sorted({0, *acts, episode.last})
    if len(acts) <= STRIP:
        return acts
    return [acts[round(number * (len(acts) - 1) / (STRIP - 1))] for number in range(STRIP)]


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
