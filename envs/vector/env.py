"""The vector environment: many kitchens at once, a step is one gather in the packed tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.spaces import Discrete
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from ..arrays import Bools, Floats, Ints, frozen, upper_ends
from ..config import checked_config
from ..dynamics import Action
from ..errors import OptionError, ResetNeededError, StateError
from ..levels import check_levels
from ..observations import StateFeatures, make_observation
from ..tabular import World, compile_world
from .checks import check_actions, check_limit, check_mask, check_mode, check_seeds, check_states
from .resets import InitialStates
from .rng import VectorRng
from .tables import ACTION_BITS, REWARD_MASK, ROW_BITS, ROW_MASK, PackedTables

NEVER = np.iinfo(np.int64).max
Infos = dict[str, Any]


class CookieJarVectorEnv(VectorEnv[Any, Any, Any]):
    """`num_envs` cookie jars, each equal step by step to a `CookieJarEnv` with a seed of its own.

    `infos` has `happiness` (of the step, without hints), `is_success`, and, when asked for, `action_mask`
    (int8 [n, 10]). The word `event` is left to the single environment.

    Args:
        num_envs: how many, n.
        max_episode_steps: after so many actions an episode is truncated; None for no limit.
        autoreset_mode: what happens at the end of an episode, see Gymnasium's `AutoresetMode`.
        action_masks: whether infos have `action_mask`.
        copy: whether each call returns arrays of its own; False reuses those of observations of numbers,
            rewards and flags.
        observation: "state", "factors", "grid" or "pixels".
        levels: (first, last) of the numbered levels to draw from, or None for one kitchen.
        **options: see `cookie_jar.envs.config.make_rules`.

    Raises:
        OptionError, KitchenError: an option has an impossible value.
    """

    def __init__(
        self,
        num_envs: int = 1,
        *,
        max_episode_steps: int | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        action_masks: bool = False,
        copy: bool = True,
        observation: str = "state",
        levels: tuple[int, int] | None = None,
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        if not isinstance(num_envs, (int, np.integer)) or num_envs < 1:
            raise OptionError(f"num_envs: expected at least 1, got {num_envs!r}")
        if render_mode not in (None, "rgb_array"):
            raise OptionError(f"render_mode: expected rgb_array or None, got {render_mode!r}")
        self._mode = check_mode(autoreset_mode)
        self.metadata = {"autoreset_mode": self._mode, "render_modes": ["rgb_array"], "render_fps": 4}
        self.num_envs, self.render_mode = int(num_envs), render_mode
        self._limit = check_limit(max_episode_steps)
        self._action_masks, self._copy, self._numbers = action_masks, copy, observation == "state"

        self._levels = None if levels is None else check_levels(levels)
        self._config = checked_config(options, self._levels)
        world = compile_world(self._config)
        self._tables = PackedTables(world.event.shape[2])
        self._observation = make_observation(observation, world, self._levels is not None)
        self._initial_states = InitialStates(self._config, self._levels, self._tables, self._observation)
        self.single_observation_space = self._observation.space
        self.single_action_space = Discrete(len(Action))
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._allocate(world)

    def _allocate(self, world: World) -> None:
        n = self.num_envs
        chance = world.tabular_model.probability[0]  # the same in every state
        self._slices = None if chance.shape[1] == 1 else _slices(chance)
        self._rng = VectorRng(n) if self._initial_states.random or self._slices is not None else None
        self._all, self._everywhere = np.arange(n), frozen(np.ones(n, np.bool_))
        self._clock = 0
        self._row = np.full(n, -1, np.int64)
        self._deadline = np.full(n, NEVER)
        self._ended = np.zeros(0, np.int64)  # environments whose episode ended with the last step
        self._index, self._outcome, self._reward_index = (np.empty(n, np.int64) for _ in range(3))
        reused = np.empty(n), np.empty(n, np.bool_), np.empty(n, np.bool_)
        self._reused = np.empty(n, np.int64)
        self._buffers = (None, None, None) if self._copy else reused

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, Infos]:
        """Start episodes.

        Args:
            seed: an int gives environment i the seed `seed + i`; a sequence, one each.
            options: {"reset_mask": bool [n]} resets only some; {"state": a State, a number, or numbers [n]}
                starts there.

        Raises:
            OptionError: another option, or seeds or a mask of the wrong form.
            StateError: no such state.
        """
        options = {} if options is None else options
        if not isinstance(options, dict) or options.keys() - {"reset_mask", "state"}:
            raise OptionError(f"reset: expected the keys 'reset_mask' or 'state', got {options!r}")
        seeds = check_seeds(seed, self.num_envs)
        indices = self._all
        if "reset_mask" in options:
            indices = check_mask(options["reset_mask"], self.num_envs)
            if (np.delete(self._row, indices) < 0).any():
                raise ResetNeededError("reset all environments before resetting some of them")
        rows = self._given_rows(options["state"])[indices] if "state" in options else None
        if self._rng is not None:
            self._rng.seed(indices, [seeds[i] for i in indices.tolist()])
        self._restart(indices, rows)
        self._ended = np.setdiff1d(self._ended, indices)
        where = self._everywhere if len(indices) == self.num_envs else np.isin(self._all, indices)
        zeros = np.zeros(self.num_envs)
        infos: Infos = {"happiness": zeros, "_happiness": where}
        infos |= {"is_success": zeros.astype(np.bool_), "_is_success": where}
        if self._action_masks:
            masks = np.where(where[:, None], self._tables.action_mask[self._row], 0).astype(np.int8)
            infos |= {"action_mask": masks, "_action_mask": where}
        return self._observe(), infos

    def step(self, actions: NDArray[np.int64]) -> tuple[Any, Floats, Bools, Bools, Infos]:
        """One act in each environment.

        Args:
            actions: integers [n]; those of environments that start anew are ignored.

        Raises:
            ActionError: an action does not exist, or their shape or type is wrong; nothing has happened.
            ResetNeededError: before the first reset or, with `DISABLED`, after an end without one.
        """
        actions = check_actions(actions, self.num_envs)
        resets = self._ended
        if self._row[0] < 0:
            raise ResetNeededError("call reset() before the first step()")
        if self._mode is AutoresetMode.DISABLED and len(resets):
            raise ResetNeededError(f"reset(options={{'reset_mask': ...}}) first: {resets} have ended")
        self._clock += 1
        self._look_up(actions)
        rewards, terminated, truncated = self._results()
        if len(resets):  # NEXT_STEP: these only start anew
            self._restart(resets, None)
            rewards[resets], terminated[resets], truncated[resets] = 0.0, False, False
        infos: Infos = {
            "happiness": self._happiness(rewards, resets),
            "_happiness": self._everywhere,
            "is_success": terminated.copy(),
            "_is_success": self._everywhere,
        }
        (self._ended,) = (terminated | truncated).nonzero()
        if self._mode is AutoresetMode.SAME_STEP and len(self._ended):
            self._end_same_step(infos)
        if self._action_masks:
            infos |= {"action_mask": self._tables.action_mask[self._row], "_action_mask": self._everywhere}
        return self._observe(), rewards, terminated, truncated, infos

    def _look_up(self, actions: Ints) -> None:
        """Find the packed outcome of each action, and the next rows."""
        index, outcome = self._index, self._outcome
        np.left_shift(self._row, ACTION_BITS, index)
        np.bitwise_or(index, actions, index)
        if self._slices is not None:
            np.left_shift(index, self._tables.outcome_bits, index)
            acting = self._all if not len(self._ended) else np.setdiff1d(self._all, self._ended)
            index[acting] |= self._chosen(actions[acting], acting)
        self._tables.table.take(index, None, outcome, "clip")
        np.bitwise_and(outcome, ROW_MASK, self._row)

    def _chosen(self, actions: Ints, acting: Ints) -> Ints:
        """Which of the possible outcomes happens, as a look-up of one random number each."""
        assert self._rng is not None
        assert self._slices is not None
        random = self._rng.draw(acting)
        chosen: Ints = (random[:, None] >= self._slices[actions]).sum(axis=1)
        return chosen

    def _results(self) -> tuple[Floats, Bools, Bools]:
        """Rewards and flags of the outcomes that were looked up."""
        rewards, terminated, truncated = self._buffers
        index, outcome = self._reward_index, self._outcome
        np.right_shift(outcome, ROW_BITS, index)
        np.bitwise_and(index, REWARD_MASK, index)
        return (
            self._tables.rewards.reward.take(index, None, rewards, "clip"),
            np.less(outcome, 0, terminated),
            np.equal(self._deadline, self._clock, truncated),
        )

    def _happiness(self, rewards: Floats, resets: Ints) -> Floats:
        """The happiness of the step without hints."""
        if not self._config.hints:
            return rewards.copy()
        happiness = self._tables.rewards.happiness.take(self._reward_index, mode="clip")
        happiness[resets] = 0.0
        return happiness

    def _end_same_step(self, infos: Infos) -> None:
        """Put the ends aside in the infos, and start anew."""
        ended = self._ended
        where = np.zeros(self.num_envs, np.bool_)
        where[ended] = True
        final_obs = np.full(self.num_envs, None, object)
        observed = self._observation.observe(self._features(self._row[ended]))
        for place, observation in zip(ended.tolist(), observed, strict=True):
            final_obs[place] = observation
        final: Infos = {}
        for name in ("happiness", "is_success"):
            final[name] = np.where(where, infos[name], infos[name].dtype.type(0))
            final[f"_{name}"] = where
            infos[name] = np.where(where, infos[name].dtype.type(0), infos[name])
        if self._action_masks:
            masks = np.where(where[:, None], self._tables.action_mask[self._row], np.int8(0))
            final |= {"action_mask": masks, "_action_mask": where}
        infos |= {"final_obs": final_obs, "_final_obs": where, "final_info": final, "_final_info": where}
        self._restart(ended, None)
        self._ended = np.zeros(0, np.int64)

    def _restart(self, indices: Ints, rows: Ints | None) -> None:
        """Put environments at the start of an episode, at given rows or as the rules say."""
        self._row[indices] = self._initial_states.rows(indices, self._rng) if rows is None else rows
        self._deadline[indices] = NEVER if self._limit is None else self._clock + self._limit

    def _observe(self) -> Any:
        if self._numbers:  # one world: the row is the number
            if self._copy:
                return self._row.copy()
            self._reused[:] = self._row
            return self._reused
        return self._observation.observe(self._features(self._row))

    def _features(self, rows: Ints) -> StateFeatures:
        return StateFeatures(*(part.take(rows, mode="clip") for part in self._tables.features))

    def _given_rows(self, state: Any) -> Ints:
        if self._levels is not None:
            raise OptionError("reset: the option 'state' needs one kitchen, not levels")
        return check_states(state, compile_world(self._config), self.num_envs)

    def get_state(self) -> dict[str, Any]:
        """Where all environments stand, as plain values, for `set_state`; between two steps.

        Raises:
            ResetNeededError: before the first reset.
        """
        if self._row[0] < 0:
            raise ResetNeededError("call reset() first: there is no state before it")
        worlds = np.searchsorted(self._tables.first_row, self._row, side="right") - 1
        levels = self._initial_states.levels()
        return {
            "levels": None if levels is None else levels[worlds].tolist(),
            "states": (self._row - np.array(self._tables.first_row)[worlds]).tolist(),
            "acts_left": None if self._limit is None else (self._deadline - self._clock).tolist(),
            "ended": self._ended.tolist(),
            "random": None if self._rng is None else self._rng.get_state(),
        }

    def set_state(self, state: dict[str, Any]) -> Any:
        """Stand where `get_state` was called, and return the observations.

        Raises:
            StateError: it is not the state of environments of the same number and options.
        """
        self.reset(seed=0)
        levels = [None] * self.num_envs if state["levels"] is None else state["levels"]
        rows = [self._initial_states.row(*place) for place in zip(levels, state["states"], strict=False)]
        left = [1] * self.num_envs if self._limit is None else state["acts_left"]
        ended = np.array(state["ended"], np.int64)
        right = len(rows) == self.num_envs and np.isin(ended, self._all).all()
        if not right or np.delete(left, ended).min(initial=1) < 1:
            raise StateError(
                f"expected the state of {self.num_envs} environments like these, got {state!r:.100}"
            )
        self._row = np.array(rows, np.int64)
        if self._limit is not None:
            self._deadline = self._clock + np.array(left, np.int64)
        self._ended = ended
        if self._rng is not None:
            self._rng.set_state(state["random"])
        return self._observe()

    def render(self) -> tuple[NDArray[np.uint8], ...] | None:
        """A picture of each state, uint8 [640, 640, 3], with `render_mode="rgb_array"`.

        Only the single environment shows what was done and felt as well.
        """
        if self.render_mode is None:
            return None
        from ..rendering.frame import Frame
        from ..rendering.scene import Scene

        if self._row[0] < 0:
            raise ResetNeededError("call reset() before render()")
        worlds = np.searchsorted(self._tables.first_row, self._row, side="right") - 1
        pictures, scenes = [], {}
        for row, number in zip(self._row.tolist(), worlds.tolist(), strict=True):
            kitchen = self._initial_states.kitchens[number]
            if kitchen not in scenes:
                scenes[kitchen] = Scene(kitchen)
            world = compile_world(self._config._replace(kitchen=kitchen))
            state = world.state(row - self._tables.first_row[number])
            pictures.append(scenes[kitchen].draw_array(Frame(state)))
        return tuple(pictures)


def _slices(chance: Floats) -> Floats:
    """Where each outcome's slice of [0, 1) ends, but for the last one [A, K - 1]; 2 is never reached."""
    slices = np.full((chance.shape[0], chance.shape[1] - 1), 2.0)
    for action, probability in enumerate(chance):
        ends = upper_ends(probability)[:-1]
        slices[action, : len(ends)] = ends
    return slices
