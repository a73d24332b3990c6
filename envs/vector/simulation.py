"""Many environments that step together: states, time limits and random numbers, without Gymnasium's API."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..arrays import Bools, Floats, Ints
from ..config import EnvConfig
from ..dynamics import NO_EVENT, Event, State
from ..errors import OptionError, StateError, shown
from ..jar_pictures import PLACES, JarPictures, check_picture_numbers
from ..kitchen import Kitchen
from ..observations import Observation, StateFeatures
from ..picture_observation import PicturesObservation, observe_states
from ..tabular import compile_world
from .checks import check_integers
from .resets import InitialStates
from .rng import VectorRng
from .tables import ACTION_BITS, EVENT_MASK, ROW_BITS, ROW_MASK, PackedTables, outcome_slices

YUM = Event.YUM.value  # a plain int: NumPy is slow with others
NO_DEADLINE = np.iinfo(np.int64).max


class Results(NamedTuple):
    """The results of a step of n environments, arrays [n].

    Attributes:
        reward: With hints, if they are on.
        happiness: The reward without hints.
        terminated: Whether the episode has ended.
        truncated: Whether the time limit is reached.
        event_id: The number of the `Event`, `NO_EVENT` at the start of an episode.
    """

    reward: Floats
    happiness: Floats
    terminated: Bools
    truncated: Bools
    event_id: Ints


AT_START = (0.0, 0.0, False, False, NO_EVENT)  # instead of results


class Simulation:
    """Steps n environments: each step is one gather in the packed tables.

    Args:
        number: The number n of environments.
        config: The options of the one kitchen, or of the first level.
        levels: The first and the last level to draw from, or None for one kitchen.
        observation: The observation, which kitchens are added to.
        limit: The number of steps after which an episode is truncated; None for no limit.
        reuse: Whether `step` reuses its arrays of rewards and flags.
        pictures: The first and the last picture to draw from, or None without pictures.

    Attributes:
        rows: The row of each environment in the tables, int64 [n]; -1 before the first start.
        all: The indices of all environments.
        ended: The environments whose episode ended with the last step.
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
        chance = world.tabular_model.probability[0]  # the same in every state
        self._config, self._limit = config, limit
        self._slices = None if chance.shape[1] == 1 else outcome_slices(chance)
        self.tables = PackedTables(chance.shape[1], len(world.actions))
        self._observation = observation
        self.jars = None if pictures is None else JarPictures(number, pictures)
        self._initial_states = InitialStates(config, levels, self.tables, observation)
        random = self._initial_states.random or self._slices is not None or self.jars is not None
        self._rng = VectorRng(number) if random else None
        self.all = np.arange(number)
        self._clock = 0  # steps since the environments were made
        self.rows = np.full(number, -1, np.int64)
        self._deadline = np.full(number, NO_DEADLINE)  # the clock at the time limit
        self.ended = np.zeros(0, np.int64)
        self._index, self._outcome, self._result = (np.empty(number, np.int64) for _ in range(3))
        reused = (np.empty(number, kind) for kind in (np.int64, np.float64, np.bool_, np.bool_))
        self._buffers: Any = tuple(reused) if reuse else (None, None, None, None)

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
        self.ended = np.setdiff1d(self.ended, indices)

    def reset_ended(self) -> None:
        """Start episodes in the environments whose episode ended with the last step."""
        self._start(self.ended, None)
        self.ended = np.zeros(0, np.int64)

    def _start(self, indices: Ints, rows: Ints | None) -> None:
        self.rows[indices] = self._initial_states.draw(indices, self._rng) if rows is None else rows
        if self.jars is not None:
            assert self._rng is not None
            self.jars.start(indices, np.stack([self._rng.draw(indices) for _ in range(PLACES)], axis=1))
        self._deadline[indices] = NO_DEADLINE if self._limit is None else self._clock + self._limit

    def step(self, actions: Ints) -> Results:
        """Take an action in each environment; those in `ended` start an episode instead."""
        resets = self.ended
        self._clock += 1
        self._look_up(actions)
        results = self._results()
        if len(resets):
            self._start(resets, None)
            for part, at_start in zip(results, AT_START, strict=True):
                part[resets] = at_start
        (self.ended,) = (results.terminated | results.truncated).nonzero()
        return results

    def _look_up(self, actions: Ints) -> None:
        """Look up the packed outcome of each action and the next rows."""
        index, outcome = self._index, self._outcome
        np.left_shift(self.rows, ACTION_BITS, index)
        np.bitwise_or(index, actions, index)
        if self._slices is not None:
            np.left_shift(index, self.tables.outcome_bits, index)
            acting = self.all if not len(self.ended) else np.setdiff1d(self.all, self.ended)
            index[acting] |= self._draw_outcomes(actions[acting], acting)
        self.tables.table.take(index, None, outcome, "clip")
        np.bitwise_and(outcome, ROW_MASK, self.rows)

    def _draw_outcomes(self, actions: Ints, acting: Ints) -> Ints:
        """Draw the outcome k of each action with one random number each."""
        assert self._rng is not None
        assert self._slices is not None
        random = self._rng.draw(acting)
        chosen: Ints = (random[:, None] >= self._slices[actions]).sum(axis=1)
        return chosen

    def _results(self) -> Results:
        """Unpack the results of the last outcomes."""
        event_id, reward, terminated, truncated = self._buffers
        result, tables = self._result, self.tables.rewards
        np.right_shift(self._outcome, ROW_BITS, result)
        event_id = np.bitwise_and(result, EVENT_MASK, event_id)
        reward = tables.reward.take(result, None, reward, "clip")
        happiness = tables.happiness.take(result, None, None, "clip") if self._config.hints else reward.copy()
        terminated = np.equal(event_id, YUM, terminated)
        truncated = np.equal(self._deadline, self._clock, truncated)
        return Results(reward, happiness, terminated, truncated, event_id)

    def observe(self, indices: Ints) -> Any:
        """Return the observations of some environments [n, ...]."""
        rows = self.rows if indices is self.all else self.rows[indices]
        features = StateFeatures(*(part.take(rows, mode="clip") for part in self.tables.features))
        return observe_states(self._observation, features, self.jars, indices)

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
        pictures = {} if self.jars is None else {"pictures": self.jars.numbers.tolist()}
        return {
            "levels": levels,
            "states": states,
            "acts_left": None if self._limit is None else (self._deadline - self._clock).tolist(),
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
        self.rows, self.ended, self._rng = rows, ended, rng
        if self._limit is not None:
            self._deadline = self._clock + left

    def _checked_pictures(self, numbers: Any) -> Ints:
        """Return the numbers of the pictures of a saved state [n, 3]."""
        try:
            checked = check_picture_numbers(numbers, len(self.rows))
        except OptionError as error:
            raise StateError(str(error)) from None
        if checked.ndim != 2:
            raise StateError(f"pictures: expected three numbers for each environment, got {shown(numbers)}")
        return checked
