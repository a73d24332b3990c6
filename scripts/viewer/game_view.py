"""A game in a window: the picture, the panel, and buttons for all that one can do."""

from pathlib import Path
from typing import Any

import pygame

from cookie_jar.envs import Action, Event
from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.caption import PHRASES, colour_of, signed
from cookie_jar.envs.rendering.window import ACTION_KEYS
from cookie_jar.scripts.viewer.controls import PLAY_KEYS, command_of, help_rows, play_buttons
from cookie_jar.scripts.viewer.episode_files import save_episode
from cookie_jar.scripts.viewer.game import Advice, Game, Score, free_name
from cookie_jar.scripts.viewer.layout import lay_out_window
from cookie_jar.scripts.viewer.parts import Part, Picture, draw_button_row, draw_help, draw_notice
from cookie_jar.scripts.viewer.widgets.buttons import Button
from cookie_jar.scripts.viewer.widgets.panel import Bars, Fact, Panel, draw_panel

SECONDS = 0.4  # of the movement of an act
NOTICE = 3.0
ASK = "Press A, and you are told what it expects of each action here."


class GameView:
    """Shows a game and hands on what the person does.

    Args:
        game: what is played.
        path: where episodes are saved; one that exists stays as it is.

    Attributes:
        advice: what was asked about this moment, or None.
        saved: the files that were written.
        closed: whether the person wants to leave.
        full: whether the window is to fill the screen.
        helping: whether the page with the keys is shown.
    """

    def __init__(self, game: Game, path: Path) -> None:
        self.game, self._path = game, path
        self.advice: Advice | None = None
        self.saved: list[Path] = []
        self.closed = self.full = self.helping = False
        self._progress, self._scores = 1.0, list[Score]()
        self._picture, self._panel = Picture(), Part()
        self._notice, self._notice_left = "H shows the keys", NOTICE
        self._mouse = -1, -1
        self._shown: list[tuple[pygame.Rect, Button]] = []

    def advance(self, seconds: float) -> None:
        """Let the movement go on; nothing else happens by itself."""
        self._notice_left -= seconds
        self._progress = min(1.0, self._progress + seconds / SECONDS)

    def handle_event(self, event: Any) -> None:
        """React to a key, the mouse, or the button that closes the window."""
        if event.type == pygame.MOUSEMOTION:
            self._mouse = event.pos
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            for place, button in self._shown:
                if place.collidepoint(event.pos) and button.able:
                    self.do(button.name)
                    return
            self.helping = False
        elif event.type == pygame.KEYDOWN and event.key in ACTION_KEYS:
            self.do(ACTION_KEYS[event.key].label)
        else:
            self.do(command_of(event, PLAY_KEYS))

    def do(self, command: str | None) -> None:
        """Do what a key or a button stands for: the label of an action, or one of `PLAY_KEYS`."""
        if command is None:
            return
        if self.helping and command != "quit":
            self.helping = False
        elif command in ACTIONS:
            self._act(ACTIONS[command])
        elif command == "undo" and self.game.undo():
            self._turn(1.0)
        elif command in ("again", "other"):
            self.game.start(self.game.seed + (command == "other"))
            self._turn(1.0)
        elif command == "ask":
            self._ask()
        elif command == "save":
            self._save()
        else:
            self._handle_window(command)

    def _handle_window(self, command: str) -> None:
        if command == "help":
            self.helping = True
        elif command == "full":
            self.full = not self.full
        elif command == "close" and self.full:
            self.full = False
        elif command in ("close", "quit"):
            self.closed = True

    def _act(self, action: Action) -> None:
        if self.game.act(action):
            self._turn(0.0)
        else:
            self.notify("the episode is over: N for the next, Backspace to take the last act back")

    def _turn(self, progress: float) -> None:
        """What was asked was about another moment."""
        self.advice, self._progress = None, progress
        self._scores = self.game.scores() if self.game.ended else []

    def _ask(self) -> None:
        if self.game.ended:
            return
        self.advice = self.game.ask()
        if self.advice is None:
            self.notify("this agent does not tell what it expects")

    def _save(self) -> None:
        if len(self.game.time_steps) == 1:
            self.notify("nothing to save yet")
            return
        path = free_name(self._path)
        save_episode(path, self.game.runner, self.game.episode)
        self.saved.append(path)
        self.notify(f"saved {path}")

    def notify(self, words: str) -> None:
        """Say something for a few seconds."""
        self._notice, self._notice_left = words, NOTICE

    def draw(self, size: tuple[int, int]) -> pygame.Surface:
        """The whole window as a picture of that size."""
        window = pygame.Surface(size)
        window.fill(palette.PAPER)
        places = lay_out_window(size, 1, panel=True, foot=0)
        area, self._shown = places.pictures[0], []
        if places.buttons is not None:
            row = places.buttons.move(0, -places.buttons.height - places.font_size // 2)
            area = pygame.Rect(area.left, area.top, area.width, row.top - places.font_size // 2 - area.top)
            self._draw_buttons(
                window, row, [Button(name, name, able=not self.game.ended) for name in ACTIONS]
            )
            buttons = play_buttons(self.game.ended, len(self.game.time_steps) - 1)
            self._draw_buttons(window, places.buttons, buttons)
        caption = places.panel is None
        self._picture.draw(
            window, area, self.game.episode, self.game.time_step, self._progress, None, caption
        )
        if places.panel is not None:
            panel = self._make_panel()
            font_size = places.font_size
            self._panel.draw(window, places.panel, panel, lambda s, r: draw_panel(s, r, panel, font_size))
        if self._notice_left > 0:
            draw_notice(window, places.font_size, self._notice)
        if self.helping:
            draw_help(window, help_rows(PLAY_KEYS))
        return window

    def _draw_buttons(self, window: pygame.Surface, row: pygame.Rect, buttons: list[Button]) -> None:
        places = draw_button_row(window, row, buttons, self._mouse)
        self._shown += list(zip(places, buttons, strict=True))

    def _make_panel(self) -> Panel:
        time_step = self.game.time_step
        frame = time_step.frame
        assert frame is not None
        done = "it is your turn"
        if frame.action is not None and frame.event is not None:
            done = f"{frame.action.label}: {PHRASES[frame.event]}"
        felt = f"happiness {signed(time_step.reward)}" if frame.event not in (None, Event.NOTHING) else ""
        phase = 0 if frame.event is None else 1 if self._progress < 1 else 2
        facts = (
            Fact(str(time_step.steps), "act" if time_step.steps == 1 else "acts"),
            Fact(signed(time_step.reward), "this act", colour_of(time_step.reward)),
            Fact(signed(time_step.total), "so far", colour_of(time_step.total)),
        )
        return Panel(
            "You play", phase, ("you know what you have tried", done, felt), facts, self._bars(), ASK
        )

    def _bars(self) -> Bars | None:
        """In the end, you beside the agent and the optimum; before, what was asked."""
        if self._scores and self._progress == 1.0:
            names = [f"{score.name}, {score.acts:.0f} acts" for score in self._scores]
            heading = (
                "Yum! Happiness in the end" if self.game.time_step.terminated else "Out of time. Happiness"
            )
            return Bars(names, [score.happiness for score in self._scores], label=heading)
        if self.advice is None:
            return None
        names, advice = list(ACTIONS), self.advice
        return Bars(names, advice.values, None, f"asked: {advice.label}", advice.probabilities)


ACTIONS = {action.label: action for action in Action}
