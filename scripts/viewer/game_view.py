"""The view of a game: the picture, the panel, and buttons for all actions and commands."""

from pathlib import Path
from typing import Any

import pygame

from cookie_jar.envs import Event
from cookie_jar.envs.rendering.frame import ACTS_PER_SECOND
from cookie_jar.envs.rendering.window import ACTION_KEYS
from cookie_jar.envs.rendering.words import PHRASES, signed
from cookie_jar.scripts.common.bars import Bars
from cookie_jar.scripts.viewer.close_up import CloseUp, close_up_height
from cookie_jar.scripts.viewer.controls import PLAY_KEYS, action_buttons, play_buttons
from cookie_jar.scripts.viewer.episode_files import save_episode
from cookie_jar.scripts.viewer.game import Advice, Game, Score, free_name, rules, verdict
from cookie_jar.scripts.viewer.jar_view import JarView, has_jar_pictures, jar_pictures
from cookie_jar.scripts.viewer.layout import WindowLayout, lay_out_window
from cookie_jar.scripts.viewer.notice import Notice
from cookie_jar.scripts.viewer.panel_text import step_facts
from cookie_jar.scripts.viewer.parts import EpisodePicture, Part
from cookie_jar.scripts.viewer.view import View
from cookie_jar.scripts.viewer.widgets.board import Section
from cookie_jar.scripts.viewer.widgets.panel import Panel, draw_panel

UNKNOWN = "The agent was never in this state: it expects nothing here."
ASK = "Press A to see the value that the agent expects of each action."


class GameView(View):
    """The view of a game.

    The controls are buttons named after the actions, and those of `controls.play_buttons`.

    Args:
        game: The game.
        path: The file that episodes are saved to; existing files are kept.
        blind: Whether the liked cookie is a secret.

    Attributes:
        advice: The answer of the agent in the current state, or None.
        saved: The files that were written.
    """

    def __init__(self, game: Game, path: Path, *, blind: bool = False) -> None:
        super().__init__(PLAY_KEYS, Notice("H shows the goal and the keys"))
        self.game, self._path, self._blind = game, path, blind
        self.advice: Advice | None = None
        self.saved: list[Path] = []
        self._progress, self._scores = 1.0, list[Score]()
        self._picture, self._panel = EpisodePicture(), Part()
        self._liked = game.world.config.likes.label
        self._close_up = CloseUp(self._liked)
        self._has_pictures = has_jar_pictures(game.runner.env.observation_space)

    @property
    def _actions(self) -> dict[str, int]:
        """The number of each action by its label."""
        return {action.label: number for number, action in enumerate(self.game.world.actions)}

    def advance(self, seconds: float) -> None:
        """Continue the movement of the last action."""
        super().advance(seconds)
        self.notice.advance(seconds)
        self._progress = min(1.0, self._progress + seconds * ACTS_PER_SECOND)

    def commands(self) -> list[str]:
        """Return the commands of `PLAY_KEYS`, without those for actions that do not exist here."""
        of_actions = {"walk": "up", "chair": "chair", "climb": "climb", "reach": "reach", "pick": "pick left"}
        missing = {command for command, label in of_actions.items() if label not in self._actions}
        return [command for command in super().commands() if command not in missing]

    def help_sections(self) -> list[Section]:
        """Return the help page, with the goal of the game above the keys."""
        return [Section("Goal", [("", line) for line in self._rules()]), *super().help_sections()]

    def _rules(self) -> list[str]:
        return rules(self.game.world, self.game.horizon, blind=self._blind)

    def command_of(self, event: Any) -> str | None:
        """Return the label of an action, or another command."""
        if event.type == pygame.KEYDOWN and event.key in ACTION_KEYS:
            return ACTION_KEYS[event.key].label
        return super().command_of(event)

    def execute(self, command: str) -> None:
        """Execute the label of an action, or a command of `controls.PLAY_KEYS`."""
        if command in self._actions:
            self._act(self._actions[command])
        elif command == "undo" and self.game.undo():
            self._update(1.0)
        elif command in ("again", "other"):
            self.game.start(self.game.seed + (command == "other"))
            self._update(1.0)
        elif command == "ask":
            self._ask()
        elif command == "save":
            self._save()

    def _act(self, action: int) -> None:
        if self.game.act(action):
            self._update(0.0)
        else:
            self.notice.show("the episode is over: N for the next, Backspace to undo the last action")

    def _update(self, progress: float) -> None:
        """Discard the advice and pictures of the previous state."""
        self.advice, self._progress = None, progress
        self._scores = self.game.scores() if self.game.ended else []

    def _ask(self) -> None:
        if self.game.ended:
            return
        self.advice = self.game.ask()
        if self.advice is None:
            self.notice.show("this agent has no action values to show")

    def _save(self) -> None:
        if len(self.game.time_steps) == 1:
            self.notice.show("nothing to save yet")
            return
        path = free_name(self._path)
        save_episode(path, self.game.runner, self.game.episode)
        self.saved.append(path)
        self.notice.show(f"saved {path}")

    def draw_contents(self, window: pygame.Surface, em: int) -> None:
        """Draw buttons, picture and panel."""
        layout = lay_out_window(window.get_size(), 1, panel=True, footer=0, em=em, density=self.density)
        area = self._draw_button_rows(window, layout, em)
        episode, time_step, caption = self.game.episode, self.game.time_step, layout.panel is None
        if below := close_up_height(area.height, self.density) if self._has_pictures else 0:
            area.height -= below
            place = pygame.Rect(area.left, area.bottom, area.width, below)
            pictures = jar_pictures(time_step.obs)
            self._close_up.draw(window, place, None if pictures is None else JarView(pictures), em)
        self._picture.draw(window, area, episode, time_step, self._progress, None, caption)
        if layout.panel is not None:
            panel = self._make_panel()
            self._panel.draw(window, layout.panel, panel, lambda s, r: draw_panel(s, r, panel, em))

    def _draw_button_rows(self, window: pygame.Surface, layout: WindowLayout, em: int) -> pygame.Rect:
        """Draw the row of the actions above the row of the commands, and return the area of the picture."""
        area = layout.pictures[0]
        if layout.buttons is None:
            return area
        gap, ended, world = em // 2, self.game.ended, self.game.world
        row = layout.buttons.move(0, -layout.buttons.height - gap)
        self.add_buttons(window, row, action_buttons(world.actions, world.config.happiness.act, ended))
        self.add_buttons(window, layout.buttons, play_buttons(ended, len(self.game.time_steps) - 1))
        return pygame.Rect(area.left, area.top, area.width, row.top - gap - area.top)

    def _make_panel(self) -> Panel:
        time_step = self.game.time_step
        frame = time_step.frame
        assert frame is not None
        done = "it is your turn"
        if frame.action is not None and frame.event is not None:
            done = f"{frame.action.label}: {PHRASES[frame.event]}"
        felt = f"happiness {signed(time_step.reward)}" if frame.event not in (None, Event.NOTHING) else ""
        phase = 0 if frame.event is None else 1 if self._progress < 1 else 2
        facts = step_facts(time_step, felt=True, total=time_step.total)
        goal = "find the cookie that is liked" if self._blind else f"fetch the {self._liked} cookie"
        over = verdict(self._scores) if self._scores and self._progress == 1.0 else ""
        return Panel("You play", phase, (goal, done, felt), facts, self._bars(), self._note(), subtitle=over)

    def _note(self) -> str:
        """Return the text in the place of the bars."""
        if self.advice is not None and not self.advice.known:
            return UNKNOWN
        return " ".join([*self._rules(), ASK])

    def _bars(self) -> Bars | None:
        """Return the scores at the end of the episode; before the end, the answer of the agent."""
        if self._scores and self._progress == 1.0:
            names = [score.words for score in self._scores]
            terminated = self.game.time_step.terminated
            heading = "Yum! Happiness in the end" if terminated else "Out of time. Happiness"
            values = [round(score.happiness, 9) for score in self._scores]  # equal up to the order of sums
            return Bars(names, values, label=heading, from_zero=True)
        if self.advice is None or not self.advice.known:
            return None
        names, advice = list(self._actions), self.advice
        label = f"asked: {advice.label}"
        return Bars(names, advice.values, None, label, advice.probabilities, advice.tried)
