"""An agent that learns from labelled pictures, and picks by its belief about their arrangement."""

from collections.abc import Callable
from typing import Annotated, Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .errors import AgentError
from .hyperparameters import Whole
from .losses import log_softmax
from .picture_agent import Array, Floats, PictureAgent
from .ranking import KINDS, place_beliefs

Draw = Callable[[np.random.Generator], tuple[NDArray[np.uint8], int]]


class LabelLearner(PictureAgent):
    """Learns the kinds of single pictures from labels, and picks the place that most probably is liked.

    A step of learning is one labelled picture; the environment is not stepped. The network, its training and
    the pictures kept are those of the taster.

    Args:
        env: A Gymnasium environment with three places, in which the three kinds lie in a random order.
        liked: The kind that is liked.
        draw: Takes a random number generator, and returns a picture and its kind; None for an agent that
            only acts.
        **options: See `PictureAgent`.
    """

    n_classes = KINDS

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        liked: Annotated[int, Whole(0, KINDS - 1)] = 1,
        draw: Draw | None = None,
        **options: Any,
    ) -> None:
        super().__init__(env, **options)
        if self.places != KINDS:
            raise AgentError(f"expected pictures at {KINDS} places, got {self.places}")
        self.liked, self.draw = self.checked("liked", liked), draw

    def scores(self, strips: Array) -> Floats:
        """Return the probability that each place holds the liked kind [n, 3]; -inf where empty."""
        logits, filled = self.place_logits(strips)
        return np.where(filled, place_beliefs(log_softmax(logits), self.liked, ~filled), -np.inf)

    def learn_steps(self, steps: int) -> None:
        """Train for `steps` more pictures."""
        if self.draw is None:
            raise AgentError("expected labelled pictures to learn from: give `draw`")
        for _ in range(steps):
            picture, kind = self.draw(self.rng)
            self.learn_picture(picture, kind)
            self.num_timesteps += 1
