"""The replay, without pictures: one to four exhibits side by side, what is shown of them, and when."""

from collections.abc import Sequence
from typing import Any

from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.scripts.viewer.overlays import OVERLAYS, make_overlay
from cookie_jar.scripts.viewer.panel_text import seen_at
from cookie_jar.scripts.viewer.playhead import Playhead
from cookie_jar.scripts.viewer.replays import ReplayedAgent

NOTICE = 3.0  # seconds
PANEL = "panel"
EXCLUDE = {"arrows": {"probabilities"}, "probabilities": {"arrows"}}  # what would be drawn on each other


class Player:
    """Replays episodes, one after the other.

    Args:
        exhibits: one to four; they start from the same seeds.
        seed: of the first episode; each further one has the next.
        speed: one of `playhead.SPEEDS`.
        shown: overlays, and "panel".

    Attributes:
        head: where the replay stands.
        selected: the number of the exhibit that panel and timeline are about.
        shown: overlays that are on, and "panel".
        notice: a few words for the user, or "".
    """

    def __init__(self, replays: Sequence[ReplayedAgent], seed: int, speed: float, shown: set[str]) -> None:
        self.replays, self.seed = list(replays), seed
        self.head, self.shown = Playhead(speed), set(shown)
        self.selected = len(self.replays) - 1
        self._overlays: dict[int, tuple[Any, Overlay]] = {}
        self.notice, self._notice_left = "", 0.0
        self.start(seed)

    @property
    def replay(self) -> ReplayedAgent:
        """The one that is selected."""
        return self.replays[self.selected]

    @property
    def last(self) -> int:
        """The last act of the longest episode."""
        return max(replay.episode.last for replay in self.replays)

    @property
    def offered(self) -> set[str]:
        """The overlays that can be had for the selected exhibit, and "panel"."""
        offered = {PANEL}
        if self.replay.episode.world is not None:
            offered |= {"arrows", "trail"} if self.replay.has_policy else {"trail"}
            offered |= {"values"} if self.replay.probe.readable else set()
            offered |= {"probabilities"} if self.replay.probe.has_probabilities else set()
        return offered

    def start(self, seed: int) -> None:
        """Play the episodes of a seed from their start."""
        self.seed = seed
        for replay in self.replays:
            replay.start(seed)
        self.refresh()
        self.head.restart()

    def refresh(self) -> None:
        """Ask the agents anew what they know."""
        self._overlays.clear()

    def advance(self, seconds: float) -> None:
        """Let time pass; after the end of an episode, the next one starts."""
        self._notice_left -= seconds
        if self._notice_left <= 0:
            self.notice = ""
        if self.head.advance(seconds, self.last):
            self.start(self.seed + 1)

    def do(self, command: str) -> None:
        """Do what a key or a button stands for; see `controls.KEYS`."""
        if command in (*OVERLAYS, PANEL):
            self._toggle(command)
        elif command in ("earlier", "later", "first", "last"):
            steps, now = self.replay.timeline.steps, self.replay.timeline.now
            places = {"earlier": now - 1, "later": now + 1, "first": 0, "last": len(steps) - 1}
            self.show_snapshot(places[command])
        elif command in ("forwards", "back"):
            self.head.step(self.last) if command == "forwards" else self.head.back(self.last)
        elif command in ("faster", "slower"):
            self.head.faster(1 if command == "faster" else -1)
        elif command in ("again", "other"):
            self.start(self.seed + (command == "other"))
        elif command == "select":
            self.selected = (self.selected + 1) % len(self.replays)
        elif command == "speed":
            self.head.usual()
        elif command == "pause":
            self.head.paused = not self.head.paused

    def _toggle(self, name: str) -> None:
        """Show an overlay or not."""
        if name not in self.offered:
            where = "in kitchens only" if self.replay.episode.world is None else "this agent does not tell"
            self.notify(f"{name}: {where}")
            return
        self.shown ^= {name}
        if name in self.shown:
            self.shown -= EXCLUDE.get(name, set())

    def notify(self, words: str) -> None:
        """Say something for a few seconds."""
        self.notice, self._notice_left = words, NOTICE

    def show_snapshot(self, number: int) -> None:
        """Show the selected exhibit as it was at a snapshot."""
        if not self.replay.has_snapshots():
            self.notify("this memory has no snapshots: there is no timeline")
        elif self.replay.show_snapshot(number):
            self.refresh()
            self.head.restart()

    def place_in(self, replay: ReplayedAgent) -> tuple[int, float]:
        """The act of an exhibit that is seen, and how far it has gone: a short episode waits at its end."""
        act, progress = self.head.place(self.last)
        return (act, progress) if act <= replay.episode.last else (replay.episode.last, 1.0)

    def overlay(self, number: int) -> Overlay | None:
        """What is drawn on the floor of an exhibit; worked out anew only when something changes."""
        replay = self.replays[number]
        world, shown = replay.episode.world, self.shown & set(OVERLAYS)
        seen = seen_at(replay, *self.place_in(replay))
        if not shown or world is None or seen.frame is None:
            return None
        key = seen.steps, tuple(sorted(shown))
        if self._overlays.get(number, (None,))[0] != key:
            frames = (time_step.frame for time_step in replay.episode.time_steps[: seen.steps + 1])
            trail = [frame.state.child for frame in frames if frame is not None]
            probe = replay.probe if replay.has_policy else None
            made = make_overlay(probe, replay.runner.env, world, seen.frame.state, trail, shown)
            self._overlays[number] = key, made
        return self._overlays[number][1]
