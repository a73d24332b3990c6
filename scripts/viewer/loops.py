"""Loops at the end of episodes: films show them twice, and say until when they go on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cookie_jar.scripts.viewer.replays import ReplayedAgent

Loops = dict[str, int]  # which acts repeat and until when, with the number of the last act of the first turn


def loops_of(replays: Sequence[ReplayedAgent]) -> Loops:
    """Return the loops at the end of the episodes of some agents."""
    loops = {}
    for replay in replays:
        repeat = replay.episode.find_repeat()
        if repeat is not None:
            name = f"{replay.name} after {replay.steps:,} steps: " if len(replays) > 1 else ""
            loops[f"{name}{repeat.words} {replay.episode.until}"] = repeat.last
    return loops


def text_at(loops: Loops, time: float) -> str:
    """Return the text about the loops whose first turn is over at a time, in acts; "" without one."""
    return "; ".join(text for text, last in loops.items() if time > last)


@contextmanager
def shortened(replays: Sequence[ReplayedAgent]) -> Iterator[Loops]:
    """Cut the episodes that end in a loop after its second turn, and restore them at the end.

    Yields:
        The loops.
    """
    whole, loops = [replay.episode for replay in replays], loops_of(replays)
    try:
        for replay in replays:
            episode, repeat = replay.episode, replay.episode.find_repeat()
            if repeat is not None:
                replay.episode = episode._replace(time_steps=episode.time_steps[: repeat.twice + 1])
        yield loops
    finally:
        for replay, episode in zip(replays, whole, strict=True):
            replay.episode = episode
