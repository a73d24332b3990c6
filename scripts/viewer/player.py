"""The replay without pictures: one to four agents, their overlays, and the time."""

from collections.abc import Sequence

from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.scripts.common.value_scale import ValueScale
from cookie_jar.scripts.viewer.loops import Loops, loops_of, text_at
from cookie_jar.scripts.viewer.notice import Notice
from cookie_jar.scripts.viewer.overlays import (
    ARROWS,
    OVERLAYS,
    PANEL,
    PROBABILITIES,
    SWITCHES,
    TRAIL,
    VALUES,
    make_overlay,
)
from cookie_jar.scripts.viewer.playhead import Playhead
from cookie_jar.scripts.viewer.replays import ReplayedAgent

EXCLUDE = {ARROWS: {PROBABILITIES}, PROBABILITIES: {ARROWS}}  # both are drawn at the same place
OverlayKey = tuple[int, tuple[str, ...]]


class Player:
    """Replays episodes, one after the other.

    Args:
        replays: One to four agents; their episodes start from the same seeds.
        seed: The seed of the first episode; each further episode has the next seed.
        speed: One of `playhead.SPEEDS`.
        shown: Names from `overlays.SWITCHES` that are on initially.

    Attributes:
        head: The time of the replay.
        selected: The index of the agent that the panel and the timeline show.
        shown: The names from `overlays.SWITCHES` that are on.
        notice: The message to the user.
    """

    def __init__(self, replays: Sequence[ReplayedAgent], seed: int, speed: float, shown: set[str]) -> None:
        self.replays, self.seed = list(replays), seed
        self.head, self.shown, self.notice = Playhead(speed), set(shown), Notice()
        self.selected = len(self.replays) - 1
        self._overlays: dict[int, tuple[OverlayKey, Overlay]] = {}
        self._scale: ValueScale | None = None
        self._loops: Loops = {}
        self.start(seed)

    @property
    def replay(self) -> ReplayedAgent:
        """The selected agent."""
        return self.replays[self.selected]

    @property
    def last(self) -> int:
        """The number of actions of the longest episode."""
        return max(replay.episode.last for replay in self.replays)

    @property
    def offered(self) -> set[str]:
        """The names from `overlays.SWITCHES` that are available for the selected agent."""
        return {PANEL} | offered_overlays(self.replay)

    @property
    def drawn(self) -> set[str]:
        """The names from `overlays.OVERLAYS` that are on, and available for one of the agents."""
        return self.shown & set().union(*map(offered_overlays, self.replays))

    @property
    def scale(self) -> ValueScale:
        """The scale of the values of all runs and their snapshots, computed once; it only widens."""
        if self._scale is None:
            self._scale = ValueScale.union(replay.value_scale() for replay in self.replays)
        return self._scale

    def missing(self) -> dict[str, str]:
        """Return the names from `overlays.SWITCHES` that are not available, each with the reason."""
        if self.replay.episode.world is None:
            reasons = dict.fromkeys(SWITCHES, "in kitchens only")
        elif not self.replay.can_walk:
            reasons = dict.fromkeys(SWITCHES, "the child cannot walk here")
        elif not self.replay.has_policy:
            reasons = dict.fromkeys(SWITCHES, "a saved episode has no policy")
        else:
            reasons = dict.fromkeys(SWITCHES, "not available for this agent")
            reasons[PROBABILITIES] += ", which has no probabilities"
            reasons[VALUES] += ", which has no values of states"
        return {name: reasons[name] for name in SWITCHES if name not in self.offered}

    def start(self, seed: int) -> None:
        """Replay the episodes of a seed from their start."""
        self.seed = seed
        for replay in self.replays:
            replay.start(seed)
        self.refresh()
        self.head.restart()

    def refresh(self) -> None:
        """Discard the overlays, because the agents have changed."""
        self._overlays.clear()
        self._loops = loops_of(self.replays)

    def advance(self, seconds: float) -> None:
        """Advance the time by some seconds; at the end of an episode, start the next episode.

        When a loop begins its second turn, a notice says until when it goes on.
        """
        self.notice.advance(seconds)
        before = text_at(self._loops, self.head.time)
        if self.head.advance(seconds, self.last):
            self.start(self.seed + 1)
        elif (now := text_at(self._loops, self.head.time)) not in ("", before):
            self.notice.show(now)

    def do(self, command: str) -> None:
        """Execute a command of `controls.KEYS`."""
        if command in SWITCHES:
            self._switch(command)
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

    def _switch(self, name: str) -> None:
        """Show or hide an overlay or the panel."""
        if (reason := self.missing().get(name)) is not None:
            self.notice.show(f"{name}: {reason}")
            return
        self.shown ^= {name}
        if name in self.shown:
            self.shown -= EXCLUDE.get(name, set())

    def show_snapshot(self, number: int) -> None:
        """Show the selected agent at a snapshot."""
        if not self.replay.has_snapshots:
            self.notice.show("this run has no snapshots, so there is no timeline")
        elif self.replay.show_snapshot(number):
            self.refresh()
            self.head.restart()

    def place_in(self, replay: ReplayedAgent) -> tuple[int, float]:
        """Return the index of the time step shown for an agent, and the progress of its action, 0 to 1.

        An episode that is shorter than others stays at its last time step.
        """
        act, progress = self.head.place(self.last)
        return (act, progress) if act <= replay.episode.last else (replay.episode.last, 1.0)

    def overlay(self, number: int) -> Overlay | None:
        """Return the overlay of the agent with that index; computed again only when something changes.

        When the episode has terminated, no action is left to choose, and only the trail is shown.
        """
        replay, (act, progress) = self.replays[number], self.place_in(self.replays[number])
        world, shown = replay.episode.world, self.shown & set(OVERLAYS)
        seen = replay.decision_step(act, progress)
        if progress >= 1 and replay.episode.time_steps[act].terminated:
            shown &= {TRAIL}
        if not shown or world is None or not replay.can_walk or seen.frame is None:
            return None
        key = seen.steps, tuple(sorted(shown))
        if number not in self._overlays or self._overlays[number][0] != key:
            frames = (time_step.frame for time_step in replay.episode.time_steps[: seen.steps + 1])
            trail = [frame.state.child for frame in frames if frame is not None]
            probe = replay.probe if replay.has_policy else None
            made = make_overlay(probe, replay.runner.env, world, seen.frame.state, trail, shown)
            self._overlays[number] = key, self._on_scale(made)
        return self._overlays[number][1]

    def _on_scale(self, overlay: Overlay) -> Overlay:
        """Return an overlay with the scale of all runs, widened if it has values beyond."""
        if overlay.values is None:
            return overlay
        wider = self.scale.widened(overlay.values)
        if wider != self.scale:
            self._scale = wider
            self.refresh()
        return overlay._replace(scale=wider, legend=False)


def offered_overlays(replay: ReplayedAgent) -> set[str]:
    """Return the names from `overlays.OVERLAYS` that are available for an agent."""
    if replay.episode.world is None or not replay.can_walk:
        return set()
    offered = {ARROWS, TRAIL} if replay.has_policy else {TRAIL}
    offered |= {VALUES} if replay.probe.has_state_values else set()
    return offered | ({PROBABILITIES} if replay.probe.has_probabilities else set())
