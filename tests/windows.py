"""Windows in which the events of a script are posted, frame by frame, as a user would cause them."""

import pygame

from cookie_jar.envs.rendering import window as windows
from cookie_jar.scripts import watch
from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.viewer import main_loop
from cookie_jar.scripts.viewer.player_view import PlayerView

SECONDS = 1 / 60
SIZE = (1280, 720)
ALL = {"values", "arrows", "trail", "panel"}


def key(number):
    return pygame.event.Event(pygame.KEYDOWN, key=number)


def click(point):
    return [
        pygame.event.Event(pygame.MOUSEMOTION, pos=point, rel=(0, 0), buttons=(0, 0, 0)),
        pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=point, button=1),
        pygame.event.Event(pygame.MOUSEBUTTONUP, pos=point, button=1),
    ]


def drag(start, end):
    return [
        pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=start, button=1),
        pygame.event.Event(pygame.MOUSEMOTION, pos=end, rel=(0, 0), buttons=(1, 0, 0)),
        pygame.event.Event(pygame.MOUSEBUTTONUP, pos=end, button=1),
    ]


QUIT = pygame.event.Event(pygame.QUIT)


def record_windows(monkeypatch):
    """Return a list to which each new window of pygame is added."""
    made = []

    class Recorded(pygame.Window):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            made.append(self)

    monkeypatch.setattr(pygame, "Window", Recorded)
    return made


def press(view, *numbers):
    """Press keys."""
    for number in numbers:
        view.handle_event(key(number))


def click_on(view, *names):
    """Click on controls, each in a picture drawn anew."""
    for name in names:
        view.draw(SIZE)
        for event in click(view.control(name).rect.center):
            view.handle_event(event)


def drag_along(view, name, start, end):
    """Drag the mouse over a control, from one share of its width to another."""
    view.draw(SIZE)
    rect = view.control(name).rect
    points = [(round(rect.left + share * (rect.width - 1)), rect.centery) for share in (start, end)]
    for event in drag(*points):
        view.handle_event(event)
    view.draw(SIZE)


def make_view(*names, shown=ALL, speed=1):
    """The view of a replay of some runs."""
    return PlayerView(watch.make_player([str(name) for name in names], 0, speed, shown, Console()))


def run_script(view, script, monkeypatch, size=SIZE):
    """Show a view in a window and post events at some frames; returns how many frames it was open.

    `script` maps frames to an event, to several, or to a function that is called instead.
    """
    frames = 0

    class ScriptedWindow(windows.Window):
        def show(self, picture, fps):
            nonlocal frames
            assert frames < 5_000, "the window does not close"
            todo = script.get(frames, [])
            if callable(todo):
                todo()
                todo = []
            for event in todo if isinstance(todo, list) else [todo]:
                pygame.event.post(event)
            frames += 1
            events = super().show(picture, 0)
            self.seconds = SECONDS
            return events

    monkeypatch.setattr(windows, "Window", ScriptedWindow)
    main_loop.show(view, "test", size)
    return frames
