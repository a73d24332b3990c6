"""The observation of a jar whose cookies can only be seen: factors and pictures."""

from typing import Any, Self

import numpy as np
from gymnasium.spaces import Box, Dict, MultiDiscrete, Space

from .arrays import Ints
from .cookies.strip import STRIP
from .dynamics import CLOSED
from .jar_pictures import JarPictures
from .kitchen import Kitchen
from .observations import FactorsObservation, Observation, StateFeatures


class PicturesObservation:
    """The pictures in the jar, and the factors without the arrangement, which only the pictures show.

    The space is a `Dict`. "factors", a `MultiDiscrete`, has the child's place, the chair's place (the last
    value means carried), standing and jar; "jar" is a `Box(0, 255, [36, 108, 3], uint8)`, see
    `cookies.strip`. In the jar alone, the space is that `Box`.

    Args:
        kitchen: The kitchen, or one of several of the same size.
        jar_alone: As in `make_config`.
    """

    def __init__(self, kitchen: Kitchen, jar_alone: bool) -> None:
        self._factors = None if jar_alone else FactorsObservation(kitchen, 1)
        strip = Box(0, 255, STRIP, np.uint8)
        self.space: Space[Any] = strip
        if self._factors is not None:
            places, chairs, standing = self._factors.space.nvec[:3].tolist()
            factors = MultiDiscrete([places, chairs, standing, CLOSED + 1])
            self.space = Dict({"factors": factors, "jar": strip})

    def add(self, kitchen: Kitchen) -> None:
        """Do nothing: neither factors nor pictures need a map."""

    def for_kitchen(self, kitchen: Kitchen) -> Self:
        """Return this observation, which is the same for all kitchens."""
        return self

    def observe(self, features: StateFeatures, jars: JarPictures, indices: Ints) -> Any:
        """Return the observations of n states as new arrays [n, ...].

        Args:
            features: The features of the states.
            jars: The pictures of the cookies.
            indices: The environment that is in each state [n].
        """
        strips = jars.strips(indices, features.jar, features.arrangement)
        if self._factors is None:
            return strips
        return {"factors": self._factors.observe(features)[:, :-1], "jar": strips}


def observe_states(
    observation: Observation | PicturesObservation,
    features: StateFeatures,
    jars: JarPictures | None,
    indices: Ints,
) -> Any:
    """Return the observations of n states [n, ...], in environments [n] whose jars show pictures, if any."""
    if isinstance(observation, PicturesObservation):
        assert jars is not None
        return observation.observe(features, jars, indices)
    return observation.observe(features)


def separated(observed: Any) -> Any:
    """Return the n observations of a batch [n, ...], to iterate over."""
    if not isinstance(observed, dict):
        return observed
    return [dict(zip(observed, parts, strict=True)) for parts in zip(*observed.values(), strict=True)]
