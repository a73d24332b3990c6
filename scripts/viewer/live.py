"""Learning in a window: one watches the learner of each moment, and turns what it learns with."""

import time
from collections.abc import Callable, Sequence
from itertools import islice
from math import floor
from typing import Any

import gymnasium as gym
import numpy as np
import pygame

from cookie_jar.agents import NotFiniteError
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.training import TrainingRun
from cookie_jar.envs.rendering.episode import Episode, EpisodeRunner
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.viewer import main_loop
from cookie_jar.scripts.viewer.panel_text import make_panel
from cookie_jar.scripts.viewer.player import Player
from cookie_jar.scripts.viewer.player_view import PlayerView
from cookie_jar.scripts.viewer.replays import ReplayedAgent, baseline_lines
from cookie_jar.scripts.viewer.sliders import DISLIKED, TrainingSliders, with_disliked
from cookie_jar.scripts.viewer.widgets.chart import Series, draw_chart
from cookie_jar.scripts.viewer.widgets.panel import Panel
from cookie_jar.scripts.viewer.widgets.slider import Slider, draw_slider

SHOWN = {"values", "arrows", "trail", "panel"}
BUDGET = 0.012  # seconds of learning in a frame
REFRESH = 0.15  # seconds between two looks into the memory
SPANS = 60  # of the exploring curve
CHART = 0.5  # of the width of the foot; the rest is for the sliders


def learn_in_window(training: TrainingRun, asked: Callable[[], bool]) -> None:
    """Learn until the user closes the window; at the target, one can still watch.

    Args:
        training: goes through the same calls as without a window.
        asked: whether the user wants to stop, by Ctrl-C.

    Raises:
        UsageError: the numbers have become infinite, or no window can be opened.
    """
    main_loop.show(LiveView(training, asked), f"Cookie Jar: {training.folder.name} learns")


class Learner(ReplayedAgent):
    """The agent of a training on show, as it is at this moment."""

    @property
    def steps(self) -> int:
        """Steps of experience by now."""
        return int(self.agent.num_timesteps)

    def start(self, seed: int) -> None:
        """Begin an episode; `extend` goes on with it, act by act."""
        self.seed = seed
        self._coming = self.runner.steps(self.agent, seed)
        self.episode = Episode((next(self._coming),), self.runner.world, seed)

    def extend(self, until: float) -> None:
        """Do what it would do now, until there is an act after that time; an endless episode is cut."""
        best = self.evaluator.optimum
        most = 100 if best is None else round(30 + 2 * best.length)
        wanted = min(most, floor(until) + 1) - self.episode.last
        more = tuple(islice(self._coming, max(0, wanted)))
        self.episode = self.episode._replace(time_steps=(*self.episode.time_steps, *more))


class LiveView(PlayerView):
    """Learns between two frames, and shows what has become of it.

    Args:
        training: what learns.
        asked: whether the user wants to stop.

    Attributes:
        knobs: what can be turned.
        learner: what is to be seen of the agent.
    """

    def __init__(self, training: TrainingRun, asked: Callable[[], bool] = lambda: False) -> None:
        self.training, self._asked = training, asked
        self.sliders = TrainingSliders(training.agent, training.target)
        env = training.agent.env
        assert env.spec is not None
        runner = EpisodeRunner(gym.make(env.spec, render_mode="rgb_array"))
        self.learner = Learner(training.agent, runner, training.folder.name, training.evaluator)
        super().__init__(Player([self.learner], 0, 1, SHOWN))
        self._due, self._most, self._since = 0.0, 1_000.0, 0.0
        self._sums, self._counts = np.zeros(SPANS), np.zeros(SPANS)
        self._told = False  # that all is learned
        self._slider: Slider | None = None  # that is held
        self._sliders: list[tuple[pygame.Rect, Slider]] = []

    @property
    def done(self) -> bool:
        """Whether it has learned from all its steps."""
        return self.training.agent.num_timesteps >= self.training.target

    def advance(self, seconds: float) -> None:
        """Let time pass, for the one who is watched and for the one who learns."""
        super().advance(seconds)
        self.learner.extend(max(0.0, self.player.head.time))
        self.closed |= self._asked()
        if self.closed or self.helping or self.player.head.paused:
            return
        self._learn(seconds)
        self._since += seconds
        if self._since >= REFRESH:
            self._since = 0.0
            self.player.refresh()

    def _learn(self, seconds: float) -> None:
        """As many steps as are due, and no more than a frame has time for."""
        training, agent = self.training, self.training.agent
        self._due = min(self._due + self.sliders.speed * seconds, self.sliders.speed * 0.25 + 1, self._most)
        start = time.perf_counter()
        while self._due >= 1 and not self.done and time.perf_counter() - start < BUDGET:
            before = agent.num_timesteps
            steps = min(training.next_stop - before, int(self._due))
            try:
                agent.learn(steps, callback_interval=steps)
            except NotFiniteError as error:
                raise UsageError(f"{error}\n{training.saved}") from None
            self._note(agent.episode_returns)
            training.follow()
            self._due -= agent.num_timesteps - before
        took = time.perf_counter() - start
        self._most = max(10.0, self._most * (0.7 if took > BUDGET else 1.2))
        if self.done and not self._told:
            self._told = True
            training.save()
            self.player.notify(
                "It has learned from all its steps, and they are saved. Esc closes the window."
            )

    def _note(self, returns: Sequence[float]) -> None:
        """Add the episodes that ended to the exploring curve."""
        span = min(SPANS - 1, self.training.agent.num_timesteps * SPANS // self.training.target)
        self._sums[span] += sum(returns)
        self._counts[span] += len(returns)

    # What the user does

    def handle_event(self, event: Any) -> None:
        """React to the sliders, and to all else as in a replay."""
        if event.type == pygame.MOUSEBUTTONUP and self._slider is not None:
            self._release(self._slider)
        elif event.type == pygame.MOUSEMOTION and self._slider is not None:
            self._drag(event.pos[0])
        else:
            super().handle_event(event)

    def _press_foot(self, point: tuple[int, int]) -> None:
        """Take hold of a slider."""
        for place, slider in self._sliders:
            if place.collidepoint(point):
                self._slider = slider
                self._drag(point[0])

    def _drag(self, x: int) -> None:
        """Move the slider that is held."""
        for place, slider in self._sliders:
            if self._slider is not None and slider.name == self._slider.name:
                self._slider = slider.at(place, x)
                self.sliders.apply(self._slider)

    def _release(self, slider: Slider) -> None:
        """Let go; another happiness makes another environment, in which all is judged anew."""
        self._slider = None
        if slider.name == DISLIKED:
            agent, learner = self.training.agent, self.learner
            agent.env = with_disliked(agent.env, slider.value)
            self.training.evaluator = learner.evaluator = Evaluator(agent.env)
            learner.runner = EpisodeRunner(with_disliked(agent.env, slider.value, "rgb_array"))
            self.player.start(self.player.seed)

    # What is to be seen

    def _foot_height(self) -> float:
        return 8.5

    def _panel_now(self) -> Panel:
        replay = self.player.replay
        panel = make_panel(replay, *self.player.place_in(replay), learns=True)
        return panel._replace(title=f"{replay.steps:,} of {self.training.target:,} steps")

    def _draw_foot(self, window: pygame.Surface, area: pygame.Rect, font_size: int) -> None:
        """The learning curve, and beside it the sliders."""
        chart = pygame.Rect(area.left, area.top, round(area.width * CHART), area.height)
        training, known = self.training, self._counts > 0
        xs = (np.flatnonzero(known) + 0.5) * training.target / SPANS
        ys = self._sums[known] / self._counts[known]
        greedy = [score.mean_return for score in training.greedy]
        key = tuple(training.steps), tuple(greedy), tuple(ys.tolist()), id(training.evaluator)

        def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
            second = Series(xs.tolist(), ys.tolist(), "exploring")
            draw_chart(
                surface, rect.inflate(-font_size, -font_size // 2), training.steps, greedy,
                name="greedy", second=second, lines=baseline_lines(training.evaluator), label="happiness",
            )  # fmt: skip

        self._foot.draw(window, chart, key, draw)
        rest = pygame.Rect(chart.right, area.top, area.width - chart.width, area.height)
        self._draw_sliders(window, rest.inflate(-2 * font_size, -font_size), font_size)

    def _draw_sliders(self, window: pygame.Surface, area: pygame.Rect, font_size: int) -> None:
        """Two columns of sliders; the one that is held stays where the mouse is."""
        sliders, width = self.sliders.current(), (area.width - 2 * font_size) // 2
        height = min(round(font_size * 3.3), area.height // 2)
        self._sliders = []
        for number, slider in enumerate(sliders):
            left = area.left + number % 2 * (width + 2 * font_size)
            place = pygame.Rect(left, area.top + number // 2 * height, width, height - font_size // 3)
            held = self._slider is not None and self._slider.name == slider.name
            shown = self._slider if held and self._slider is not None else slider
            draw_slider(window, place, shown, held)
            self._sliders.append((place, shown))
