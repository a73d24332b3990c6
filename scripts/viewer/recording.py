"""Replays as files, without a display: a GIF, WebP or MP4 file, or a film strip as PNG."""

import argparse
import io
from collections.abc import Iterator
from pathlib import Path

import pygame

from cookie_jar.agents.files import write_atomically
from cookie_jar.envs import Event
from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.episode import Episode
from cookie_jar.envs.rendering.film import encode_animation
from cookie_jar.envs.rendering.frame import ACTS_PER_SECOND
from cookie_jar.envs.rendering.pixels import bgra
from cookie_jar.scripts.common.argument_types import file_of
from cookie_jar.scripts.common.console import Console, UsageError, progress_bar
from cookie_jar.scripts.viewer.legend import ROW, draw_legend
from cookie_jar.scripts.viewer.loops import Loops, shortened, text_at
from cookie_jar.scripts.viewer.player import Player
from cookie_jar.scripts.viewer.player_view import PlayerView
from cookie_jar.scripts.viewer.playhead import PAUSE_AT_END, PAUSE_AT_START

RATES = {".gif": 12.5, ".webp": 25.0, ".mp4": 30.0}  # frames per second; a GIF counts in 1/100 s
ENCODING = {".gif": 3.0, ".webp": 4.0}  # approximate time for encoding a picture, relative to drawing
MAX_FRAMES = 3_000  # maximum number of frames in a file
KEY_EVENTS = Event.LIFT, Event.PUT, Event.UP, Event.VAIN, Event.OPEN, Event.YUCK, Event.YUM
PAGE = ".html"
STRIP = 8  # maximum number of pictures in a film strip
COLUMNS = 4, 3, 2, 1


def replay_file(text: str) -> Path:
    """Return the path of a file that `save` can write, or of a page; a type for argparse."""
    path = file_of(*RATES, ".png", PAGE)(text)
    if path.suffix.lower() == ".mp4":
        try:
            import av  # noqa: F401
        except ImportError:
            reason = 'MP4 needs PyAV: `pip install av`, or `pip install -e ".[video]"`'
            raise argparse.ArgumentTypeError(f"{reason}; GIF, WebP and PNG do not") from None
    return path


def save(player: Player, path: Path, size: tuple[int, int], console: Console) -> list[str]:
    """Write the episode of a player to a file, atomically; a loop at its end is shown twice.

    Returns:
        Which acts repeat and until when, as text, for each loop.

    Raises:
        UsageError: If the file cannot be written, or the episode is too long.
    """
    kind = path.suffix.lower()
    with shortened(player.replays) as loops:
        if kind == ".png":
            data = film_strip(player, size, loops)
        else:
            frames = frame_count(player, RATES[kind])
            if frames > MAX_FRAMES:
                raise UsageError(
                    f"--save {path}: this episode needs {frames:,} frames, the limit is {MAX_FRAMES:,}; "
                    "choose a higher --speed, or a .png with its key moments"
                )
            data = _film(player, size, loops, kind, console)
    try:
        write_atomically(path, data)
    except OSError as error:
        raise UsageError(f"--save {path}: cannot write there; {error.strerror}") from None
    return list(loops)


def _film(player: Player, size: tuple[int, int], loops: Loops, kind: str, console: Console) -> bytes:
    """Return a film of a kind, with a progress bar."""
    rate, frames = RATES[kind], frame_count(player, RATES[kind])
    pictures = pictures_of(player, size, frames, rate, loops)
    with progress_bar(console) as bar:
        task = bar.add_task("drawing", total=frames)
        if kind == ".mp4":
            return _movie(iter(bar.track(pictures, total=frames, task_id=task)), size, rate)
        bar.update(task, total=2 * frames, costs=[1.0] * frames + [ENCODING[kind]] * frames)

        def drawn() -> Iterator[pygame.Surface]:
            for picture in pictures:
                yield picture
                bar.advance(task)

        def report(part: float) -> None:
            bar.update(task, description="encoding", completed=frames + round(part * frames))

        milliseconds = [round(1000 / rate)] * frames
        return encode_animation(drawn(), milliseconds, kind.removeprefix("."), report)


def frame_count(player: Player, rate: float) -> int:
    """Return the number of frames of an episode."""
    acts = player.last + PAUSE_AT_START + PAUSE_AT_END
    return max(1, round(acts / (player.head.speed * ACTS_PER_SECOND) * rate))


def pictures_of(
    player: Player, size: tuple[int, int], frames: int, rate: float, loops: Loops
) -> Iterator[pygame.Surface]:
    """Yield the frames of the episode, from its start to the pause at its end; see `shortened` for loops."""
    player.head.restart()
    view = PlayerView(player, bare=True)
    for _ in range(frames):
        player.notice.show(text_at(loops, player.head.time))
        yield view.draw(size)
        player.head.advance(1 / rate, player.last)


def _movie(pictures: Iterator[pygame.Surface], size: tuple[int, int], rate: float) -> bytes:
    """Return an MP4 file with H.264."""
    import av

    data = io.BytesIO()
    with av.open(data, "w", format="mp4") as container:
        options = {"crf": "19", "preset": "veryfast"}
        stream = container.add_stream("libx264", rate=round(rate), options=options)
        stream.width, stream.height = (length // 2 * 2 for length in size)  # H.264 needs even numbers
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            pixels = bgra(picture)[: stream.height, : stream.width]
            for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, format="bgra")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return data.getvalue()


def film_strip(player: Player, size: tuple[int, int], loops: Loops) -> bytes:
    """Return a PNG of the key moments of the first agent's episode, with captions."""
    episode = player.replays[0].episode
    acts = key_frames(episode)
    columns = min(COLUMNS, key=lambda number: (-len(acts) % number, -number))
    rows = -(-len(acts) // columns)
    em = max(lettering.SMALLEST, round(size[1] * 0.045))
    captioned = episode.world is not None
    wide, tall = size[0], size[1] + (0 if captioned else 2 * em)
    strip = pygame.Surface((columns * wide, rows * tall))
    strip.fill(palette.PAPER)
    view = PlayerView(player, bare=True)
    view.has_legend = False  # one for all pictures is enough
    for number, act in enumerate(acts):
        player.head.time = float(act)
        player.notice.show(text_at(loops, act))
        left, top = number % columns * wide, number // columns * tall
        strip.blit(view.draw(size), (left, top))
        if not captioned:
            words = f"{act}. {episode.time_steps[act].words}" if act else "start"
            text = lettering.ellipsis(words, em, wide)
            middle = top + size[1] + em
            lettering.write(strip, text, em, palette.INK, center=left + wide / 2, middle=middle)
    data = io.BytesIO()
    pygame.image.save(_with_legend(strip, view, em), data, "strip.png")
    return data.getvalue()


def _with_legend(strip: pygame.Surface, view: PlayerView, em: int) -> pygame.Surface:
    """Return a film strip with the legend of the overlays below, if there are any."""
    width, height = strip.get_size()
    rows = view.legend_rows(width - em, em)
    whole = pygame.Surface((width, height + round(em * ROW) * len(rows)))
    whole.fill(palette.PAPER)
    whole.blit(strip, (0, 0))
    draw_legend(whole, pygame.Rect(0, height, width, whole.get_height() - height), rows, em)
    return whole


def key_frames(episode: Episode) -> list[int]:
    """Return the indices of the key moments: start, end, and where something is lifted, opened or eaten."""
    acts = [
        act
        for act, time_step in enumerate(episode.time_steps)
        if time_step.frame is None or time_step.frame.event in KEY_EVENTS
    ]
    acts = sorted({0, *acts, episode.last})
    if len(acts) <= STRIP:
        return acts
    return [acts[round(number * (len(acts) - 1) / (STRIP - 1))] for number in range(STRIP)]
