"""The part of policy gradient agents that decides where they learn, and learns in compiled functions."""

from collections.abc import Mapping

import numpy as np
from gymnasium.spaces import Discrete

from .batch import Batch, Loss
from .errors import AgentError, NotFiniteError
from .hyperparameters import optional_flag
from .model import SamplingTables
from .network_policy import Array, Ints, NetworkPolicy
from .optimizers import TABLE_OPTIMIZERS, Sgd

PACKAGE = __name__.rpartition(".")[0]
REPLACEABLE = {"sample", "batch", "update", "gradient_steps", "gradient_step", "loss", "policy_loss"}
TABLE, NETWORK = "table", "network"
COMPILED = {  # hyperparameters of the compiled loops; if another is not at its default, the agent steps
    *("policy", "learning_rate", "n_envs", "n_steps", "gamma", "gae_lambda", "ent_coef", "vf_coef"),
    *("max_grad_norm", "initial_value", "normalize_advantage", "optimizer", "net_arch", "filters", "seed"),
    *("batch_size", "n_epochs", "clip_range"),
}
FUSED = "fused"  # the value of "loop" in files of agents that learn on tables


class TableLearner(NetworkPolicy):
    """An agent that learns in compiled loops on the tables of its environment's model, where it can.

    The policy must be a table, and the model believed. Agents of other packages and agents with replaced
    methods step, because compiled loops would not call their methods.
    """

    policy_kind: str
    weight_optimizer: Sgd
    learning_rate: float
    ent_coef: float
    vf_coef: float
    max_grad_norm: float
    normalize_advantage: bool

    def _choose_loop(self, use_model: bool | None) -> None:
        """Check and keep `use_model`, once the kind of the policy is known."""
        self._use_model = optional_flag("use_model", use_model)
        if use_model and not (self.policy_kind == TABLE and isinstance(self.observation_space, Discrete)):
            raise AgentError("use_model: expected a table of Discrete observations, got another policy")
        if use_model and (names := ", ".join(self._stepped_for)):
            raise AgentError(f"use_model: expected None or False with {names}, got True")
        self._forget_tables()

    def _forget_tables(self) -> None:
        """Look for the tables of a new environment when they are needed."""
        self._tables: SamplingTables | None = None
        self._looked = False

    def tables(self) -> SamplingTables | None:
        """Return the tables of the model that the agent learns on, or None if it steps."""
        if not self._compiles:
            return None
        if not self._looked:
            if self._use_model is not False:
                shape = next(iter(self.network.parameters().values())).value.shape  # of the policy
                self._tables = SamplingTables.of(self.env, demanded=bool(self._use_model), shape=shape)
            self._looked = True
        return self._tables

    @property
    def _compiles(self) -> bool:
        """Whether the compiled loops do what the agent does, apart from a model that they need."""
        if self.policy_kind != TABLE or not isinstance(self.observation_space, Discrete):
            return False
        own = type(self).__module__.startswith(PACKAGE) and not REPLACEABLE & vars(self).keys()
        return own and not self._stepped_for and type(self.weight_optimizer) in TABLE_OPTIMIZERS.values()

    @property
    def _stepped_for(self) -> list[str]:
        """The hyperparameters that the compiled loops do not know, and that are not at their defaults."""
        further = ((name, kind) for name, kind in self.hyperparameters.items() if name not in COMPILED)
        return [name for name, kind in further if getattr(self, name) != kind.default]

    def _compiled_steps(self, batch: Batch, order: Ints, size: int) -> Loss:
        """Take the steps of `gradient_steps` on tables, and return the loss before the last."""
        from .table_step import take_steps

        loss, norm, finite = take_steps(
            self.weight_optimizer, batch, order, size, clip_range=self._clipping,
            normalize=self.normalize_advantage, ent_coef=self.ent_coef, vf_coef=self.vf_coef,
            max_grad_norm=self.max_grad_norm, learning_rate=self.learning_rate,
        )  # fmt: skip
        if not finite:
            self._check_finite({"norm of the gradient": np.array([norm])})
            self._check_finite(self.arrays())
        return loss

    @property
    def _clipping(self) -> float | None:
        """The range of clipping in the loss of the policy, or None without clipping."""
        return None

    def _check_finite(self, quantities: Mapping[str, Array]) -> None:
        for name, numbers in quantities.items():
            if not np.isfinite(numbers).all():
                bad = numbers[~np.isfinite(numbers)][0]
                raise NotFiniteError(
                    f"{name}: expected finite numbers, got {bad} after {self.num_timesteps:,} steps; "
                    "a lower learning rate may help"
                )
