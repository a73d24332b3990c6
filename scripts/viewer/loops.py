"""Loops at the end of episodes: films show them twice, and say until when they go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from cookie_jar.scripts.viewer.player import Player


@contextmanager
def shortened(player: Player) -> Iterator[dict[str, int]]:
    """Cut the episodes that end in a loop after its second turn, and restore them at the end.

    Yields:
        Which acts repeat and until when, as text, with the number of the last act of the first turn.
    """
    whole, loops = [replay.episode for replay in player.replays], {}
    try:
        for replay in player.replays:
            episode, repeat = replay.episode, replay.episode.find_repeat()
            if repeat is not None:
                text = f"{repeat.words} {episode.until}"
                if len(whole) > 1:
                    text = f"{replay.name} after {replay.steps:,} steps: {text}"
                loops[text] = repeat.last
                replay.episode = episode._replace(time_steps=episode.time_steps[: repeat.twice + 1])
        yield loops
    finally:
        for replay, episode in zip(player.replays, whole, strict=True):
            replay.episode = episode


def text_at(loops: dict[str, int], time: float) -> str:
    """Return the text about the loops whose first turn is over at a time, in acts; "" without one."""
    return "; ".join(text for text, last in loops.items() if time > last)
