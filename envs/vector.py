"""The vector environment: many kitchens at once, a step is one gather in the packed tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.spaces import Discrete
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from .arrays import Bools, Floats, Ints, frozen
from .dynamics import Action, State
from .errors import ActionError, OptionError, ResetNeededError, StateError
from .kitchen import Kitchen
from .levels import check_levels, level_kitchen
from .outcomes import upper_ends
from .packed import ACTION_BITS, GAIN_MASK, ROW_BITS, ROW_MASK, PackedWorlds
from .rules import checked_rules
from .senses import Looks, make_sense
from .streams import Streams
from .tabular import World, compile_world

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
        **options: see `cookie_jar.envs.rules.make_rules`.

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
        self._mode = _autoreset_mode(autoreset_mode)
        self.metadata = {"autoreset_mode": self._mode, "render_modes": ["rgb_array"], "render_fps": 4}
        self.num_envs, self.render_mode = int(num_envs), render_mode
        self._limit = max_episode_steps
        self._expected = f"expected integers of shape ({self.num_envs},), each below {len(Action)}"
        self._action_masks, self._copy, self._numbers = action_masks, copy, observation == "state"

        self._levels = None if levels is None else check_levels(levels)
        self._rules = checked_rules(options, self._levels)
        world = compile_world(self._rules)
        self._kitchens: list[Kitchen] = []  # of each world in the packed tables
        self._packed = PackedWorlds(world.event.shape[2])
        self._sense = make_sense(observation, world, self._levels is not None)
        self._world_of_level: dict[int, int] = {}
        self._start_ends: list[list[float]] = []
        if self._levels is None:
            self._add(world)

        self.single_observation_space, self.single_action_space = self._sense.space, Discrete(len(Action))
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._allocate(world)

    def _allocate(self, world: World) -> None:
        n = self.num_envs
        chance = world.tabular_model.probability[0]  # the same in every state
        self._slices = None if chance.shape[1] == 1 else _slices(chance)
        starts_differ = self._levels is not None or np.count_nonzero(world.tabular_model.start) > 1
        self._streams = Streams(n) if starts_differ or self._slices is not None else None
        self._all, self._everywhere = np.arange(n), frozen(np.ones(n, np.bool_))
        self._clock = 0
        self._row = np.full(n, -1, np.int64)
        self._deadline = np.full(n, NEVER)
        self._ended = np.zeros(0, np.int64)  # environments whose episode ended with the last step
        self._index, self._outcome, self._gain = (np.empty(n, np.int64) for _ in range(3))
        reused = np.empty(n), np.empty(n, np.bool_), np.empty(n, np.bool_)
        self._buffers = (None, None, None) if self._copy else reused

    def _add(self, world: World) -> int:
        """Take a world into the packed tables; returns its number."""
        self._packed.add(world)
        self._sense.add(world.rules.kitchen)
        self._start_ends.append(upper_ends(world.tabular_model.start))
        self._kitchens.append(world.rules.kitchen)
        return len(self._kitchens) - 1

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
        options = options or {}
        if options.keys() - {"reset_mask", "state"}:
            raise OptionError(f"reset: expected the options 'reset_mask' or 'state', got {list(options)}")
        seeds = self._seeds(seed)
        which = self._all if "reset_mask" not in options else self._masked(options["reset_mask"])
        rows = self._given_rows(options["state"], which) if "state" in options else None
        if self._streams is not None:
            self._streams.seed(which, [seeds[i] for i in which.tolist()])
        self._restart(which, rows)
        self._ended = np.setdiff1d(self._ended, which)
        where = self._everywhere if len(which) == self.num_envs else np.isin(self._all, which)
        zeros = np.zeros(self.num_envs)
        infos: Infos = {"happiness": zeros, "_happiness": where}
        infos |= {"is_success": zeros.astype(np.bool_), "_is_success": where}
        if self._action_masks:
            masks = np.where(where[:, None], self._packed.action_mask[self._row], 0).astype(np.int8)
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
        actions = self._legal(actions)
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
            "is_success": terminated,
            "_is_success": self._everywhere,
        }
        (self._ended,) = (terminated | truncated).nonzero()
        if self._mode is AutoresetMode.SAME_STEP and len(self._ended):
            self._end_same_step(infos)
        if self._action_masks:
            infos |= {"action_mask": self._packed.action_mask[self._row], "_action_mask": self._everywhere}
        return self._observe(), rewards, terminated, truncated, infos

    def _look_up(self, actions: Ints) -> None:
        """Find the packed outcome of each action, and the next rows."""
        index, outcome = self._index, self._outcome
        np.left_shift(self._row, ACTION_BITS, index)
        np.bitwise_or(index, actions, index)
        if self._slices is not None:
            np.left_shift(index, self._packed.outcome_bits, index)
            acting = self._all if not len(self._ended) else np.setdiff1d(self._all, self._ended)
            index[acting] |= self._chosen(actions[acting], acting)
        self._packed.table.take(index, None, outcome, "clip")
        np.bitwise_and(outcome, ROW_MASK, self._row)

    def _chosen(self, actions: Ints, acting: Ints) -> Ints:
        """Which of the possible outcomes happens, as a look-up of one random number each."""
        assert self._streams is not None
        assert self._slices is not None
        random = self._streams.draw(acting)
        chosen: Ints = (random[:, None] >= self._slices[actions]).sum(axis=1)
        return chosen

    def _results(self) -> tuple[Floats, Bools, Bools]:
        """Rewards and flags of the outcomes that were looked up."""
        rewards, terminated, truncated = self._buffers
        gain, outcome = self._gain, self._outcome
        np.right_shift(outcome, ROW_BITS, gain)
        np.bitwise_and(gain, GAIN_MASK, gain)
        return (
            self._packed.gains.reward.take(gain, None, rewards, "clip"),
            np.less(outcome, 0, terminated),
            np.equal(self._deadline, self._clock, truncated),
        )

    def _happiness(self, rewards: Floats, resets: Ints) -> Floats:
        """The happiness of the step without hints."""
        if not self._rules.hints:
            return rewards
        happiness = self._packed.gains.happiness.take(self._gain, mode="clip")
        happiness[resets] = 0.0
        return happiness

    def _end_same_step(self, infos: Infos) -> None:
        """Put the ends aside in the infos, and start anew."""
        ended = self._ended
        where = np.zeros(self.num_envs, np.bool_)
        where[ended] = True
        final_obs = np.full(self.num_envs, None, object)
        for place, observation in zip(
            ended.tolist(), self._sense.observe(self._looks(self._row[ended])), strict=True
        ):
            final_obs[place] = observation
        names = ("happiness", "is_success")
        final: Infos = {}
        for name in names:
            final[name] = np.where(where, infos[name], infos[name].dtype.type(0))
            final[f"_{name}"] = where
            infos[name] = np.where(where, infos[name].dtype.type(0), infos[name])
        if self._action_masks:
            masks = self._packed.action_mask[self._row]
            final |= {
                "action_mask": np.where(where[:, None], masks, 0).astype(np.int8),
                "_action_mask": where,
            }
        infos |= {"final_obs": final_obs, "_final_obs": where, "final_info": final, "_final_info": where}
        self._restart(ended, None)
        self._ended = np.zeros(0, np.int64)

    def _restart(self, which: Ints, rows: Ints | None) -> None:
        """Put environments at the start of an episode, at given rows or as the rules say."""
        if rows is not None:
            self._row[which] = rows
        elif self._streams is None or (self._levels is None and len(self._start_ends[0]) == 1):
            self._row[which] = 0
        elif self._levels is None:
            self._row[which] = np.searchsorted(self._start_ends[0], self._streams.draw(which), side="right")
        else:
            self._restart_levels(which)
        self._deadline[which] = NEVER if self._limit is None else self._clock + self._limit

    def _restart_levels(self, which: Ints) -> None:
        assert self._levels is not None
        assert self._streams is not None
        first, last = self._levels
        numbers = first + (self._streams.draw(which) * (last - first + 1)).astype(np.int64)
        worlds = np.array([self._level(number) for number in numbers.tolist()])
        self._row[which] = np.array(self._packed.first_row)[worlds]
        if self._rules.random_start or self._rules.shuffle_cookies:
            for i, world, random in zip(which, worlds, self._streams.draw(which), strict=True):
                self._row[i] += np.searchsorted(self._start_ends[world], random, side="right")

    def _level(self, number: int) -> int:
        """The number of a level's world; compiled when it is first drawn."""
        if number not in self._world_of_level:
            world = World(self._rules._replace(kitchen=level_kitchen(number)))
            self._world_of_level[number] = self._add(world)
        return self._world_of_level[number]

    def _observe(self) -> Any:
        if self._numbers:  # one world: the row is the number
            return self._row.copy() if self._copy else self._row
        return self._sense.observe(self._looks(self._row))

    def _looks(self, rows: Ints) -> Looks:
        return Looks(*(part.take(rows, mode="clip") for part in self._packed.looks))

    def _legal(self, actions: Any) -> Ints:
        array = np.asarray(actions)
        if array.shape != (self.num_envs,) or array.dtype.kind not in "iu":
            raise ActionError(f"{self._expected}; got {array.dtype} of shape {array.shape}")
        array = array.astype(np.int64, copy=False)
        if np.maximum.reduce(array.view(np.uint64)) >= len(Action):  # negative ones are huge there
            bad = int(np.flatnonzero((array < 0) | (array >= len(Action)))[0])
            raise ActionError(f"{self._expected}; got {array[bad]} at place {bad}")
        return array

    def _seeds(self, seed: int | Sequence[int | None] | None) -> Sequence[int | None]:
        if seed is None:
            return [None] * self.num_envs
        if isinstance(seed, (int, np.integer)):
            return range(int(seed), int(seed) + self.num_envs)
        if len(seed) != self.num_envs:
            raise OptionError(f"seed: expected {self.num_envs} seeds, got {len(seed)}")
        return seed

    def _masked(self, mask: Any) -> Ints:
        if not isinstance(mask, np.ndarray) or mask.shape != (self.num_envs,) or mask.dtype != np.bool_:
            raise OptionError(f"reset_mask: expected a bool array of shape ({self.num_envs},), got {mask!r}")
        if not mask.any():
            raise OptionError("reset_mask: expected at least one True")
        if (self._row[~mask] < 0).any():
            raise ResetNeededError("reset all environments before resetting some of them")
        return np.flatnonzero(mask)

    def _given_rows(self, state: Any, which: Ints) -> Ints:
        if self._levels is not None:
            raise OptionError("reset: the option 'state' needs one kitchen, not levels")
        world = compile_world(self._rules)
        if isinstance(state, State):
            return np.full(len(which), world.number(state))
        numbers = np.asarray(state)
        right = numbers.dtype.kind in "iu" and numbers.shape in ((), (self.num_envs,))
        if not right or (numbers < 0).any() or (numbers >= world.num_states).any():
            expected = f"a State, a number below {world.num_states} or {self.num_envs} of them"
            raise StateError(f"expected {expected}, got {state!r}")
        return np.broadcast_to(numbers, self.num_envs)[which].astype(np.int64)

    def render(self) -> tuple[NDArray[np.uint8], ...] | None:
        """A picture of each environment, uint8 [640, 640, 3], with `render_mode="rgb_array"`."""
        if self.render_mode is None:
            return None
        from .drawing.moment import Moment
        from .drawing.scene import Scene, to_array

        if self._row[0] < 0:
            raise ResetNeededError("call reset() before render()")
        worlds = np.searchsorted(self._packed.first_row, self._row, side="right") - 1
        pictures = []
        for row, number in zip(self._row.tolist(), worlds.tolist(), strict=True):
            kitchen = self._kitchens[number]
            world = compile_world(self._rules._replace(kitchen=kitchen))
            state = world.state(row - self._packed.first_row[number])
            pictures.append(to_array(Scene(kitchen).draw(Moment(state))))
        return tuple(pictures)


def _autoreset_mode(mode: AutoresetMode | str) -> AutoresetMode:
    """The mode, given as such, by its name or by its value."""
    for known in AutoresetMode:
        if mode in (known, known.name, known.value):
            return known
    names = ", ".join(known.name for known in AutoresetMode)
    raise OptionError(f"autoreset_mode: expected one of {names}, got {mode!r}")


def _slices(chance: Floats) -> Floats:
    """Where each outcome's slice of [0, 1) ends, but for the last one [A, K - 1]; 2 is never reached."""
    slices = np.full((chance.shape[0], chance.shape[1] - 1), 2.0)
    for action, probability in enumerate(chance):
        ends = upper_ends(probability)[:-1]
        slices[action, : len(ends)] = ends
    return slices
