"""The base of policy gradient agents: hyperparameters, loss and gradient steps."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Annotated, Any, ClassVar

import gymnasium as gym
import numpy as np

from . import losses
from .batch import Batch, Loss
from .checks import check_size, discrete
from .encoding import Inputs
from .errors import AgentError, MemoryFileError, shown
from .hyperparameters import MAX_SEED, Flag, Interval, LayerSizes, OneOf, Whole
from .masks import masked_logits
from .network import Network, parameter_shapes
from .network_policy import Array, Ints
from .optimizers import TABLE_OPTIMIZERS, clip_gradients
from .rollout_learner import RolloutLearner
from .table_learner import FUSED
from .table_learner import NETWORK as NETWORK  # also imported from here
from .table_learner import TABLE as TABLE
from .visits import VisitCounts

MAX_ENVS = 1 << 20
MAX_UNITS = 4_096  # of a hidden layer


class OnPolicy(RolloutLearner):
    """A stochastic policy and a value function, trained by gradient steps on the policy's own experience.

    Training alternates between a rollout in parallel environments and an update of the policy and the values
    from that rollout. `num_timesteps` counts the steps of all environments.

    The loss of the policy is a surrogate: its gradient, not its value, estimates how the return changes. As
    usual, it omits the factor gamma^t (Sutton and Barto 2018, section 13.3), so late steps count in full.

    Args:
        env: A Gymnasium environment with discrete actions, or its id.
        policy: A table with a row for each state, or a neural network. None chooses a table for `Discrete`
            observations, and otherwise a network.
        learning_rate: Step size of an update. None chooses a default for the table or the network.
        n_envs: Number of environments stepped in parallel.
        n_steps: Steps per environment between two updates.
        gamma: Discount factor. From 0 to 1.
        gae_lambda: Lambda of generalised advantage estimation, from 0 (trust the values after one step) to 1
            (count the rewards until the end).
        ent_coef: Weight of the entropy bonus in the loss.
        vf_coef: Weight of the value loss.
        max_grad_norm: Maximum norm of the gradient; longer gradients are scaled down.
        initial_value: Initial value of all estimates. In a network, the bias of its last layer.
        normalize_advantage: Whether to scale advantages to mean 0 and variance 1.
        optimizer: Update rule of gradient descent.
        net_arch: Units of each hidden layer of a network.
        filters: Filters of the convolution before the hidden layers, for planes and pictures; 0 for none.
        seed: Seed of the agent's random number generator, which also seeds the environments once.
        pictures: Whether pictures, such as `Box` observations [H, W, 3] of uint8, are read as planes of
            channels, scaled to [0, 1]; False reads raw numbers and H planes, as earlier versions did.
        action_masks: Whether to exclude actions that the environment's action masks rule out. They have
            probability 0 when the agent samples, learns and acts greedily (Huang and Ontañón 2022). See
            `masks.ActionMasks`.
        final_learning_rate: Learning rate from step `learning_rate_steps` on; until then it changes linearly.
            None keeps `learning_rate`.
        learning_rate_steps: Number of steps over which the learning rate changes to `final_learning_rate`.
        exploration_bonus: Weight b of a bonus for rare observations; 0 disables it. The agent learns from the
            rewards r + b / sqrt(N), where N counts the visits of the observation in which the action was
            taken, including those of the rollout (Bellemare et al. 2016, section 5). Reported returns are
            without bonus.
        use_model: For a table: True to learn in compiled loops on the tables of the environment's model,
            False to step, as earlier versions did, None to use the tables if they agree with the
            environment. Subclasses in other packages always step. The algorithm is the same, but draws
            different random numbers.

    Attributes:
        visits: The visits of each observation; counted only with an `exploration_bonus`.
        weight_optimizer: The optimizer with its state, such as running means of gradients.
    """

    learning_rates: ClassVar[dict[str, float]] = {TABLE: 0.05, NETWORK: 0.003}
    added = frozenset(
        {"initial_value", "action_masks", "final_learning_rate", "learning_rate_steps", "exploration_bonus"}
    )

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        policy: Annotated[str | None, OneOf((TABLE, NETWORK))] = None,
        learning_rate: Annotated[float | None, Interval(0, 1e30)] = None,
        n_envs: Annotated[int, Whole(1, MAX_ENVS)] = 64,
        n_steps: Annotated[int, Whole(1)] = 16,
        gamma: Annotated[float, Interval(0, 1)] = 0.99,
        gae_lambda: Annotated[float, Interval(0, 1)] = 0.95,
        ent_coef: Annotated[float, Interval(0, 1e6)] = 0.01,
        vf_coef: Annotated[float, Interval(0, 1e6)] = 0.5,
        max_grad_norm: Annotated[float, Interval(0, 1e30)] = 0.5,
        initial_value: Annotated[float, Interval(-1e6, 1e6)] = 0.0,
        normalize_advantage: Annotated[bool, Flag()] = False,
        optimizer: Annotated[str, OneOf(tuple(TABLE_OPTIMIZERS))] = "row-adam",
        net_arch: Annotated[Sequence[int], LayerSizes(MAX_UNITS)] = (64, 64),
        filters: Annotated[int, Whole(0)] = 32,
        seed: Annotated[int | None, Whole(0, MAX_SEED)] = None,
        pictures: bool = True,
        action_masks: Annotated[bool, Flag()] = False,
        final_learning_rate: Annotated[float | None, Interval(0, 1e30)] = None,
        learning_rate_steps: Annotated[int, Whole(0)] = 100_000,
        exploration_bonus: Annotated[float, Interval(0, 1e6)] = 0.0,
        use_model: bool | None = None,
    ) -> None:
        super().__init__(env, gamma=gamma, seed=seed)
        self.filters = self.checked("filters", filters)
        self.inputs = Inputs(self.observation_space, self.filters, Flag()("pictures", pictures))
        self.policy_kind = self._kind(policy)
        rate = self.learning_rates[self.policy_kind] if learning_rate is None else learning_rate
        self.learning_rate = self.checked("learning_rate", rate)
        self.final_learning_rate = self.checked("final_learning_rate", final_learning_rate)
        self.learning_rate_steps = self.checked("learning_rate_steps", learning_rate_steps)
        self.exploration_bonus = self.checked("exploration_bonus", exploration_bonus)
        self.action_masks, self.visits = action_masks, VisitCounts(self.inputs)
        self.n_envs, self.n_steps = self.checked("n_envs", n_envs), self.checked("n_steps", n_steps)
        rollout = self.n_envs * (self.n_steps + 1)
        check_size(
            f"a rollout of {self.n_steps} steps in {self.n_envs} environments (n_steps, n_envs)",
            rollout * (self.inputs.width + 3),
        )
        self.gae_lambda = self.checked("gae_lambda", gae_lambda)
        self.ent_coef, self.vf_coef = self.checked("ent_coef", ent_coef), self.checked("vf_coef", vf_coef)
        self.max_grad_norm = self.checked("max_grad_norm", max_grad_norm)
        self.initial_value = self.checked("initial_value", initial_value)
        self.normalize_advantage = self.checked("normalize_advantage", normalize_advantage)
        self.net_arch = tuple(self.checked("net_arch", net_arch))
        self.optimizer = self.checked("optimizer", optimizer)
        hidden = self.net_arch if self.policy_kind == NETWORK else ()
        actions = int(self.action_space.n)
        weights = sum(prod(shape) for shape in parameter_shapes(self.inputs, actions, hidden).values())
        check_size("the weights of the network, with the state of the optimizer,", weights, 16)
        self.network = Network(self.inputs, actions, hidden, self.rng)
        if self.initial_value:
            self.network.add_to_values(self.initial_value)
        self.weight_optimizer = TABLE_OPTIMIZERS[optimizer](self.network.parameters())
        self._fix("net_arch", "filters", "optimizer")
        self._choose_loop(use_model)

    def _kind(self, policy: str | None) -> str:
        """Return `TABLE` or `NETWORK`."""
        if policy is None:
            return TABLE if self.inputs.is_state else NETWORK
        if self.checked("policy", policy) == TABLE and not self.inputs.is_state:
            raise AgentError(f"policy: a table needs Discrete observations, got {self.inputs.space}")
        return policy

    @classmethod
    def _upgraded(cls, description: dict[str, Any]) -> dict[str, Any]:
        """Return a description of version 0.1 as this version writes it: its "adam" is now "row-adam"."""
        settings = description.get("hyperparameters")
        if isinstance(settings, dict) and "initial_value" not in settings:
            if settings.get("optimizer") == "adam":
                settings = settings | {"optimizer": "row-adam"}
            description = description | {"hyperparameters": settings}
        return super()._upgraded(description)

    @classmethod
    def array_shapes(cls, env: gym.Env[Any, Any], settings: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the weights."""
        inputs = Inputs(env.observation_space, settings["filters"], settings.get("pictures", True))
        hidden = settings["net_arch"] if settings["policy"] == NETWORK else ()
        return parameter_shapes(inputs, int(discrete(env.action_space, "action").n), hidden)

    def encoding(self) -> dict[str, Any]:
        """Return `pictures` if pictures are read as planes, and the loop if the agent learns on tables."""
        pictures = {"pictures": True} if self.inputs.reads_pictures else {}
        return pictures if self.tables() is None else pictures | {"loop": FUSED}

    @classmethod
    def encoding_of(cls, description: Mapping[str, Any]) -> dict[str, Any]:
        """Return `pictures` and `use_model`; files of earlier versions have no such keys."""
        loop = description.get("loop")
        if loop not in (None, FUSED):
            raise MemoryFileError(f"loop: expected {FUSED!r}, got {shown(loop)}; update Cookie Jar")
        return {"pictures": "pictures" in description, "use_model": None if loop else False}

    def settings(self) -> dict[str, Any]:
        """Return the hyperparameters by name; `policy` is the kind, because `self.policy` is the actions."""
        names = (name for name in self.hyperparameters if name != "policy")
        return {"policy": self.policy_kind, **{name: getattr(self, name) for name in names}}

    def special_settings(self) -> dict[str, Any]:
        """Return the hyperparameters that differ from their defaults."""
        special = super().special_settings()
        if self.learning_rate == self.learning_rates[self.policy_kind]:
            del special["learning_rate"]
        return special

    @property
    def current_learning_rate(self) -> float:
        """The learning rate of the next update, after `num_timesteps` steps."""
        if self.final_learning_rate is None:
            return self.learning_rate
        share = min(1.0, self.num_timesteps / self.learning_rate_steps) if self.learning_rate_steps else 1.0
        return self.learning_rate + share * (self.final_learning_rate - self.learning_rate)

    def gradient_steps(self, batch: Batch, order: Ints, size: int) -> None:
        """Take a gradient step for each `size` samples of a batch, in an order [n] of their numbers."""
        if self.tables() is not None:
            self._compiled_steps(batch, order, size)
            return
        for start in range(0, len(order), size):
            self.gradient_step(batch.part(order[start : start + size]))

    def gradient_step(self, batch: Batch) -> Loss:
        """Take one step of the optimizer along the gradient of the loss of a batch."""
        if self.tables() is not None:
            return self._compiled_steps(batch, np.arange(len(batch.actions)), len(batch.actions))
        loss = self.loss(batch)
        norm = clip_gradients(self.network.parameters(), self.max_grad_norm)
        if not np.isfinite(norm):
            self._check_finite({"norm of the gradient": np.array([norm])})
        self.weight_optimizer.step(self.current_learning_rate)
        return loss

    def loss(self, batch: Batch) -> Loss:
        """Return the loss of a batch, and set the gradients of all weights."""
        logits, values = self.network.forward(batch.inputs)
        log_probs = losses.log_softmax(masked_logits(logits, batch.allowed))
        if self.normalize_advantage and len(batch.advantages) > 1:
            spread = batch.advantages.std() + 1e-8
            batch = replace(batch, advantages=(batch.advantages - batch.advantages.mean()) / spread)
        policy, d_policy = self.policy_loss(log_probs, batch)
        entropy, d_entropy = losses.entropy_loss(log_probs, batch.index)
        value, d_value = losses.value_loss(values, batch.index, batch.targets)
        self.network.backward(d_policy + self.ent_coef * d_entropy, self.vf_coef * d_value)
        return Loss(policy, entropy, value, policy + self.ent_coef * entropy + self.vf_coef * value)

    def policy_loss(self, log_probs: Array, batch: Batch) -> tuple[float, Array]:
        """Return the policy's term of the loss, and its gradient with respect to the logits [u, A]."""
        return losses.policy_gradient_loss(log_probs, batch.index, batch.actions, batch.advantages)

    def optimizer_state(self) -> dict[str, Array]:
        """Return the state of the optimizer by name."""
        prefix = self.optimizer.removeprefix("row-")  # so that files of earlier versions fit
        state = {f"{prefix}.{name}": array for name, array in self.weight_optimizer.state.items()}
        return state | self.visits.arrays() if self.exploration_bonus else state

    def restore(self, path: Path, arrays: dict[str, Array]) -> None:
        """Replace the weights, the optimizer state and the counts of visits."""
        if self.exploration_bonus:
            self.visits.make_room(path, arrays)
        super().restore(path, arrays)
