"""The replay in a window: pictures, panel, buttons and timeline, and what keys and mouse do to them."""

from typing import Any

import pygame

from cookie_jar.envs.rendering import palette
from cookie_jar.scripts.viewer.controls import KEYS, command_of, help_rows, replay_buttons
from cookie_jar.scripts.viewer.layout import WindowLayout, lay_out_window
from cookie_jar.scripts.viewer.overlays import OVERLAYS
from cookie_jar.scripts.viewer.panel_text import make_panel
from cookie_jar.scripts.viewer.parts import (
    HEADING,
    Part,
    Picture,
    draw_button_row,
    draw_heading,
    draw_help,
    draw_notice,
)
from cookie_jar.scripts.viewer.player import PANEL, Player
from cookie_jar.scripts.viewer.widgets.buttons import Button
from cookie_jar.scripts.viewer.widgets.panel import Panel, draw_panel
from cookie_jar.scripts.viewer.widgets.timeline import draw_timeline, snapshot_at

TIMELINE = 6.2  # letters high


class PlayerView:
    """Shows a player, and hands on what the user does.

    Args:
        player: what is replayed.
        bare: without buttons and timeline, for a file.

    Attributes:
        closed: whether the user wants to leave.
        full: whether the window is to fill the screen.
        helping: whether the page with the keys is shown.
    """

    def __init__(self, player: Player, *, bare: bool = False) -> None:
        self.player, self._bare = player, bare
        self.closed = self.full = self.helping = False
        self._pictures = [Picture() for _ in player.replays]
        self._panel, self._foot = Part(), Part()
        self._mouse, self._held = (-1, -1), False
        self._wanted: int | None = None  # the snapshot under the mouse; loaded once a frame, for speed
        self._places: WindowLayout | None = None
        self._shown: list[tuple[pygame.Rect, Button]] = []

    def advance(self, seconds: float) -> None:
        """Let time pass, but not while the page with the keys is read."""
        if self._wanted is not None:
            self.player.show_snapshot(self._wanted)
            self._wanted = None
        if not self.helping:
            self.player.advance(seconds)

    def handle_event(self, event: Any) -> None:
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
        elif event.type == pygame.MOUSEWHEEL and self.player.replay.has_snapshots():
            self.player.do("later" if event.y > 0 else "earlier")

    def do(self, command: str) -> None:
        """Do what a key or a button stands for; see `controls.KEYS`."""
        if command == "quit" or (command == "close" and not self.helping and not self.full):
            self.closed = True
        elif self.helping:
            self.helping = False
        elif command == "close":
            self.full = False
        elif command == "full":
            self.full = not self.full
        elif command == "help":
            self.helping = True
        else:
            self.player.do(command)

    def _press(self, point: tuple[int, int]) -> None:
        """The left button of the mouse goes down."""
        if self.helping or self._places is None:
            self.helping = False
            return
        for place, button in self._shown:
            if place.collidepoint(point) and (button.able or button.name in OVERLAYS):
                self.do(button.name)
                return
        if self._places.foot is not None and self._places.foot.collidepoint(point):
            self._press_foot(point)
        for number, place in enumerate(self._places.pictures):
            if place.collidepoint(point):
                self.player.selected = number
                if len(self._pictures) == 1:
                    self.player.do("pause")

    def _press_foot(self, point: tuple[int, int]) -> None:
        """Take hold of the marker of the timeline."""
        self._held = True
        self._drag(point[0])

    def _drag(self, x: int) -> None:
        """Move the marker of the timeline to a pixel."""
        if self._places is not None and self._places.foot is not None:
            self._wanted = snapshot_at(self._places.foot, self.player.replay.timeline, x)

    def draw(self, size: tuple[int, int]) -> pygame.Surface:
        """The whole window as a picture of that size."""
        window = pygame.Surface(size)
        window.fill(palette.PAPER)
        player = self.player
        panel, buttons = PANEL in player.shown, not self._bare
        count, foot = len(self._pictures), self._foot_height()
        places = self._places = lay_out_window(size, count, panel=panel, foot=foot, buttons=buttons)
        for number, area in enumerate(places.pictures):
            self._draw_picture(window, number, area, places)
        if places.panel is not None:
            self._draw_panel(window, places.panel, places.font_size)
        if places.foot is not None:
            self._draw_foot(window, places.foot, places.font_size)
        if places.buttons is not None:
            row = replay_buttons(player.head.paused, player.head.speed, player.shown, player.offered)
            drawn = draw_button_row(window, places.buttons, row, self._mouse)
            self._shown = list(zip(drawn, row, strict=True))
        if player.notice:
            draw_notice(window, places.font_size, player.notice)
        if self.helping:
            draw_help(window, help_rows(KEYS))
        return window

    def _draw_picture(
        self, window: pygame.Surface, number: int, area: pygame.Rect, places: WindowLayout
    ) -> None:
        """One exhibit, with a heading where there are several."""
        player, replay = self.player, self.player.replays[number]
        act, progress = player.place_in(replay)
        time_step = replay.episode.time_steps[act]
        several = len(self._pictures) > 1
        if several:
            tall = round(places.font_size * HEADING)
            area = self._pictures[number].fit(area, replay.episode, tall)
            head = pygame.Rect(area.left, area.top, area.width, tall)
            name = f"{replay.name}, {replay.steps:,} steps"
            draw_heading(window, head, places.font_size, name, time_step, number == player.selected)
            area = pygame.Rect(area.left, head.bottom, area.width, max(1, area.bottom - head.bottom))
        caption = places.panel is None and not several
        overlay = player.overlay(number)
        self._pictures[number].draw(window, area, replay.episode, time_step, progress, overlay, caption)

    def _foot_height(self) -> float:
        """In letters, of what is below the pictures."""
        return TIMELINE if self.player.replay.has_snapshots() and not self._bare else 0.0

    def _panel_now(self) -> Panel:
        """What there is to say about the selected exhibit."""
        replay = self.player.replay
        return make_panel(replay, *self.player.place_in(replay))

    def _draw_panel(self, window: pygame.Surface, area: pygame.Rect, font_size: int) -> None:
        panel = self._panel_now()
        self._panel.draw(window, area, panel, lambda s, r: draw_panel(s, r, panel, font_size))

    def _draw_foot(self, window: pygame.Surface, area: pygame.Rect, font_size: int) -> None:
        """The timeline of the selected exhibit."""
        line, held = self.player.replay.timeline, self._held
        self._foot.draw(window, area, (line, held), lambda s, r: draw_timeline(s, r, line, held))
