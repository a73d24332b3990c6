"""The view of an agent in training, with sliders for its hyperparameters."""

import time
from collections.abc import Callable, Sequence

import gymnasium as gym
import pygame

from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.training import TrainingRun
from cookie_jar.envs.rendering.episode import EpisodeRunner
from cookie_jar.scripts.viewer import main_loop
from cookie_jar.scripts.viewer.control import Control
from cookie_jar.scripts.viewer.layout import NO_FOOTER
from cookie_jar.scripts.viewer.panel_text import make_panel
from cookie_jar.scripts.viewer.parts import Part
from cookie_jar.scripts.viewer.player import Player
from cookie_jar.scripts.viewer.player_view import PlayerView
from cookie_jar.scripts.viewer.replays import Learner, baseline_lines
from cookie_jar.scripts.viewer.sliders import DISLIKED, TrainingSliders, with_disliked
from cookie_jar.scripts.viewer.training_phases import TrainingPhases
from cookie_jar.scripts.viewer.training_returns import TrainingReturns
from cookie_jar.scripts.viewer.widgets.boxes import draw_card, draw_notice
from cookie_jar.scripts.viewer.widgets.chart import Series, draw_chart
from cookie_jar.scripts.viewer.widgets.panel import Panel
from cookie_jar.scripts.viewer.widgets.slider import Slider, draw_slider, width_of

SHOWN = {"values", "arrows", "trail", "panel"}
BUDGET = 0.012  # seconds of training between two frames
REFRESH = 0.15  # seconds between two updates of the overlays
FOOTER_HEIGHT = 8.5  # in em
SLIDERS = 0.5, 0.58  # of the width of the footer, at least and at most; the rest is for the curve
SLIDER = 3.2  # em of the height of a slider


def learn_in_window(training: TrainingRun, asked: Callable[[], bool], *, large: bool = False) -> None:
    """Train until the user closes the window; after the last step, the window stays open.

    Args:
        training: The run; the result is the same as without a window.
        asked: Function that returns whether the user has pressed Ctrl-C.
        large: Whether letters are large, for a projector.

    Raises:
        NotFiniteError: If a number is no longer finite.
        UsageError: If no window can be opened.
    """
    view = LiveView(training, asked)
    view.large = large
    main_loop.show(view, f"Cookie Jar: {training.folder.name} learns")


class LiveView(PlayerView):
    """The view of a training run: trains the agent between two frames, and shows its greedy policy.

    The controls are those of `PlayerView`, and a slider for each name in `sliders.current()`.

    Args:
        training: The training run.
        asked: Function that returns whether the user wants to stop.

    Attributes:
        sliders: The hyperparameters that can be changed.
        learner: The agent that is shown.
    """

    def __init__(self, training: TrainingRun, asked: Callable[[], bool] = lambda: False) -> None:
        self.training, self._asked = training, asked
        self.sliders = TrainingSliders(training.agent, training.target)
        env = training.agent.env
        assert env.spec is not None
        runner = EpisodeRunner(gym.make(env.spec, render_mode="rgb_array"))
        self.learner = Learner(training.agent, runner, training.folder.name, training.evaluator)
        super().__init__(Player([self.learner], 0, 1, SHOWN))
        self._phases = TrainingPhases(training.agent, training.target)
        self._returns, self._chart = TrainingReturns(training.target), Part()
        self._due, self._most, self._since = 0.0, 1_000.0, 0.0
        self._announced = False  # that training is complete
        self._dragged: Slider | None = None

    @property
    def done(self) -> bool:
        """Whether training is complete."""
        return self.training.agent.num_timesteps >= self.training.target

    def advance(self, seconds: float) -> None:
        """Advance the replay by some seconds, and train."""
        super().advance(seconds)
        self.learner.extend(max(0.0, self.player.head.time))
        self.closed |= self._asked()
        if self.closed or self.helping or self.player.head.paused:
            self._phases.advance(seconds, paused=True)
            return
        self._learn(seconds)
        self._phases.advance(seconds)
        self._since += seconds
        if self._since >= REFRESH:
            self._since = 0.0
            self.player.refresh()

    def _learn(self, seconds: float) -> None:
        """Train for the steps due after some seconds, within the time between two frames."""
        speed = self.sliders.speed
        self._due = min(self._due + speed * seconds, speed * 0.25 + 1, self._most)
        start, before = time.perf_counter(), self.training.agent.num_timesteps

        def stop() -> bool:
            nonlocal before
            agent = self.training.agent
            self._returns.add(agent.num_timesteps, agent.episode_returns)
            self._due -= agent.num_timesteps - before
            before = agent.num_timesteps
            return self._due < 1 or time.perf_counter() - start >= BUDGET

        if self._due >= 1:
            self.training.learn(stop, lambda now: max(1, int(self._due)))
        took = time.perf_counter() - start
        self._most = max(10.0, self._most * (0.7 if took > BUDGET else 1.2))
        if self.done and not self._announced:
            self._announced = True
            self.training.save()

    def _result(self) -> str:
        """Return what is said from the end of training on."""
        steps, folder = self.training.agent.num_timesteps, self.training.folder
        return f"Training is finished: {steps:,} steps. The run is saved in {folder}. Esc closes the window."

    def draw_contents(self, window: pygame.Surface, em: int) -> None:
        """Draw the parts of a replay; in a window without a footer, also the end of training."""
        super().draw_contents(window, em)
        if self.done and window.get_height() < NO_FOOTER * self.density:
            draw_notice(window, em, "Training is finished.")

    def footer_height(self) -> float:
        """Return the height of the footer in em."""
        rows = -(-len(self.sliders.current()) // 2)
        return max(FOOTER_HEIGHT, rows * (SLIDER + 0.5) + 0.5)

    def make_panel(self) -> Panel:
        """Return the contents of the panel, with the progress of training as title."""
        panel = make_panel(self.learner, *self.player.place_in(self.learner), self._phases)
        steps, target = self.learner.steps, self.training.target
        title = f"Finished: {steps:,} steps" if self.done else f"{steps:,} of {target:,} steps"
        return panel._replace(title=title)

    def draw_footer(self, window: pygame.Surface, area: pygame.Rect, em: int) -> None:
        """Draw the learning curve, and at its right the sliders; once training is finished, its result."""
        sliders = self.sliders.current()
        wanted = 2 * max(width_of(slider, round(SLIDER * em)) for slider in sliders) + 4 * em
        least, most = (round(share * area.width) for share in SLIDERS)
        chart = pygame.Rect(area.left, area.top, area.width - min(max(wanted, least), most), area.height)
        self._draw_chart(window, chart, em)
        rest = pygame.Rect(chart.right, area.top, area.width - chart.width, area.height)
        rest = rest.inflate(-2 * em, -em)
        if self.done:
            draw_card(window, rest, self._result(), em)
        else:
            self._draw_sliders(window, rest, sliders, em)

    def _draw_chart(self, window: pygame.Surface, area: pygame.Rect, em: int) -> None:
        training, (xs, ys) = self.training, self._returns.points()
        greedy = [score.mean_return for score in training.greedy]
        series = Series(training.steps, greedy, "greedy"), Series(xs, ys, "exploring")
        lines = baseline_lines(training.evaluator)
        label = "return" if self.learner.runner.world is None else "happiness"
        key = tuple(training.steps), tuple(greedy), tuple(ys), id(training.evaluator)

        def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
            inside = rect.inflate(-em, -em // 2)
            last = self.training.target
            draw_chart(surface, inside, series, lines=lines, label=label, em=em, last=last)

        self._chart.draw(window, area, key, draw)

    def _draw_sliders(
        self, window: pygame.Surface, area: pygame.Rect, sliders: Sequence[Slider], em: int
    ) -> None:
        """Draw two columns of sliders; a dragged slider stays under the mouse."""
        width = (area.width - 2 * em) // 2
        rows = -(-len(sliders) // 2)
        height = min(round(em * SLIDER), (area.height - (rows - 1) * em // 2) // rows)
        for number, slider in enumerate(sliders):
            left = area.left + number % 2 * (width + 2 * em)
            rect = pygame.Rect(left, area.top + number // 2 * (height + em // 2), width, height)
            held = self.held == slider.name
            if held and self._dragged is not None:
                slider = self._dragged
            draw_slider(window, rect, slider, held)
            self._add_slider(rect, slider)

    def _add_slider(self, rect: pygame.Rect, slider: Slider) -> None:
        def drag(x: int) -> None:
            self._dragged = slider.at(rect, x)
            self.sliders.apply(self._dragged)

        def release() -> None:
            if slider.name == DISLIKED and self._dragged is not None:
                self._change_disliked(self._dragged.value)

        groove = slider.groove(rect)
        place = pygame.Rect(rect.left, rect.top, groove.right + groove.left - 2 * rect.left, rect.height)
        control = Control(slider.name, place, drag, draggable=True, on_release=release, tip=slider.tip)
        self.add_control(control)

    def _change_disliked(self, value: float) -> None:
        """Change the happiness of a disliked cookie, in training and in evaluations."""
        agent, learner = self.training.agent, self.learner
        agent.env = with_disliked(agent.env, value)
        self.training.evaluator = learner.evaluator = Evaluator(agent.env)
        learner.runner = EpisodeRunner(with_disliked(agent.env, value, "rgb_array"))
        self.player.start(self.player.seed)
