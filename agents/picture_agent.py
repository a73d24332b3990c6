"""The base of agents that pick one of several pictures, and learn what each picture is."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, NoReturn

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .base import Agent
from .checks import discrete
from .classifier import initial_weights
from .classifiers import MAX_FILTERS, ConvClassifier
from .errors import AgentError, MemoryFileError
from .hyperparameters import MAX_SEED, Interval, LayerSizes, Whole
from .preprocessing import PictureInputs
from .strips import FRAME, filled_places, place_pictures, strip_places
from .trainer import Trainer, one_thread

MAX_KEPT = 20_000  # pictures; a file can hold them
CHUNK = 256  # pictures per forward pass
PICTURES, LABELS = "kept.pictures", "kept.labels"

Array = NDArray[Any]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class PictureAgent(Agent):
    """An agent that sees a picture at each of several places, and picks a place.

    The network of `ConvClassifier` learns the class of single pictures. After each new picture whose class is
    known, it is trained on random batches of all pictures kept.

    Args:
        env: A Gymnasium environment whose observations are strips (see `strips`) and whose actions are the
            places, or its id.
        learning_rate: Step size of gradient descent.
        gradient_steps: Gradient steps after each picture.
        batch_size: Number of pictures per gradient step.
        memory_size: Maximum number of pictures to keep; then the oldest are replaced.
        exploration_eps: Probability of a random pick while learning.
        filters: Filters of the first and of the second convolution.
        seed: Seed of the agent's random number generator, which also seeds the environment once.

    Attributes:
        places: The number of places.
    """

    n_classes: ClassVar[int]

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        learning_rate: Annotated[float, Interval(0, 1e30)] = 0.003,
        gradient_steps: Annotated[int, Whole(1, 1_000)] = 4,
        batch_size: Annotated[int, Whole(1, 4_096)] = 32,
        memory_size: Annotated[int, Whole(1, MAX_KEPT)] = 2_000,
        exploration_eps: Annotated[float, Interval(0, 1)] = 0.0,
        filters: Annotated[Sequence[int], LayerSizes(MAX_FILTERS, 2, least=2)] = (8, 16),
        seed: Annotated[int | None, Whole(0, MAX_SEED)] = None,
    ) -> None:
        super().__init__(env, seed=seed)
        self.learning_rate = self.checked("learning_rate", learning_rate)
        self.gradient_steps = self.checked("gradient_steps", gradient_steps)
        self.batch_size = self.checked("batch_size", batch_size)
        self.memory_size = self.checked("memory_size", memory_size)
        self.exploration_eps = self.checked("exploration_eps", exploration_eps)
        self.filters = tuple(self.checked("filters", filters))
        self._fix("filters")
        self.places = strip_places(self.observation_space)
        if self.action_space.n != self.places:
            raise AgentError(
                f"expected an action for each of {self.places} places, got {self.action_space.n}"
            )
        shape = _picture_shape(self.observation_space)
        template = ConvClassifier(filters=self.filters, batch_size=self.batch_size, decay=0.0)
        shapes = template.array_shapes(shape, self.n_classes, template.settings())
        chain = template.chain(initial_weights(self.rng, shapes, np.float32))
        self._inputs = PictureInputs(shape, np.float32)
        self._trainer = Trainer(chain, template.settings(), self.gradient_steps * self.batch_size, self.rng)
        self._pictures = np.empty((0, *shape), np.uint8)
        self._labels = np.empty(0, np.int64)

    def __init_subclass__(cls) -> None:
        """Derive the hyperparameters of a subclass: there is no discount factor."""
        super().__init_subclass__(without=("gamma",))

    @abstractmethod
    def scores(self, strips: Array) -> Floats:
        """Return the score of each place [n, places] for strips; the highest is picked. Empty: -inf."""

    @property
    def policy(self) -> NoReturn:
        """Raise an error: pictures have no state numbers.

        Raises:
            AgentError: Always.
        """
        raise AgentError(f"expected a Discrete observation space, got {self.observation_space}")

    @property
    def kept(self) -> int:
        """The number of pictures that the agent keeps to learn from."""
        return len(self._labels)

    @classmethod
    def array_shapes(cls, env: gym.Env[Any, Any], settings: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the weights."""
        strip_places(env.observation_space), discrete(env.action_space, "action")
        template = ConvClassifier(filters=settings["filters"])
        return template.array_shapes(
            _picture_shape(env.observation_space), cls.n_classes, template.settings()
        )

    def arrays(self) -> dict[str, Array]:
        """Return the weights of the network by name."""
        return {name: parameter.value for name, parameter in self._trainer.parameters.items()}

    def optimizer_state(self) -> dict[str, Array]:
        """Return the state of the optimizer, and the pictures kept with their labels."""
        return self._trainer.optimizer.state | {PICTURES: self._pictures, LABELS: self._labels}

    def restore(self, path: Path, arrays: dict[str, Array]) -> None:
        """Replace the weights, the state of the optimizer, and the pictures kept."""
        pictures, labels = arrays.get(PICTURES), arrays.get(LABELS)
        fits = (
            pictures is not None
            and labels is not None
            and pictures.dtype == np.uint8
            and labels.dtype == np.int64
            and pictures.shape == (len(labels), *self._inputs.shape)
            and labels.shape == (min(len(labels), self.memory_size),)
            and ((labels >= 0) & (labels < self.n_classes)).all()
        )
        if not fits or pictures is None or labels is None:
            raise MemoryFileError(f"{path}: expected the pictures that the agent keeps, with their labels")
        before = self._pictures, self._labels
        self._pictures, self._labels = pictures.copy(), labels.copy()
        try:
            super().restore(path, arrays)
        except AgentError:
            self._pictures, self._labels = before
            raise

    def logits(self, pictures: Array) -> Floats:
        """Return the logit of each class [n, K] for single pictures, uint8 [n, side, side, 3]."""
        parts = (pictures[start : start + CHUNK] for start in range(0, len(pictures), CHUNK))
        with one_thread():
            found = [self._trainer.chain.forward(self._inputs.encode(part)) for part in parts]
        return np.concatenate([np.empty((0, self.n_classes)), *found])

    def place_logits(self, strips: Array) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the logits at each place [n, places, K], 0 where empty, and whether it is filled."""
        pictures = place_pictures(strips)
        filled = filled_places(pictures)
        logits = np.zeros((*filled.shape, self.n_classes))
        logits[filled] = self.logits(pictures[filled])
        return logits, filled

    def best(self, observations: Array) -> Ints:
        """Return the places with the highest score [n]."""
        best: Ints = self.scores(observations).argmax(axis=1)
        return best

    def sample(self, observations: Array) -> Ints:
        """Return the best places [n], or with probability `exploration_eps` a random place that is filled."""
        explores = self.rng.random(len(observations)) < self.exploration_eps
        draws = self.rng.random((len(observations), self.places))
        draws[~filled_places(place_pictures(observations))] = -1
        return np.where(explores, draws.argmax(axis=1), self.best(observations))

    def learn_picture(self, picture: Array, label: int) -> None:
        """Keep a picture whose class is known, and train on random batches of all pictures kept."""
        room = self.memory_size - 1
        self._pictures = np.concatenate(
            [self._pictures[-room:] if room else self._pictures[:0], picture[None]]
        )
        self._labels = np.append(self._labels[-room:] if room else self._labels[:0], label)
        drawn = self.rng.integers(len(self._labels), size=self.gradient_steps * self.batch_size)
        changeable = {"learning_rate": self.learning_rate, "batch_size": self.batch_size}
        self._trainer.restart({**self._trainer.settings, **changeable}, len(drawn), self.rng)
        self._trainer.train(
            lambda chosen: self._inputs.encode(self._pictures[drawn[chosen]]),
            self._labels[drawn],
            self.gradient_steps,
        )


def _picture_shape(space: gym.Space[Any]) -> tuple[int, int, int]:
    """Return the shape of the picture at a place of a strip."""
    assert space.shape is not None
    side = space.shape[0] - 2 * FRAME
    return side, side, 3
