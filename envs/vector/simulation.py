"""Many environments that step together: episodes and random numbers, without Gymnasium's API."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..arrays import Ints
from ..config import EnvConfig
from ..dynamics import State
from ..errors import OptionError, StateError, shown
from ..jar_pictures import PLACES, JarPictures, check_picture_numbers
from ..kitchen import Kitchen
from ..observations import Observation, observation_table
from ..picture_observation import PicturesObservation, observe_states
from ..tabular import compile_world
from .checks import check_integers
from .memory import array_maker
from .resets import InitialStates
from .rng import VectorRng
from .stepper import Results, Stepper
from .tables import PackedTables, outcome_slices

StepFunction = Callable[[Ints], Results | None]


class Simulation:
    """Steps n environments and starts their episodes.

    Args:
        number: The number n of environments.
        config: The options of the one kitchen, or of the first level.
        levels: The first and the last level to draw from, or None for one kitchen.
        observation: The observation, which kitchens are added to.
        limit: The number of steps after which an episode is truncated; None for no limit.
        reuse: Whether `step` reuses its arrays of rows, rewards, flags and events.
        pictures: The first and the last picture to draw from, or None without pictures.

    Attributes:
        all: The indices of all environments.
        started: Whether all environments have been started.
        step: Takes an action in each environment, see `Stepper.step`; those in `ended` start an episode.
        tables: The packed tables of the worlds.
        jars: The pictures of the cookies, or None without pictures.
    """

    def __init__(
        self,
        number: int,
        config: EnvConfig,
        levels: tuple[int, int] | None,
        observation: Observation | PicturesObservation,
        limit: int | None,
        reuse: bool,
        pictures: tuple[int, int] | None = None,
    ) -> None:
        world = compile_world(config)
        slices = None if world.chance.shape[1] == 1 else outcome_slices(world.chance)
        self._config, self._limit, self._observation = config, limit, observation
        self.tables, self.all = PackedTables(world), np.arange(number)
        self.jars = None if pictures is None else JarPictures(number, pictures)
        self._initial_states = InitialStates(config, levels, self.tables, observation)
        draws_starts = self._initial_states.random or self.jars is not None
        self._rng = VectorRng(number) if draws_starts or slices is not None else None
        self._stepper = Stepper(number, self.tables, slices, self._rng, limit, reuse)
        self.started = False
        self.step: StepFunction = self._step_and_start if draws_starts else self._stepper.step
        self._observed = None
        if levels is None and not isinstance(observation, PicturesObservation):
            self._observed = observation_table(observation, world)
        if self._observed is not None:
            self._new_observed = array_maker((number, *self._observed.shape[1:]), self._observed.dtype)

    @property
    def rows(self) -> Ints:
        """The row of each environment in the tables, int64 [n]; -1 before the first start."""
        return self._stepper.rows

    @property
    def any_ended(self) -> bool:
        """Whether the last step has ended an episode."""
        return self._stepper.ended > 0

    @property
    def ended(self) -> Ints:
        """The environments whose episode ended with the last step."""
        return np.flatnonzero(self._stepper.over)

    def reset(
        self,
        indices: Ints,
        seeds: Sequence[int | None],
        rows: Ints | None,
        pictures: Ints | None = None,
    ) -> None:
        """Start episodes in some environments.

        Args:
            indices: The environments [n].
            seeds: A seed for each; None leaves a seeded environment's generator as it is.
            rows: The first rows [n], or None to draw them at random.
            pictures: The numbers of the pictures [n, 3], or None to draw them at random.
        """
        if self._rng is not None:
            self._rng.seed(indices, seeds)
        self._start(indices, rows)
        if self.jars is not None and pictures is not None:
            self.jars.choose(indices, pictures)
        self._stepper.end(self._stepper.over & ~np.isin(self.all, indices))
        self.started = True

    def reset_ended(self, ended: Ints) -> None:
        """Start episodes in the environments whose episode ended with the last step, `ended`."""
        self._start(ended, None)
        self._stepper.over[ended], self._stepper.ended = False, 0

    def _start(self, indices: Ints, rows: Ints | None) -> None:
        if rows is None:
            rows = self._initial_states.draw(indices, self._rng)
        self._stepper.start(indices, rows)
        if self.jars is not None:
            assert self._rng is not None
            self.jars.start(indices, np.stack([self._rng.draw(indices) for _ in range(PLACES)], axis=1))

    def _step_and_start(self, actions: Ints) -> Results | None:
        """Step, and start episodes in the environments that were in `ended`."""
        if not self._stepper.ended:
            return self._stepper.step(actions)
        resets, results = self.ended, self._stepper.step(actions)
        if results is not None:
            self._start(resets, None)
            results[0][resets] = self.rows[resets]
        return results

    def observe(self, indices: Ints) -> Any:
        """Return the observations of some environments [n, ...]."""
        rows = self.rows if indices is self.all else self.rows[indices]
        if self._observed is None:
            return observe_states(self._observation, self.tables.features(rows), self.jars, indices)
        if indices is self.all:
            return self._observed.take(rows, 0, self._new_observed(), "clip")
        return self._observed.take(rows, 0)

    def states(self) -> list[tuple[Kitchen, State]]:
        """Return the kitchen and the state of each environment."""
        worlds, numbers = self.tables.locate(self.rows)
        kitchens = [self._initial_states.kitchens[world] for world in worlds.tolist()]
        return [
            (kitchen, compile_world(self._config._replace(kitchen=kitchen)).state(number))
            for kitchen, number in zip(kitchens, numbers.tolist(), strict=True)
        ]

    def get_state(self) -> dict[str, Any]:
        """Return the state of all environments as plain values, for `set_state`."""
        levels, states = self._initial_states.locate(self.rows)
        stepper = self._stepper
        pictures = {} if self.jars is None else {"pictures": self.jars.numbers.tolist()}
        return {
            "levels": levels,
            "states": states,
            "acts_left": None if self._limit is None else (stepper.deadline - stepper.clock).tolist(),
            "ended": self.ended.tolist(),
            "random": None if self._rng is None else self._rng.get_state(),
            **pictures,
        }

    def set_state(self, state: Any, may_have_ended: bool = True) -> None:
        """Restore the state that `get_state` returned.

        Args:
            state: The state.
            may_have_ended: Whether episodes may have ended without a reset.

        Raises:
            StateError: If the state is not from the same number of environments with the same options. Then
                nothing has changed.
        """
        pictures = () if self.jars is None else ("pictures",)
        number, keys = len(self.rows), ("levels", "states", "acts_left", "ended", "random", *pictures)
        if not isinstance(state, dict) or set(state) != set(keys):
            raise StateError(f"expected a dict with the keys {', '.join(keys)}; got {shown(state)}")
        for key, absent in (("random", self._rng is None), ("acts_left", self._limit is None)):
            if (state[key] is None) != absent:
                raise StateError(f"{key}: expected {'None' if absent else 'a list'} with these options")
        ended = check_integers("ended", state["ended"], 0, number - 1 if may_have_ended else -1)
        left = np.ones(number, np.int64)
        if self._limit is not None:
            left = check_integers("acts_left", state["acts_left"], 0, self._limit)
        if len(left) != number or (np.diff(ended) <= 0).any() or np.delete(left, ended).min(initial=1) < 1:
            expected = f"{number} acts_left, positive unless the episode has ended"
            raise StateError(f"expected {expected}; got {shown(state)}")
        rows = self._initial_states.rows(state["levels"], state["states"])
        if len(rows) != number:
            raise StateError(f"states: expected {number} of them, got {len(rows)}")
        rng = None if self._rng is None else self._rng.restored(state["random"])
        if self.jars is not None:
            self.jars.choose(self.all, self._checked_pictures(state["pictures"]))
        if self._rng is not None and rng is not None:
            self._rng.assign(rng)
        self._stepper.start(self.all, rows)
        if self._limit is not None:
            self._stepper.deadline[:] = self._stepper.clock + left
        self._stepper.end(np.isin(self.all, ended))
        self.started = True

    def _checked_pictures(self, numbers: Any) -> Ints:
        """Return the numbers of the pictures of a saved state [n, 3]."""
        try:
            checked = check_picture_numbers(numbers, len(self.rows))
        except OptionError as error:
            raise StateError(str(error)) from None
        if checked.ndim != 2:
            raise StateError(f"pictures: expected three numbers for each environment, got {shown(numbers)}")
        return checked
