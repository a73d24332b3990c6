"""Key bindings and buttons: the only list of commands, which the windows and the help page share."""

from typing import Any

import pygame

from cookie_jar.scripts.viewer.overlays import SWITCHES
from cookie_jar.scripts.viewer.widgets.buttons import Button

Keys = dict[str, tuple[str, tuple[int, ...], str]]

KEYS: Keys = {
    # command: names of its keys, the keys, the line in the help
    "pause": ("Space", (pygame.K_SPACE,), "pause or continue"),
    "forwards": ("Right", (pygame.K_RIGHT,), "one action forwards"),
    "back": ("Left", (pygame.K_LEFT,), "one action back"),
    "faster": ("Up", (pygame.K_UP, pygame.K_PLUS, pygame.K_KP_PLUS), "faster, up to 16 times"),
    "slower": ("Down", (pygame.K_DOWN, pygame.K_MINUS, pygame.K_KP_MINUS), "slower, down to a quarter"),
    "again": ("R", (pygame.K_r,), "the same episode from its start"),
    "other": ("N", (pygame.K_n,), "the next start (and the next kitchen, if there are several)"),
    "values": ("V", (pygame.K_v,), "values: the expected happiness, as colours on the floor"),
    "arrows": ("A", (pygame.K_a,), "arrows: the greedy action in each cell"),
    "probabilities": ("P", (pygame.K_p,), "the probability of each direction (policy gradients)"),
    "trail": ("T", (pygame.K_t,), "the child's trail"),
    "panel": ("B", (pygame.K_b,), "the panel with the bars"),
    "earlier": ("Page up", (pygame.K_PAGEUP, pygame.K_COMMA), "the previous snapshot"),
    "later": ("Page down", (pygame.K_PAGEDOWN, pygame.K_PERIOD), "the next snapshot"),
    "first": ("Home", (pygame.K_HOME,), "the first snapshot, before training"),
    "last": ("End", (pygame.K_END,), "the last snapshot"),
    "select": ("Tab", (pygame.K_TAB,), "select the next picture, if there are several"),
    "full": ("F", (pygame.K_f, pygame.K_F11), "full screen"),
    "help": ("H", (pygame.K_h, pygame.K_F1), "this page"),
    "close": ("Esc", (pygame.K_ESCAPE,), "close"),
}
PLAY_KEYS: Keys = {
    "walk": ("Arrows", (), "walk"),
    "chair": ("C", (), "lift the chair in this cell, or put it down"),
    "climb": ("Space", (), "climb on the chair, or off it"),
    "reach": ("R", (), "reach for the jar"),
    "pick": ("1 2 3", (), "eat the left, the middle or the right cookie"),
    "undo": ("Backspace", (pygame.K_BACKSPACE, pygame.K_u), "undo the last action"),
    "ask": ("A", (pygame.K_a,), "show the values that the agent expects here"),
    "again": ("Home", (pygame.K_HOME, pygame.K_F5), "start again"),
    "other": ("N", (pygame.K_n,), "the next start (and the next kitchen, if there are several)"),
    "save": ("S", (pygame.K_s,), "save the episode for `watch`"),
    "full": KEYS["full"],
    "help": KEYS["help"],
    "close": KEYS["close"],
}
QUIZ_KEYS: Keys = {
    "answer": ("1 2 3 ...", (), "label the picture"),
    "undo": ("Backspace", (pygame.K_BACKSPACE, pygame.K_LEFT, pygame.K_u), "back to the previous picture"),
    "other": ("N", (pygame.K_n,), "other pictures, at the end"),
    "full": KEYS["full"],
    "help": KEYS["help"],
    "close": KEYS["close"],
}
SHORT_WORDS = {name: KEYS[name][0] for name in SWITCHES}  # words of the buttons in narrow windows


def command_of(event: Any, keys: Keys = KEYS) -> str | None:
    """Return the command of a key, "quit" if the window was closed, or None for other events."""
    if event.type == pygame.QUIT:
        return "quit"
    if event.type != pygame.KEYDOWN:
        return None
    return next((command for command, (_, numbers, _) in keys.items() if event.key in numbers), None)


def help_rows(keys: Keys) -> list[tuple[str, str]]:
    """Return the names of the keys and their meaning."""
    return [(name, meaning) for name, _, meaning in keys.values()]


def replay_buttons(paused: bool, speed: float, shown: set[str], missing: dict[str, str]) -> list[Button]:
    """Return the buttons of a replay.

    Args:
        paused: Whether the replay is paused.
        speed: The speed of the replay.
        shown: The names from `SWITCHES` that are on.
        missing: The names from `SWITCHES` that are not available, each with the reason.
    """
    return [
        Button("again", icon="again"),
        Button("back", icon="back"),
        Button("pause", icon="play" if paused else "pause", on=not paused),
        Button("forwards", icon="forwards"),
        Button("other", icon="other"),
        Button("slower", icon="less"),
        Button("speed", f"{speed:g}x".center(5)),
        Button("faster", icon="more"),
        *(Button(name, name, on=name in shown, enabled=name not in missing) for name in SWITCHES),
        Button("help", "?"),
        Button("full", icon="full"),
    ]


def play_buttons(ended: bool, actions: int) -> list[Button]:
    """Return the buttons of a game after a number of actions, without those for the actions."""
    return [
        Button("undo", "undo", icon="undo", enabled=actions > 0),
        Button("again", "again", icon="again", enabled=actions > 0),
        Button("other", "next", icon="other"),
        Button("ask", "ask the agent", enabled=not ended),
        Button("save", "save", enabled=actions > 0),
        Button("help", "?"),
        Button("full", icon="full"),
    ]


def quiz_buttons(position: int, *, ended: bool) -> list[Button]:
    """Return the buttons of a quiz at a picture, without those for the answers."""
    return [
        Button("undo", "back", icon="undo", enabled=position > 0 and not ended),
        Button("other", "other pictures", icon="other", enabled=ended),
        Button("help", "?"),
        Button("full", icon="full"),
    ]
