"""What the policy gradient learners share: acting with probabilities, gathering experience, resuming."""

import warnings
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, ClassVar, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from . import losses
from .base import Agent
from .checks import in_range, one_of, whole
from .encoding import Inputs
from .errors import AgentError, NotFiniteError
from .model import state_observations
from .network import Network
from .optimizers import OPTIMIZERS, clip_gradients
from .rollout import Collector, Rollout
from .vector import make_vector

TABLE, NETWORK = "table", "network"
CHUNK = 4_096  # observations that go through the network at once
MAX_ROLLOUT = 1 << 31  # bytes of observations in a rollout
MAX_UNITS = 4_096  # of a hidden layer

Array = NDArray[Any]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples to learn from: n of them, with u different observations.

    Attributes:
        inputs: of the network [u, ...].
        index: the observation of each sample, int64 [n].
        actions: int64 [n].
        advantages: how much better than expected it went, float64 [n].
        targets: what the value should have been, float64 [n].
        old_log_probs: log-probability of the action when it was taken, float [n].
    """

    inputs: Array
    index: Ints
    actions: Ints
    advantages: Floats
    targets: Floats
    old_log_probs: Array

    def part(self, samples: Ints) -> "Batch":
        """Only these samples."""
        used, index = np.unique(self.index[samples], return_inverse=True)
        return Batch(
            self.inputs[used],
            index,
            self.actions[samples],
            self.advantages[samples],
            self.targets[samples],
            self.old_log_probs[samples],
        )


class Loss(NamedTuple):
    """What is to become small: the parts, and their weighted sum."""

    policy: float
    entropy: float
    value: float
    total: float


class OnPolicy(Agent):
    """A policy of probabilities, and a value for each observation, learned by gradient descent.

    Many environments act side by side for a while; then what went better than its value said is made more
    likely, and the values are corrected; and so on. The steps are those of all environments together.

    Args:
        env: a Gymnasium environment with discrete actions, or the id of one.
        policy: "table" (numbers for each state), "network", or None for a table where observations are
            `Discrete` and a network elsewhere.
        learning_rate: size of the optimiser's steps; None for a default that suits table or network.
        n_envs: how many environments act side by side.
        n_steps: steps of each environment between two updates.
        gamma: discount factor, from 0 to 1.
        gae_lambda: from 0, trust the values after one step, to 1, count the rewards until the end.
        ent_coef: weight of the entropy in the loss: curiosity.
        vf_coef: weight of the value's error in the loss.
        max_grad_norm: a longer gradient is shortened to this.
        normalize_advantage: whether advantages are shifted and scaled to mean 0 and variance 1.
        optimizer: "sgd", "momentum" or "adam".
        net_arch: units of each hidden layer of a network.
        filters: of a convolution before these, where observations are planes [C, H, W]; 0 lays planes flat.
        seed: of all randomness of the agent; the environments are seeded from it once.

    Attributes:
        network: the policy and the values.
        weight_optimizer: the optimizer object, with its state (running means of former gradients).
    """

    learning_rates: ClassVar[dict[str, float]] = {TABLE: 0.05, NETWORK: 0.003}
    whole_episodes: ClassVar[bool] = False
    hyperparameters: ClassVar[tuple[str, ...]] = (
        "policy", "learning_rate", "n_envs", "n_steps", "gamma", "gae_lambda", "ent_coef", "vf_coef",
        "max_grad_norm", "normalize_advantage", "optimizer", "net_arch", "filters", "seed",
    )  # fmt: skip

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        policy: str | None = None,
        learning_rate: float | None = None,
        n_envs: int = 64,
        n_steps: int = 16,
        gamma: float = 0.99,
        gae_lambda: float = 0.95,
        ent_coef: float = 0.01,
        vf_coef: float = 0.5,
        max_grad_norm: float = 0.5,
        normalize_advantage: bool = False,
        optimizer: str = "adam",
        net_arch: Sequence[int] = (64, 64),
        filters: int = 32,
        seed: int | None = None,
    ) -> None:
        super().__init__(env, gamma=gamma, seed=seed)
        self.filters = whole("filters", filters, 0)
        self.inputs = Inputs(self.observation_space, self.filters)
        self.policy_kind = _kind(policy, self.inputs)
        rate = self.learning_rates[self.policy_kind] if learning_rate is None else learning_rate
        self.learning_rate = in_range("learning_rate", rate, 0, 1e30)
        self.n_envs, self.n_steps = whole("n_envs", n_envs, 1), whole("n_steps", n_steps, 1)
        if self.n_envs * self.n_steps * self.inputs.width * 8 > MAX_ROLLOUT:
            raise AgentError(f"n_envs x n_steps: {n_envs} x {n_steps} observations do not fit into memory")
        self.gae_lambda = in_range("gae_lambda", gae_lambda, 0, 1)
        self.ent_coef, self.vf_coef = (
            in_range("ent_coef", ent_coef, 0, 1e6),
            in_range("vf_coef", vf_coef, 0, 1e6),
        )
        self.max_grad_norm = in_range("max_grad_norm", max_grad_norm, 0, 1e30)
        self.normalize_advantage = bool(normalize_advantage)
        self.net_arch = tuple(
            int(in_range("net_arch", whole("net_arch", n, 1), 1, MAX_UNITS)) for n in net_arch
        )
        self.optimizer = one_of("optimizer", optimizer, OPTIMIZERS)
        hidden = self.net_arch if self.policy_kind == NETWORK else ()
        self.network = Network(self.inputs, int(self.action_space.n), hidden, self.rng)
        self.weight_optimizer = OPTIMIZERS[optimizer](self.network.parameters())
        self._collector: Collector | None = None
        self._random_before: Any = None  # of this agent, before the running rollout

    def settings(self) -> dict[str, Any]:
        """The hyperparameters by name; `policy` has another name here, where that is what it does."""
        names = (name for name in self.hyperparameters if name != "policy")
        return {"policy": self.policy_kind, **{name: getattr(self, name) for name in names}}

    def reset_episode(self) -> None:
        """Learn in the new environment, from new episodes on."""
        super().reset_episode()
        self._collector = None

    @property
    def can_count_states(self) -> bool:
        """Whether it is known what is observed in each state of the environment."""
        return self.inputs.is_state or state_observations(self.env) is not None

    def states(self) -> Array:
        """What is observed in each state [S, ...].

        Raises:
            AgentError: the environment has no states that one could count.
        """
        observations = state_observations(self.env)
        if observations is None and self.inputs.is_state:
            observations = np.arange(self.inputs.rows)
        if observations is None:
            raise AgentError(f"{self.env} does not tell what is observed in each of its states")
        return observations

    @property
    def policy(self) -> Ints:
        """The most likely action in each state, int64 [S]; the first where several are."""
        return self.best(self.states())

    def best(self, observations: Array) -> Ints:
        """The most likely action [n] for observations [n, ...]."""
        best: Ints = self._logits(observations).argmax(axis=1)
        return best

    def sample(self, observations: Array) -> Ints:
        """Actions [n] for observations [n, ...], drawn with their probabilities."""
        logits = self.network.logits(self.inputs.encode(observations))
        ends = np.exp(logits - logits.max(axis=1, keepdims=True)).cumsum(axis=1)
        draws = self.rng.random(len(logits)) * ends[:, -1]
        actions: Ints = (draws[:, None] >= ends[:, :-1]).sum(axis=1)
        return actions

    def probabilities(self, observations: Array) -> Floats:
        """The probability of each action [n, A] for observations [n, ...]."""
        probabilities: Floats = np.exp(losses.log_softmax(self._logits(observations).astype(np.float64)))
        return probabilities

    def values(self, observations: Array) -> Floats:
        """The happiness to come [n] that is expected after observations [n, ...]."""
        return self._forward(observations)[1]

    def _logits(self, observations: Array) -> Array:
        return self._forward(observations)[0]

    def _forward(self, observations: Array) -> tuple[Array, Floats]:
        """Logits [n, A] and values [n]."""
        number = max(1, -(-len(observations) // CHUNK))
        parts = [self.network.forward(self.inputs.encode(p)) for p in np.array_split(observations, number)]
        logits, values = zip(*parts, strict=True)
        return np.concatenate(logits), np.concatenate(values).astype(np.float64)

    def learn_steps(self, steps: int) -> None:
        """Learn from so many more steps, or a few more: each environment takes the same number."""
        end = self.num_timesteps + steps
        collector = self._collector or self._first_collector()
        self._collector = None  # an interruption leaves it half way through a step: then new episodes begin
        while self.num_timesteps < end:
            self.num_timesteps += collector.step(self.sample(collector.observations))
            for happiness, length in collector.finished:
                self.num_episodes += 1
                self.episode_returns.append(happiness)
                self.episode_lengths.append(length)
            collector.finished.clear()
            if collector.full:
                with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                    self.update(self.batch(collector.take()))
                self._check_finite(self.arrays())
                collector.begin()
                self._random_before = self.rng.bit_generator.state
        self._collector = collector

    def collect(self) -> Batch:
        """What the running rollout will teach, once it is complete; nothing is learned from it here.

        For a look at one batch: it does not count steps or episodes.
        """
        collector = self._collector or self._first_collector()
        while not collector.full:
            collector.step(self.sample(collector.observations))
        self._collector = None
        return self.batch(collector.take())

    def _first_collector(self) -> Collector:
        seed = int(self.rng.integers(2**31))
        self._random_before = self.rng.bit_generator.state
        return self._new_collector(seed)

    def _new_collector(self, seed: int) -> Collector:
        envs = make_vector(self.env, self.n_envs)
        space = self.observation_space
        return Collector(envs, self.n_envs, space, self.n_steps, self.whole_episodes, seed)

    def batch(self, rollout: Rollout) -> Batch:
        """What is to be learned from a rollout."""
        steps, count = rollout.actions.shape
        everything = rollout.observations.reshape(-1, *rollout.observations.shape[2:])
        distinct, index = self.inputs.distinct(everything)
        logits, values_of = self._forward(distinct)
        self._check_finite(
            {"observations": distinct, "rewards": rollout.rewards, "values": values_of, "logits": logits}
        )
        values = values_of[index].reshape(steps + 1, count)
        following = np.where(rollout.terminated, 0.0, values[1:])
        if rollout.timeouts.size:
            following[tuple(rollout.timeouts)] = self.values(rollout.final_observations)
        gained = losses.advantages(
            rollout.rewards, values[:-1], following, rollout.ended, self.gamma, self.gae_lambda
        )
        kept = rollout.counts
        index = index[: steps * count].reshape(steps, count)[kept]
        actions = rollout.actions[kept]
        old = losses.log_softmax(logits)[index, actions]
        inputs = self.inputs.encode(distinct)
        return Batch(inputs, index, actions, gained[kept], (gained + values[:-1])[kept], old)

    @abstractmethod
    def update(self, batch: Batch) -> None:
        """Learn from the batch of a rollout."""

    def gradient_step(self, batch: Batch) -> Loss:
        """One step of the optimiser down the gradient of the loss of a batch."""
        loss = self.loss(batch)
        norm = clip_gradients(self.network.parameters(), self.max_grad_norm)
        if not np.isfinite(norm):
            gradients = self.network.parameters().items()
            self._check_finite({f"gradient of {name}": parameter.gradient for name, parameter in gradients})
        self.weight_optimizer.step(self.learning_rate)
        return loss

    def loss(self, batch: Batch) -> Loss:
        """The loss of a batch; sets its gradient with respect to all weights."""
        logits, values = self.network.forward(batch.inputs)
        log_probs = losses.log_softmax(logits)
        if self.normalize_advantage and len(batch.advantages) > 1:
            spread = batch.advantages.std() + 1e-8
            batch = replace(batch, advantages=(batch.advantages - batch.advantages.mean()) / spread)
        policy, d_policy = self.policy_loss(log_probs, batch)
        entropy, d_entropy = losses.entropy_loss(log_probs, batch.index)
        value, d_value = losses.value_loss(values, batch.index, batch.targets)
        self.network.backward(d_policy + self.ent_coef * d_entropy, self.vf_coef * d_value)
        return Loss(policy, entropy, value, policy + self.ent_coef * entropy + self.vf_coef * value)

    def policy_loss(self, log_probs: Array, batch: Batch) -> tuple[float, Array]:
        """The policy's part of the loss, and its gradient with respect to the logits [u, A]."""
        return losses.policy_gradient_loss(log_probs, batch.index, batch.actions, batch.advantages)

    def _check_finite(self, quantities: dict[str, Array]) -> None:
        """Stop at the first quantity that holds an infinite number, or none at all."""
        for name, numbers in quantities.items():
            if not np.isfinite(numbers).all():
                bad = numbers[~np.isfinite(numbers)][0]
                raise NotFiniteError(
                    f"{name}: expected finite numbers, got {bad} after {self.num_timesteps:,} steps; "
                    "a lower learning rate may help"
                )

    def arrays(self) -> dict[str, Array]:
        """The weights by name."""
        return {name: parameter.value for name, parameter in self.network.parameters().items()}

    def optimizer_state(self) -> dict[str, Array]:
        """What the optimiser remembers of each weight, by name."""
        return {f"{self.optimizer}.{name}": array for name, array in self.weight_optimizer.state.items()}

    def resume_state(self) -> dict[str, Any]:
        """Where the running rollout began: the weights are the same since, so that it can be repeated."""
        if self._collector is None:
            return {}
        return {
            "beginning": self._collector.beginning,
            "random": self._random_before,
            "position": self._collector.position,
            "observations": _digest(self._collector),
        }

    def set_resume_state(self, state: dict[str, Any]) -> None:
        """Repeat the rollout that was under way."""
        if not state:
            return
        now = self.rng.bit_generator.state
        collector = self._new_collector(seed=0)
        collector.go_back(state["beginning"])
        self.rng.bit_generator.state = self._random_before = state["random"]
        if not 0 <= state["position"] <= self.n_steps:
            raise AgentError(f"expected a position up to {self.n_steps}, got {state['position']!r}")
        for _ in range(state["position"]):
            collector.step(self.sample(collector.observations))
        collector.finished.clear()
        if self.rng.bit_generator.state == now and _digest(collector) == state["observations"]:
            self._collector = collector
        else:  # the weights were changed by hand, or an environment keeps secrets
            self.rng.bit_generator.state = now
            warnings.warn("the running rollout cannot be repeated: new episodes begin", stacklevel=2)


def _kind(policy: str | None, inputs: Inputs) -> str:
    """Table or network."""
    if policy is None:
        return TABLE if inputs.is_state else NETWORK
    if one_of("policy", policy, (TABLE, NETWORK)) == TABLE and not inputs.is_state:
        raise AgentError(f"policy: a table needs Discrete observations, got {inputs.space}")
    return policy


def _digest(collector: Collector) -> str:
    """A few characters that tell observations apart."""
    return sha256(np.ascontiguousarray(collector.observations).tobytes()).hexdigest()[:16]
