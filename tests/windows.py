"""Windows in which the events of a script are posted, frame by frame, as a user would cause them."""

import pygame

from cookie_jar.envs.rendering import window as windows
from cookie_jar.scripts.viewer import main_loop

SECONDS = 1 / 60


def key(number):
    return pygame.event.Event(pygame.KEYDOWN, key=number)


def click(point):
    return [
        pygame.event.Event(pygame.MOUSEMOTION, pos=point, rel=(0, 0), buttons=(0, 0, 0)),
        pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=point, button=1),
        pygame.event.Event(pygame.MOUSEBUTTONUP, pos=point, button=1),
    ]


def drag(start, end):
    first, _, _ = (click(start)[1], None, None)
    return [
        first,
        pygame.event.Event(pygame.MOUSEMOTION, pos=end, rel=(0, 0), buttons=(1, 0, 0)),
        pygame.event.Event(pygame.MOUSEBUTTONUP, pos=end, button=1),
    ]


QUIT = pygame.event.Event(pygame.QUIT)


def run_script(view, script, monkeypatch, size=(1280, 720)):
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
