"""The vector environment: many kitchens that step together, with Gymnasium's API."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.spaces import Discrete
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from ..arrays import Bools, Floats, Ints, frozen
from ..checks import check_flag, check_integer, check_render_mode, check_reset_options
from ..config import checked_config
from ..dynamics import NO_EVENT
from ..errors import OptionError, ResetNeededError
from ..jar_pictures import PLACES, check_picture_numbers, check_pictures
from ..levels import check_levels
from ..observations import make_observation
from ..picture_observation import separated
from ..specs import JsonSpec
from ..tabular import compile_world
from .checks import check_actions, check_limit, check_mask, check_mode, check_seeds, check_states
from .films import Films
from .members import Members, MemberState
from .simulation import Simulation

Infos = dict[str, Any]

RENDER_MODES = ("rgb_array", "rgb_array_list")
MAX_ENVS = 10_000_000
INT64 = np.dtype(np.int64)
INFOS_AT_START = {"happiness": 0.0, "is_success": False, "event_id": NO_EVENT}
OTHER_OPTIONS = (
    *("observation", "levels", "pictures", "render_mode"),
    *("max_episode_steps", "autoreset_mode", "action_masks", "copy"),
)


class CookieJarVectorEnv(JsonSpec, VectorEnv[Any, Any, Any]):
    """`num_envs` environments; each equals a `CookieJarEnv` with its own seed, step by step.

    `infos` has `happiness` (the rewards without hints), `is_success`, `event_id` (the number of the `Event`;
    -1 at the start) and, if requested, `action_mask` (int8 [n, 10]). Only the single environment has `event`.

    Args:
        num_envs: The number n of environments.
        max_episode_steps: The number of steps after which an episode is truncated; None for no limit.
        autoreset_mode: What happens at the end of an episode, see Gymnasium's `AutoresetMode`.
        action_masks: Whether infos have `action_mask`.
        copy: Whether each call returns new arrays; False reuses the arrays of rewards, flags, event and state
            numbers.
        observation: "state", "factors", "vector", "grid", "pixels" or "pictures".
        levels: (first, last) of the numbered levels to draw from, or None for one kitchen.
        pictures: (first, last) of the numbered pictures to draw from; by default `TRAIN_PICTURES` if
            `observation` is "pictures".
        render_mode: "rgb_array", "rgb_array_list" (`render` returns the pictures of all steps since the last
            `render` or, if later, the start of the episode) or None.
        **options: See `cookie_jar.envs.config.make_config`.

    Raises:
        UnknownOptionError: If an option does not exist.
        OptionError: If an option has an invalid value.
        KitchenError: If the map is malformed or cannot be solved.
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
        pictures: tuple[int, int] | None = None,
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        self.num_envs = check_integer("num_envs", num_envs, 1, MAX_ENVS)
        self.render_mode = check_render_mode(render_mode, RENDER_MODES)
        mode = self.autoreset_mode = check_mode(autoreset_mode)  # as in `SyncVectorEnv`
        self.metadata = {"autoreset_mode": mode, "render_modes": list(RENDER_MODES), "render_fps": 4}
        self._action_masks, copy = check_flag("action_masks", action_masks), check_flag("copy", copy)
        self._numbers = observation == "state"
        self._levels = None if levels is None else check_levels(levels)
        self._config = checked_config(options, self._levels, OTHER_OPTIONS)
        world, limit = compile_world(self._config), check_limit(max_episode_steps)
        observed = make_observation(observation, world, self._levels is not None)
        drawn = check_pictures(observation, pictures)
        self._simulation = Simulation(
            self.num_envs, self._config, self._levels, observed, limit, reuse=not copy, pictures=drawn
        )
        self.single_observation_space = observed.space
        self.single_action_space: Discrete = Discrete(len(world.actions))
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._all, self._everywhere = self._simulation.all, frozen(np.ones(self.num_envs, np.bool_))
        self._shape = (self.num_envs,)
        self._infos: Infos = {}  # of a step, which fills in the values
        for name in INFOS_AT_START:
            self._infos |= {name: None, f"_{name}": self._everywhere}
        self._disabled, self._same_step = mode is AutoresetMode.DISABLED, mode is AutoresetMode.SAME_STEP
        single = {"observation": observation, "levels": levels, "pictures": pictures, **options}
        single["render_mode"] = None if self.render_mode is None else "rgb_array"
        self._members = Members(self.num_envs, single, self._member_states)
        self._films = Films(self.num_envs) if self.render_mode == "rgb_array_list" else None

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, Infos]:
        """Start episodes.

        Args:
            seed: An int gives environment i the seed `seed + i`; a sequence has one seed per environment.
            options: {"reset_mask": bool [n]} resets only some environments; {"state": a `State`, a number, or
                numbers [n]} sets the first states; {"pictures": numbers [3] or [n, 3]} sets the pictures at
                left, middle and right. Other options are ignored with a warning.

        Raises:
            OptionError: If seeds, options or mask have the wrong form.
            StateError: If there is no such state.
            ResetNeededError: If the first reset has a mask. In all these cases, nothing has changed.
        """
        with_pictures = () if self._simulation.jars is None else ("pictures",)
        options = check_reset_options(options, ("reset_mask", "state", *with_pictures))
        seeds = check_seeds(seed, self.num_envs)
        indices = self._all
        if "reset_mask" in options:
            indices = check_mask(options["reset_mask"], self.num_envs)
            if (np.delete(self._simulation.rows, indices) < 0).any():
                raise ResetNeededError("reset all environments before resetting some of them")
        rows = self._given_rows(options["state"])[indices] if "state" in options else None
        pictures = None
        if "pictures" in options:
            pictures = check_picture_numbers(options["pictures"], self.num_envs)
            pictures = np.broadcast_to(pictures, (self.num_envs, PLACES))[indices]
        self._simulation.reset(indices, [seeds[i] for i in indices.tolist()], rows, pictures)
        if self._films is not None:
            self._films.start(indices)
            self._films.add(indices, self._pictures())
        return self._observe(), self._reset_infos(indices)

    def _reset_infos(self, indices: Ints) -> Infos:
        where = self._everywhere if len(indices) == self.num_envs else np.isin(self._all, indices)
        infos: Infos = {}
        for name, at_start in INFOS_AT_START.items():
            infos |= {name: np.where(where, at_start, type(at_start)()), f"_{name}": where}
        if self._action_masks:
            infos |= self._masks_where(where)
        return infos

    def step(self, actions: NDArray[np.int64]) -> tuple[Any, Floats, Bools, Bools, Infos]:
        """Take an action in each environment.

        Args:
            actions: Integers [n]; ignored for environments that the step resets.

        Raises:
            ActionError: If an action does not exist, or the shape or type is wrong; nothing has changed.
            ResetNeededError: Before the first `reset` and, with `DISABLED`, if an episode has ended.
        """
        simulation = self._simulation
        plain = type(actions) is np.ndarray and actions.dtype is INT64 and actions.shape == self._shape
        if not (plain and actions.flags.carray):
            actions = check_actions(actions, self.num_envs, int(self.single_action_space.n))
        if not simulation.started or (self._disabled and simulation.any_ended):
            raise self._refusal(actions)
        waiting = simulation.ended if self._films is not None else None
        results = simulation.step(actions)
        if results is None:
            raise self._refusal(actions)
        rows, rewards, happiness, terminated, success, truncated, event_id = results
        infos = self._infos.copy()
        infos["happiness"], infos["is_success"], infos["event_id"] = happiness, success, event_id
        if self._same_step and simulation.any_ended:
            waiting = self._reset_ended(infos)
            rows[waiting] = simulation.rows[waiting]
        if waiting is not None and self._films is not None:
            self._films.start(waiting)
            self._films.add(self._all, self._pictures())
        if self._action_masks:
            masks = simulation.tables.action_masks(simulation.rows)
            infos |= {"action_mask": masks, "_action_mask": self._everywhere}
        observed = rows if self._numbers else simulation.observe(self._all)
        return observed, rewards, terminated, truncated, infos

    def _refusal(self, actions: Ints) -> Exception:
        """Return the error of a step that is not possible."""
        check_actions(actions, self.num_envs, int(self.single_action_space.n))
        if not self._simulation.started:
            return ResetNeededError("call reset() before the first step()")
        ended = self._simulation.ended
        return ResetNeededError(f"episodes {ended} have ended: call reset(options={{'reset_mask': ...}})")

    def _reset_ended(self, infos: Infos) -> Ints:
        """Move the results of ended episodes to the final infos; start and return these environments."""
        ended = self._simulation.ended
        where = np.zeros(self.num_envs, np.bool_)
        where[ended] = True
        final_obs = np.empty(self.num_envs, object)  # of None
        observed = separated(self._simulation.observe(ended))
        for place, observation in zip(ended.tolist(), observed, strict=True):
            final_obs[place] = observation
        final: Infos = {}
        for name, at_start in INFOS_AT_START.items():
            results = infos[name]
            final[name], final[f"_{name}"] = np.zeros(self.num_envs, results.dtype), where
            final[name][ended] = results[ended]
            results[ended] = at_start
        if self._action_masks:
            final |= self._masks_where(where)
        infos |= {"final_obs": final_obs, "_final_obs": where, "final_info": final, "_final_info": where}
        self._simulation.reset_ended(ended)
        return ended

    def _masks_where(self, where: Bools) -> Infos:
        """Return the action masks of some environments as infos, zeros for the others."""
        masks = self._simulation.tables.action_masks(self._simulation.rows)
        return {"action_mask": np.where(where[:, None], masks, np.int8(0)), "_action_mask": where}

    def _observe(self) -> Any:
        """Return the observation of each environment."""
        if self._numbers:  # a single world: rows are state numbers
            return self._simulation.rows.copy()
        return self._simulation.observe(self._all)

    def _given_rows(self, state: Any) -> Ints:
        if self._levels is not None:
            raise OptionError("reset: the option 'state' needs one kitchen, not levels")
        return check_states(state, compile_world(self._config), self.num_envs)

    def get_state(self) -> dict[str, Any]:
        """Return the state of all environments as plain values, for `set_state`; call it between two steps.

        Raises:
            ResetNeededError: Before the first `reset`.
        """
        if not self._simulation.started:
            raise ResetNeededError("call reset() first: there is no state yet")
        return self._simulation.get_state()

    def set_state(self, state: dict[str, Any]) -> Any:
        """Restore the state that `get_state` returned, and return the observations.

        Raises:
            StateError: If the state is not from the same number of environments with the same options. Then
                nothing has changed.
        """
        self._simulation.set_state(state, may_have_ended=self.autoreset_mode is not AutoresetMode.SAME_STEP)
        if self._films is not None:
            self._films.start(self._all)
        return self._observe()

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Return an attribute of each sub-environment, called with the arguments if it can be called.

        Raises:
            OptionError: If the attribute would change one sub-environment, like `step`.
            UnknownAttributeError: If there is no such attribute.
        """
        if isinstance(name, str) and name == "spec":
            return (self.spec,) * self.num_envs
        return self._members.call(name, *args, **kwargs)

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """Return an attribute of each sub-environment; see `call`."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Add an attribute to the sub-environments, with one value for all or a list with one for each.

        Raises:
            OptionError: If the environment itself has an attribute of that name, or the number is wrong.
        """
        self._members.add(name, values)

    def render(self) -> tuple[Any, ...] | None:
        """Draw each state, uint8 [640, 640, 3], or return the list of such pictures, as `render_mode` says.

        The pictures do not show actions and events; those of the single environment do.
        """
        if self.render_mode is None:
            return None
        if not self._simulation.started:
            raise ResetNeededError("call reset() before render()")
        return self._pictures() if self._films is None else self._films.take()

    def _member_states(self) -> list[MemberState] | None:
        """Return where each environment is, or None before the first reset."""
        simulation = self._simulation
        if not simulation.started:
            return None
        numbers = [None] * self.num_envs if simulation.jars is None else simulation.jars.numbers.tolist()
        return [(*state, pictures) for state, pictures in zip(simulation.states(), numbers, strict=True)]

    def _pictures(self) -> tuple[NDArray[np.uint8], ...]:
        from ..rendering.renderer import draw_states

        return draw_states(self._simulation.states())
