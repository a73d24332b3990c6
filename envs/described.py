"""What an environment tells about itself: its numbered episodes, its exact model and its observations."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from .arrays import Floats, Ints, TabularModel, Transitions, frozen, transition_lists
from .dynamics import ARRANGEMENTS, CLOSED, State
from .errors import OptionError, UnknownAttributeError
from .jar_pictures import JarPictures, check_picture_numbers, filled, unseen_pictures
from .levels import TEST_LEVELS, VALIDATION_LEVELS, unseen
from .observation_masks import Masks, observation_masks
from .observations import Observation, StateFeatures, shared_state_features
from .picture_observation import PicturesObservation, observe_states
from .tabular import World

ONLY = frozen(np.zeros(1, np.int64))  # the index of the one environment among the jars


class Described:
    """The attributes of a `CookieJarEnv` that do not depend on Gymnasium.

    Attributes:
        world: The tables of the current kitchen.
    """

    world: World
    _levels: tuple[int, int] | None
    _pictures: tuple[int, int] | None
    _jar: JarPictures | None
    _observation: Observation | PicturesObservation  # of the current kitchen only

    @property
    def levels(self) -> tuple[int, int] | None:
        """The first and the last of the numbered levels that episodes are drawn from, or None."""
        return self._levels

    @property
    def validation_levels(self) -> tuple[int, int] | None:
        """The first and the last of the validation levels, or None if training may see some of them."""
        return unseen(VALIDATION_LEVELS, self._levels)

    @property
    def test_levels(self) -> tuple[int, int] | None:
        """The first and the last of the levels to test on, or None if training may see some of them."""
        return unseen(TEST_LEVELS, self._levels)

    @property
    def pictures(self) -> tuple[int, int] | None:
        """The first and the last of the numbered pictures that episodes are drawn from, or None."""
        return self._pictures

    @property
    def test_pictures(self) -> tuple[int, int] | None:
        """The first and the last of the pictures to test on, or None if training may see some of them."""
        return unseen_pictures(self._pictures)

    @property
    def picture_numbers(self) -> tuple[int, ...] | None:
        """The numbers of the pictures at left, middle and right in this episode; None without pictures."""
        return None if self._jar is None else tuple(self._jar.numbers[0].tolist())

    @property
    def jar_pictures(self) -> list[np.ndarray[Any, np.dtype[np.uint8]] | None] | None:
        """The pictures that can be seen, uint8 [32, 32, 3] at left, middle and right; None where eaten.

        None while the jar is closed, and without pictures.
        """
        state = None if self._jar is None else self.get_state()
        if self._jar is None or state is None or state.jar == CLOSED:
            return None
        drawn = self._jar.pictures(ONLY, np.array([state.arrangement]))[0]
        there = filled(np.array([state.jar]))[0]
        return [picture if seen else None for picture, seen in zip(drawn, there, strict=True)]

    @property
    def tabular_model(self) -> TabularModel:
        """The exact model, with the rewards that `step` returns.

        Not available for several levels, nor with pictures, because these do not determine the state.
        """
        self._refuse_table()
        return self.world.tabular_model

    @property
    def unshaped_model(self) -> TabularModel:
        """The exact model with happiness as reward, without hints; evaluations use this model."""
        return self.tabular_model._replace(reward=self.world.unshaped_model.reward)

    @property
    def initial_state_distrib(self) -> Floats:
        """The distribution of the first state [S], as in Gymnasium's toy_text."""
        return self.tabular_model.start

    @cached_property
    def P(self) -> Transitions:  # noqa: N802
        """`P[s][a] = [(probability, next_state, reward, terminated), ...]`, as in Gymnasium's toy_text."""
        return transition_lists(self.tabular_model)

    @property
    def state_observations(self) -> np.ndarray[Any, np.dtype[Any]]:
        """The observation of each state of the tabular model [S, ...]; available where the model is."""
        self._refuse_table()
        features = shared_state_features(self.world)
        observed: np.ndarray[Any, np.dtype[Any]] = observe_states(
            self._observation, features, None, features.number
        )
        return observed

    @property
    def observation_masks(self) -> Masks:
        """The function from observations [n, ...] to action masks, int8 [n, A]; see `info["action_mask"]`.

        Not available for pixels and pictures, nor for factors of several levels, which do not show the walls.
        """
        many = self._levels is not None and self._levels[0] != self._levels[1]
        return observation_masks(self._observation, self.world, many)

    def observe(self, states: Ints) -> Any:
        """Return the observations [n, ...] of states of the current kitchen, given by their numbers [n].

        Pictures are those of the running episode: the same numbers, drawn as the cookies of each state.

        Raises:
            StateError: If a number is not that of a state.
        """
        features = self._features(self.world.checked_numbers(states))
        if self._jar is None:
            return observe_states(self._observation, features, None, features.number)
        jars = JarPictures(len(ARRANGEMENTS), (0, 0))  # one for each arrangement
        jars.choose(np.arange(len(ARRANGEMENTS)), self._jar.numbers[0])
        return observe_states(self._observation, features, jars, features.arrangement)

    def get_state(self) -> State:
        """Return the current state."""
        raise NotImplementedError

    def _features(self, states: Ints) -> StateFeatures:
        """Return the features of states of the current kitchen, given by their numbers [n]."""
        return StateFeatures(*(part[states] for part in shared_state_features(self.world)))

    def _set_pictures(self, numbers: Sequence[int] | None) -> None:
        """Replace the pictures of the episode, if numbers are given."""
        if numbers is None:
            return
        if self._jar is None:
            raise OptionError("pictures: expected none, because the observation has no pictures")
        self._jar.choose(ONLY, check_picture_numbers(numbers, 1))

    def _refuse_table(self) -> None:
        if self._jar is not None:
            instead = "make the environment with observation='state' for the model of the same kitchen"
            raise UnknownAttributeError(f"pictures do not tell the state, which a table needs; {instead}")
        if self._levels is not None and self._levels[0] != self._levels[1]:
            raise UnknownAttributeError("several levels have no tabular model in common")
