"""The replay: one to four exhibits side by side, their overlays, and the timeline."""

from collections.abc import Sequence
from typing import Any

import pygame

from cookie_jar.envs.drawing import palette
from cookie_jar.envs.drawing.overlay import Overlay
from cookie_jar.envs.drawing.panel import draw_panel
from cookie_jar.envs.drawing.timeline import draw_timeline, snapshot_at
from cookie_jar.scripts.commentary import make_panel, seen_at
from cookie_jar.scripts.controls import KEYS, command_of, help_rows, replay_buttons
from cookie_jar.scripts.exhibits import Exhibit
from cookie_jar.scripts.floor import OVERLAYS, make_overlay
from cookie_jar.scripts.playhead import Playhead
from cookie_jar.scripts.screen import HEADING, Part, Picture, draw_buttons, draw_heading, draw_help, draw_notice
from cookie_jar.scripts.stage_layout import Places, lay_out

NOTICE = 3.0  # seconds
PANEL = "panel"


class Player:
    """Replays episodes, one after the other.

    Args:
        exhibits: one to four; they start from the same seeds.
        seed: of the first episode; each further one has the next.
        speed: one of `playhead.SPEEDS`.
        shown: overlays, and "panel".

        bare: without buttons, for a file.

    Attributes:
        head: where the replay stands.
        selected: the number of the exhibit that panel and timeline are about.
        shown: overlays that are on, and "panel".
        closed: whether the user wants to leave.
        full: whether the window is to fill the screen.
        helping: whether the page with the keys is shown.
    """

    def __init__(
        self, exhibits: Sequence[Exhibit], seed: int, speed: float, shown: set[str], *, bare: bool = False
    ) -> None:
        self.exhibits, self.seed, self._bare = list(exhibits), seed, bare
        self.head, self.shown = Playhead(speed), set(shown)
        self.selected = len(self.exhibits) - 1
        self.closed = self.full = self.helping = False
        self._pictures = [Picture() for _ in self.exhibits]
        self._panel, self._foot = Part(), Part()
        self._overlays: dict[int, tuple[Any, Overlay]] = {}
        self._notice, self._notice_left = "", 0.0
        self._mouse, self._held = (-1, -1), False
        self._places: Places | None = None
        self._buttons: list[pygame.Rect] = []
        self._start(seed)

    @property
    def exhibit(self) -> Exhibit:
        """The one that is selected."""
        return self.exhibits[self.selected]

    @property
    def last(self) -> int:
        """The last act of the longest episode."""
        return max(exhibit.episode.last for exhibit in self.exhibits)

    @property
    def offered(self) -> set[str]:
        """The overlays that can be had for the selected exhibit, and "panel"."""
        offered = {PANEL}
        if self.exhibit.episode.world is not None:
            offered |= {"arrows", "trail"}
            offered |= {"values"} if self.exhibit.mind.tells else set()
            offered |= {"probabilities"} if self.exhibit.mind.has_probabilities else set()
        return offered

    def advance(self, seconds: float) -> None:
        """Let time pass; after the end of an episode, the next one starts."""
        self._notice_left -= seconds
        if not self.helping and self.head.advance(seconds, self.last):
            self._start(self.seed + 1)

    def _start(self, seed: int) -> None:
        self.seed = seed
        for exhibit in self.exhibits:
            exhibit.start(seed)
        self._overlays.clear()
        self.head.restart()

    # What the user does

    def obey(self, event: Any) -> None:
        """React to a key, the mouse, or the button that closes the window."""
        command = command_of(event)
        if command is not None:
            self.do(command)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._press(event.pos)
        elif event.type == pygame.MOUSEBUTTONUP:
            self._held = False
        elif event.type == pygame.MOUSEMOTION:
            self._mouse = event.pos
            if self._held:
                self._drag(event.pos[0])
        elif event.type == pygame.MOUSEWHEEL and self.exhibit.has_past():
            self.rewind(self.exhibit.timeline.now + (1 if event.y > 0 else -1))

    def do(self, command: str) -> None:
        """Do what a key or a button stands for; see `controls.KEYS`."""
        if self.helping and command not in ("full", "quit"):
            self.helping = False
            return
        if command in (*OVERLAYS, PANEL):
            self._toggle(command)
        elif command in ("earlier", "later", "first", "last"):
            steps, now = self.exhibit.timeline.steps, self.exhibit.timeline.now
            places = {"earlier": now - 1, "later": now + 1, "first": 0, "last": len(steps) - 1}
            self.rewind(places[command])
        elif command in ("forwards", "back"):
            self.head.step(self.last) if command == "forwards" else self.head.back(self.last)
        elif command in ("faster", "slower"):
            self.head.faster(1 if command == "faster" else -1)
        elif command in ("again", "other"):
            self._start(self.seed + (command == "other"))
        elif command == "pause":
            self.head.paused = not self.head.paused
        else:
            self._handle_window(command)

    def _handle_window(self, command: str) -> None:
        """The commands that are about the window."""
        if command == "select":
            self.selected = (self.selected + 1) % len(self.exhibits)
        elif command == "full":
            self.full = not self.full
        elif command == "help":
            self.helping = True
        elif command == "close" and self.full:
            self.full = False
        elif command in ("close", "quit"):
            self.closed = True

    def _toggle(self, name: str) -> None:
        """Show an overlay or not; arrows for one action and for probabilities exclude each other."""
        if name not in self.offered:
            where = "in a kitchen only" if self.exhibit.episode.world is None else "not known by this agent"
            self.tell(f"{name}: {where}")
            return
        self.shown ^= {name}
        if name in self.shown:
            self.shown -= {"arrows": {"probabilities"}, "probabilities": {"arrows"}}.get(name, set())

    def tell(self, words: str) -> None:
        """Say something for a few seconds."""
        self._notice, self._notice_left = words, NOTICE

    def rewind(self, number: int) -> None:
        """Show the selected exhibit as it was at a snapshot."""
        if not self.exhibit.has_past():
            self.tell("this memory has no snapshots: there is no timeline")
        elif self.exhibit.rewind(number):
            self._overlays.clear()
            self.head.restart()

    def _press(self, point: tuple[int, int]) -> None:
        """The left button of the mouse goes down."""
        if self.helping or self._places is None:
            self.helping = False
            return
        buttons = self._make_buttons()
        for place, button in zip(self._buttons, buttons, strict=False):
            if place.collidepoint(point) and (button.able or button.name in OVERLAYS):
                self.do(button.name)
                return
        if self._places.foot is not None and self._places.foot.collidepoint(point):
            self._held = True
            self._drag(point[0])
        for number, place in enumerate(self._places.pictures):
            if place.collidepoint(point):
                if len(self.exhibits) == 1:
                    self.do("pause")
                self.selected = number

    def _drag(self, x: int) -> None:
        """Move the marker of the timeline to a pixel."""
        if self._places is not None and self._places.foot is not None:
            number = snapshot_at(self._places.foot, self.exhibit.timeline, x)
            if number != self.exhibit.timeline.now:
                self.rewind(number)

    # What is to be seen

    def draw(self, size: tuple[int, int]) -> pygame.Surface:
        """The whole window as a picture of that size."""
        window = pygame.Surface(size)
        window.fill(palette.PAPER)
        foot = self.exhibit.has_past() and not self._bare
        places = self._places = lay_out(
            size, len(self.exhibits), panel=PANEL in self.shown, foot=foot, buttons=not self._bare
        )
        for number, area in enumerate(places.pictures):
            self._draw_picture(window, number, area, places)
        self._draw_panel(window, places)
        if places.buttons is not None:
            self._buttons = draw_buttons(window, places.buttons, self._make_buttons(), self._mouse)
        if self._notice_left > 0:
            draw_notice(window, places.letters, self._notice)
        if self.helping:
            draw_help(window, help_rows(set(KEYS)))
        return window

    def _make_buttons(self) -> list[Any]:
        return replay_buttons(self.head.paused, self.head.speed, self.shown, self.offered)

    def _draw_picture(self, window: pygame.Surface, number: int, area: pygame.Rect, places: Places) -> None:
        """One exhibit, with a heading where there are several."""
        exhibit = self.exhibits[number]
        act, progress = self._place_in(exhibit)
        shot = exhibit.episode.shots[act]
        if len(self.exhibits) > 1:
            tall = round(places.letters * HEADING)
            area = self._pictures[number].fit(area, exhibit.episode, tall)
            head = pygame.Rect(area.left, area.top, area.width, tall)
            name = f"{exhibit.name}, {exhibit.steps:,} steps"
            draw_heading(window, head, places.letters, name, shot, number == self.selected)
            area = pygame.Rect(area.left, head.bottom, area.width, max(1, area.bottom - head.bottom))
        caption = places.panel is None and len(self.exhibits) == 1
        overlay = self._overlay(number, act, progress)
        self._pictures[number].draw(window, area, exhibit.episode, shot, progress, overlay, caption)

    def _place_in(self, exhibit: Exhibit) -> tuple[int, float]:
        """The act of an exhibit that is seen, and how far it has gone: a short episode waits at its end."""
        act, progress = self.head.place(self.last)
        return (act, progress) if act <= exhibit.episode.last else (exhibit.episode.last, 1.0)

    def _overlay(self, number: int, act: int, progress: float) -> Overlay | None:
        """What is drawn on the floor; worked out anew only when something about it changes."""
        exhibit = self.exhibits[number]
        shown = self.shown & set(OVERLAYS)
        seen = seen_at(exhibit, act, progress)
        if not shown or exhibit.episode.world is None or seen.moment is None:
            return None
        key = seen.steps, tuple(sorted(shown))
        if self._overlays.get(number, (None,))[0] != key:
            told = (shot.moment for shot in exhibit.episode.shots[: seen.steps + 1])
            trail = [moment.state.child for moment in told if moment is not None]
            made = make_overlay(
                exhibit.mind, exhibit.stage.env, exhibit.episode.world, seen.moment.state, trail, shown
            )
            self._overlays[number] = key, made
        return self._overlays[number][1]

    def _draw_panel(self, window: pygame.Surface, places: Places) -> None:
        """The panel and the timeline of the selected exhibit."""
        exhibit = self.exhibit
        if places.panel is not None:
            panel = make_panel(exhibit, *self._place_in(exhibit))
            letters = places.letters
            self._panel.draw(window, places.panel, panel, lambda s, r: draw_panel(s, r, panel, letters))
        if places.foot is not None:
            line, held = exhibit.timeline, self._held
            self._foot.draw(
                window, places.foot, (line, held), lambda s, r: draw_timeline(s, r, line, held)
            )
