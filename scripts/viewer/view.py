"""The base class of all views: full screen, help, notices, and the controls that react to the mouse."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import pygame

from cookie_jar.envs.rendering import palette
from cookie_jar.scripts.viewer.control import Control
from cookie_jar.scripts.viewer.controls import Keys, command_of
from cookie_jar.scripts.viewer.layout import em_of
from cookie_jar.scripts.viewer.notice import Notice
from cookie_jar.scripts.viewer.parts import draw_button_row
from cookie_jar.scripts.viewer.widgets.board import Section, draw_board
from cookie_jar.scripts.viewer.widgets.boxes import draw_notice, draw_tooltip
from cookie_jar.scripts.viewer.widgets.buttons import Button

HOVER = 0.6  # seconds that the mouse rests on a control before its tooltip appears
OUTSIDE = -1, -1  # the place of a mouse that is not in the window
READ = 8.0  # seconds after which a tooltip disappears again


class View(ABC):
    """The contents of a window.

    Args:
        keys: The key bindings.
        notice: The message to the user.

    Attributes:
        closed: Whether the user wants to leave.
        full: Whether the window should fill the screen.
        helping: Whether the page with the keys is shown.
        large: Whether letters are large, for a projector.
        density: The pixels to a point of the screen.
        held: The name of the control that follows the mouse, or None.
        mouse: The place of the mouse in the window.
    """

    def __init__(self, keys: Keys, notice: Notice) -> None:
        self.notice = notice
        self.held: str | None = None
        self.closed = self.full = self.helping = self.large = False
        self.density = 1.0
        self._keys = keys
        self.mouse = OUTSIDE
        self._rested = 0.0  # seconds since the mouse moved
        self._controls: dict[str, Control] = {}

    def advance(self, seconds: float) -> None:
        """Advance the time by some seconds; views with movements extend this method."""
        self._rested += seconds

    def commands(self) -> list[str]:
        """Return the commands with keys that this window has, for the help page."""
        return list(self._keys)

    def help_sections(self) -> list[Section]:
        """Return the help page: the keys of this window, and what else in it reacts to the mouse."""
        keys = [(self._keys[command][0], self._keys[command][2]) for command in self.commands()]
        others = (control for control in self._controls.values() if control.tip and not control.is_button)
        mouse = list(dict.fromkeys((control.title, control.tip) for control in others))
        return [
            Section("Keys", keys),
            Section("Mouse", [("buttons", "rest on one to see what it does"), *mouse]),
        ]

    @abstractmethod
    def execute(self, command: str) -> None:
        """Execute a command of this view; `do` executes the commands that all views share."""

    @abstractmethod
    def draw_contents(self, window: pygame.Surface, em: int) -> None:
        """Draw everything except notice and help, and add the controls."""

    def draw(self, size: tuple[int, int]) -> pygame.Surface:
        """Return the whole window as a picture of a size in pixels."""
        window, em = pygame.Surface(size), em_of(size, self.large, self.density)
        window.fill(palette.PAPER)
        self._controls.clear()
        self.draw_contents(window, em)
        if self.notice.text:
            draw_notice(window, em, self.notice.text)
        if self.helping:
            draw_board(window, self.help_sections(), em)
        elif tip := self.tip:
            draw_tooltip(window, em, self.mouse, tip)
        return window

    @property
    def tip(self) -> str:
        """The tooltip of the control on which the mouse rests, or ""."""
        if not HOVER <= self._rested < HOVER + READ or self.held is not None:
            return ""
        control = next((c for c in self._controls.values() if c.rect.collidepoint(self.mouse)), None)
        if control is None or not control.tip or control.is_button:
            return "" if control is None else control.tip
        return f"{control.title}: {control.tip}"

    def control(self, name: str) -> Control:
        """Return a control of the last picture.

        Raises:
            KeyError: If no control of that name was drawn.
        """
        return self._controls[name]

    def has_control(self, name: str) -> bool:
        """Return whether the last picture has a control of that name."""
        return name in self._controls

    def add_control(self, control: Control) -> None:
        """Make a part of the current picture react to the mouse."""
        self._controls[control.name] = control

    def add_buttons(
        self,
        window: pygame.Surface,
        area: pygame.Rect,
        buttons: list[Button],
        always_enabled: tuple[str, ...] = (),
    ) -> None:
        """Draw a row of buttons that execute the commands they are named after.

        Args:
            window: The picture of the window.
            area: The place of the row.
            buttons: The buttons; those that do not fit are left out.
            always_enabled: Names of buttons that react even when they are greyed out.
        """
        places = draw_button_row(window, area, buttons, self.mouse)
        for place, button in zip(places, buttons, strict=True):
            if place.width:
                self.add_button(place, button, always_enabled=button.name in always_enabled)

    def add_button(self, place: pygame.Rect, button: Button, *, always_enabled: bool = False) -> None:
        """Make a button that was drawn react to the mouse."""
        key, _, meaning = self._keys.get(button.name, ("", (), ""))
        words = button.tip or (f"{key}: {meaning}" if key else "")
        tip = "; ".join(part for part in (words, button.why_not) if part)
        press, enabled = self.presser(button.name), button.enabled or always_enabled
        self.add_control(Control(button.name, place, press, enabled=enabled, tip=tip, is_button=True))

    def presser(self, command: str) -> Callable[[int], None]:
        """Return a function for `Control.on_press` that executes a command."""
        return lambda _: self.do(command)

    def do(self, command: str) -> None:
        """Execute the command of a key or a button; while help is shown, most commands only close it."""
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
            self.execute(command)

    def command_of(self, event: Any) -> str | None:
        """Return the command of a key or of closing the window, or None."""
        return command_of(event, self._keys)

    def handle_event(self, event: Any) -> None:
        """Handle an event of the keyboard, the mouse or the window."""
        if event.type in (pygame.MOUSEBUTTONDOWN, pygame.KEYDOWN):
            self._rested = HOVER + READ  # no tooltip until the mouse moves again
        if event.type == pygame.WINDOWLEAVE:
            self.mouse = OUTSIDE
        elif event.type == pygame.MOUSEMOTION:
            entered = self.mouse == OUTSIDE  # also when a window opens below the mouse
            self.mouse, self._rested = event.pos, HOVER + READ if entered else 0.0
            if self.held in self._controls:
                self._controls[self.held].on_press(event.pos[0])
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._press(event.pos)
        elif event.type == pygame.MOUSEBUTTONUP:
            self._release()
        elif event.type == pygame.MOUSEWHEEL:
            self.scroll(event.y)
        elif (command := self.command_of(event)) is not None:
            self.do(command)

    def scroll(self, y: int) -> None:  # noqa: B027, most views do not scroll
        """Handle the mouse wheel: upwards if y > 0."""

    def _press(self, point: tuple[int, int]) -> None:
        """Close the help, or press the control at a point."""
        if self.helping:
            self.helping = False
            return
        for control in self._controls.values():
            if control.enabled and control.rect.collidepoint(point):
                self.held = control.name if control.draggable else None
                control.on_press(point[0])
                return

    def _release(self) -> None:
        control = self._controls.get(self.held) if self.held is not None else None
        self.held = None
        if control is not None and control.on_release is not None:
            control.on_release()
