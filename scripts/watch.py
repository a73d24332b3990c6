"""Watch: replay what an agent has learned, in a window or into a file."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import Agent
from cookie_jar.scripts.console import UsageError, command, run
from cookie_jar.scripts.runs import load_run

FPS = 60
SPEEDS = (0.25, 0.5, 1, 2, 4, 8, 16)
ACTS_PER_SECOND = 2.5  # at speed 1
PAUSE_AT_END = 3.0  # in acts
MAX_ACTS = 1_000  # of an episode that has no time limit

Picture = NDArray[np.uint8]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="cookie-jar watch",
        description=__doc__,
        epilog="keys: space pauses, right steps, up and down change the speed, Esc closes",
    )
    parser.add_argument(
        "run", metavar="RUN", help="the folder of a run, such as runs/NAME, or runs/NAME@STEPS"
    )
    parser.add_argument(
        "--save", type=Path, metavar="FILE.gif", help="write an episode to a file; needs no screen"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the episodes (default: %(default)s)")
    parser.add_argument(
        "--speed", type=float, choices=SPEEDS, default=1, help="at the start (default: %(default)s)"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    if args.save is not None and args.save.suffix.lower() != ".gif":
        raise UsageError(f"--save: expected a file name that ends in .gif, got {args.save}")
    if args.seed < 0:
        raise UsageError(f"--seed: expected 0 or more, got {args.seed}")
    agent = load_run(args.run, render_mode="rgb_array")
    if args.save is not None:
        save_gif(agent, args.save, args.seed, args.speed)
        print(f"saved {args.save} ({args.save.stat().st_size / 1000:,.0f} kB)")
        return
    from cookie_jar.envs.drawing.window import Window

    player = Player(agent, args.seed, args.speed)
    height, width, _ = player.picture.shape
    window = Window(f"Cookie Jar: {args.run}", (width, height))
    try:
        if not window.visible and "SDL_VIDEODRIVER" not in os.environ:
            instead = command("watch", args.run, "--save", "episode.gif")
            raise UsageError(f"no screen found; write a file: {instead}")
        player.play(window)
    finally:
        window.close()


def episode(agent: Agent, seed: int | None) -> Iterator[Picture]:
    """The pictures of one greedy episode, the start first; the last one is the end."""
    obs, _ = agent.env.reset(seed=seed)
    yield _picture(agent)
    for _ in range(MAX_ACTS):
        action, _ = agent.predict(obs, deterministic=True)
        obs, _, terminated, truncated, _ = agent.env.step(int(action))
        yield _picture(agent)
        if terminated or truncated:
            break


class Player:
    """Replays episodes, one after the other.

    Attributes:
        picture: what is to be seen now, uint8 [height, width, 3].
        paused: whether time stands still.
        speed: one of `SPEEDS`.
        closed: whether the user wants to leave.
    """

    def __init__(self, agent: Agent, seed: int, speed: float) -> None:
        self._agent = agent
        self.speed = speed
        self.paused = self.closed = False
        self._pictures = episode(agent, seed)
        self.picture = next(self._pictures)
        self._acts_due = 0.0  # acts of time that have passed since the last act

    def play(self, window: Any) -> None:
        """Show pictures and obey the keys until the user leaves."""
        import pygame

        while not self.closed:
            height, width, _ = self.picture.shape
            surface = pygame.image.frombuffer(self.picture.tobytes(), (width, height), "RGB")
            for event in window.show(surface, FPS):
                self.obey(event)
            if not self.paused:
                self._acts_due += self.speed * ACTS_PER_SECOND / FPS
                if self._acts_due >= 1:
                    self._acts_due -= 1
                    self.step()

    def step(self) -> None:
        """One act further; after the end, a new episode."""
        following = next(self._pictures, None)
        if following is None:
            self._pictures = episode(self._agent, None)
            following = next(self._pictures)
        self.picture = following

    def obey(self, event: Any) -> None:
        """React to a key, or to the button that closes the window."""
        import pygame

        if event.type == pygame.QUIT or (event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE):
            self.closed = True
        elif event.type == pygame.KEYDOWN:
            if event.key == pygame.K_SPACE:
                self.paused = not self.paused
            elif event.key == pygame.K_RIGHT:
                self.paused = True
                self.step()
            elif event.key in (pygame.K_UP, pygame.K_DOWN):
                faster = 1 if event.key == pygame.K_UP else -1
                index = SPEEDS.index(self.speed) + faster
                self.speed = SPEEDS[min(max(index, 0), len(SPEEDS) - 1)]


def save_gif(agent: Agent, path: Path, seed: int, speed: float) -> None:
    """Write one episode as an animated GIF, whole or not at all."""
    import io

    from PIL import Image

    from cookie_jar.agents.memory import write_atomically

    frames = [Image.fromarray(picture).quantize(256) for picture in episode(agent, seed)]
    act = 1000 / (ACTS_PER_SECOND * speed)
    durations = [round(act)] * (len(frames) - 1) + [round(act * PAUSE_AT_END)]
    data = io.BytesIO()
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:], duration=durations, loop=0)
    try:
        write_atomically(path, data.getvalue())
    except OSError as error:
        raise UsageError(f"--save {path}: cannot write there; {error.strerror}") from None


def _picture(agent: Agent) -> Picture:
    picture = agent.env.render()
    if not isinstance(picture, np.ndarray):
        raise UsageError("this environment draws no pictures (render_mode 'rgb_array')")
    return picture


if __name__ == "__main__":
    sys.exit(run(main))
