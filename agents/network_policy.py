"""The base of agents that act with the action probabilities of a network."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import losses
from .base import Agent
from .encoding import Inputs
from .errors import AgentError
from .masks import ActionMasks, Bools, masked_logits
from .model import state_observations
from .network import Network

CHUNK = 4_096  # observations per forward pass
PICTURES = 256  # pictures per forward pass

Array = NDArray[Any]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def likelihoods(logits: Array) -> Array:
    """Return numbers [n, A] proportional to the softmax of logits [n, A]."""
    columns: Array = logits.T.copy()  # operations on [A, n], whose rows are longer, take less time
    columns -= columns.max(axis=0)
    np.exp(columns, out=columns)
    return columns.T.copy()


def sample_actions(likelihoods: Array, rng: np.random.Generator) -> Ints:
    """Return actions [n], each drawn with probabilities proportional to a row of [n, A]."""
    ends = likelihoods.T.copy()  # [A, n]
    np.add.accumulate(ends, axis=0, out=ends)
    draws = rng.random(ends.shape[1]) * ends[-1]
    actions: Ints = np.add.reduce(draws >= ends[:-1], axis=0, dtype=np.int64)
    return actions


class NetworkPolicy(Agent):
    """An agent with a policy and values from a network; subclasses learn the weights.

    Attributes:
        inputs: The encoder of observations.
        network: The policy and the values.
        masks: The actions that the policy may take, or None if it may take all.
    """

    inputs: Inputs
    network: Network
    masks: ActionMasks | None = None

    @property
    def can_count_states(self) -> bool:
        """Whether the observation in each state of the environment is known."""
        return self.inputs.is_state or state_observations(self.env) is not None

    def states(self) -> Array:
        """Return the observation in each state [S, ...].

        Raises:
            AgentError: If the environment has no enumerable states.
        """
        observations = state_observations(self.env)
        if observations is None and self.inputs.is_state:
            observations = np.arange(self.inputs.rows)
        if observations is None:
            raise AgentError(f"expected an environment with enumerable states, got {self.env}")
        return observations

    @property
    def policy(self) -> Ints:
        """The most likely action in each state, int64 [S]; the first if there are several."""
        return self.best(self.states())

    def best(self, observations: Array) -> Ints:
        """Return the most likely actions [n] for observations [n, ...]."""
        logits = self.evaluate_network(observations)[0]
        best: Ints = masked_logits(logits, self.allowed(observations)).argmax(axis=1)
        return best

    def sample(self, observations: Array) -> Ints:
        """Sample actions [n] from the policy, for observations [n, ...]."""
        if self.inputs.scaled:  # many environments see the same picture
            distinct, index = self.inputs.distinct(observations)
            logits = self.network.logits(self.inputs.encode(distinct))[index]
        else:
            logits = self.network.logits(self.inputs.encode(observations))
        return sample_actions(likelihoods(masked_logits(logits, self.allowed(observations))), self.rng)

    def allowed(self, observations: Array) -> Bools | None:
        """Return whether the policy may take each action [n, A]; None if it may take all."""
        return None if self.masks is None else self.masks(observations)

    def probabilities(self, observations: Array) -> Floats:
        """Return the probability of each action [n, A] for observations [n, ...]."""
        logits = self.evaluate_network(observations)[0].astype(np.float64)
        probabilities: Floats = np.exp(losses.log_softmax(masked_logits(logits, self.allowed(observations))))
        return probabilities

    def values(self, observations: Array) -> Floats:
        """Return the expected discounted returns [n] from observations [n, ...]."""
        return self.evaluate_network(observations)[1]

    def evaluate_network(self, observations: Array) -> tuple[Array, Floats]:
        """Return the logits [n, A], without masks, and the values [n] for observations [n, ...]."""
        number = max(1, -(-len(observations) // (PICTURES if self.inputs.scaled else CHUNK)))
        parts = [self.network.forward(self.inputs.encode(p)) for p in np.array_split(observations, number)]
        logits, values = zip(*parts, strict=True)
        return np.concatenate(logits), np.concatenate(values).astype(np.float64)

    def arrays(self) -> dict[str, Array]:
        """Return the weights by name."""
        return {name: parameter.value for name, parameter in self.network.parameters().items()}
