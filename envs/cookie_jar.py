"""The single environment: a look-up in the tables of its world."""

from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete

from .ansi import draw_text
from .arrays import Bools, Floats, Ints, TabularModel, upper_ends
from .config import checked_config
from .dynamics import Action, Event, State
from .errors import OptionError, ResetNeededError
from .kitchen import Kitchen
from .levels import TEST_LEVELS, check_levels, level_kitchen
from .observations import StateFeatures, make_observation, state_features
from .step_cache import EpisodeOver, StepCache, check_action
from .tabular import World, compile_world

if TYPE_CHECKING:
    from .rendering.frame import Frame
    from .rendering.scene import Scene

RENDER_MODES = ("human", "rgb_array", "ansi")


_MADE_ANEW = ("world", "_rows", "_scene", "_window")


class CookieJarEnv(gym.Env[Any, Any]):
    """A child, a chair and a cookie jar.

    Observations are state numbers, `Discrete(S)`, unless `observation` says otherwise; actions are
    `Action`, `Discrete(10)`. `info` has `action_mask` (int8 [10], 1 where an act may change something),
    `event` (a word for what happened), `happiness` (of this step, without hints) and `is_success` (the
    liked cookie was eaten).

    Args:
        render_mode: "human" (a window), "rgb_array" (uint8 [640, 640, 3]), "ansi" (text) or None.
        observation: "state" (its number), "factors" (its parts), "grid" (binary planes) or "pixels" (RGB).
        levels: (first, last) of the numbered levels; each episode draws one. None for one kitchen.
        **options: see `cookie_jar.envs.config.make_rules`.

    Raises:
        OptionError, KitchenError: an option has an impossible value.
    """

    metadata: dict[str, Any] = {"render_modes": list(RENDER_MODES), "render_fps": 4}  # noqa: RUF012

    def __init__(
        self,
        *,
        render_mode: str | None = None,
        observation: str = "state",
        levels: tuple[int, int] | None = None,
        **options: Any,
    ) -> None:
        if render_mode not in (None, *RENDER_MODES):
            raise OptionError(
                f"render_mode: expected one of {', '.join(RENDER_MODES)} or None, got {render_mode!r}"
            )
        self.render_mode = render_mode
        self._levels = None if levels is None else check_levels(levels)
        self._config = checked_config(options, self._levels)
        self.world: World = compile_world(self._config)
        self._observation = make_observation(observation, self.world, self._levels is not None)
        self._scene: Scene | None = None
        self._kitchens: dict[Kitchen, int] = {}  # those that the sense knows, with their numbers
        self.observation_space = self._observation.space
        self.action_space = Discrete(len(Action))
        self._random = self.world.event.shape[2] > 1
        self._enter(self.world)
        self._row: Any = EpisodeOver("call reset() before the first step()")
        self._frame: Frame | None = None
        self._plain = observation == "state" and render_mode is None  # nothing but the tables is needed
        self._window: Any = None

    @property
    def levels(self) -> tuple[int, int] | None:
        """The first and the last of the numbered levels that episodes are drawn from, or None."""
        return self._levels

    @property
    def test_levels(self) -> tuple[int, int] | None:
        """The first and the last of the numbered levels to test on, or None if training may see them."""
        if self._levels is None or (self._levels[0] <= TEST_LEVELS[1] and TEST_LEVELS[0] <= self._levels[1]):
            return None
        return TEST_LEVELS

    @property
    def tabular_model(self) -> TabularModel:
        """The exact model, with the rewards that `step` returns; several levels have none in common."""
        self._refuse_several_levels()
        return self.world.tabular_model

    @property
    def frame(self) -> "Frame | None":
        """What is to be seen now; None without a render_mode, and before the first reset."""
        return self._frame

    @property
    def unshaped_model(self) -> TabularModel:
        """The exact model with the true happiness as reward: scores are computed on this one."""
        return self.tabular_model._replace(reward=self.world.unshaped_model.reward)

    @property
    def state_observations(self) -> np.ndarray[Any, np.dtype[Any]]:
        """The observation of each state of the tabular model [S, ...]; several levels have none in common."""
        self._refuse_several_levels()
        return self._observation.observe(all_features(self.world))

    def observe(self, states: Ints) -> np.ndarray[Any, np.dtype[Any]]:
        """What is observed in some states of the present kitchen, given by their numbers [n]: [n, ...]."""
        features = StateFeatures(*(part[states] for part in all_features(self.world)))
        kitchen = np.full(len(states), self._kitchens[self.world.config.kitchen])
        return self._observation.observe(features._replace(kitchen=kitchen))

    @property
    def initial_state_distrib(self) -> Floats:
        """The distribution of the first state [S], as in Gymnasium's toy_text."""
        return self.tabular_model.start

    @cached_property
    def P(self) -> dict[int, dict[int, list[tuple[float, int, float, bool]]]]:  # noqa: N802
        """`P[s][a] = [(probability, next_state, reward, terminated), ...]`, as in Gymnasium's toy_text."""
        model = self.tabular_model
        parts = (model.probability, model.next_state, model.reward, model.terminated)
        return {
            s: {
                a: [outcome for outcome in zip(*per_action, strict=True) if outcome[0] > 0]
                for a, per_action in enumerate(zip(*per_state, strict=True))
            }
            for s, per_state in enumerate(zip(*(part.tolist() for part in parts), strict=True))
        }

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Start an episode.

        Args:
            seed: of all randomness from here on.
            options: {"state": a State or its number} starts there.

        Raises:
            OptionError: another option.
            StateError: no such state.
        """
        super().reset(seed=seed)
        options = {} if options is None else options
        if not isinstance(options, dict) or options.keys() - {"state"}:
            raise OptionError(f"reset: expected options with the key 'state', got {options!r}")
        if "state" in options and self._levels is not None:
            raise OptionError("reset: the option 'state' needs one kitchen, not levels")
        if "state" in options:
            self.set_state(options["state"])
        else:
            if self._levels is not None:
                self._enter_level(*self._levels)
            random = self.np_random.random() if len(self._start) > 1 else 0.0
            self._stand(bisect_right(self._start, random))
        if self.render_mode == "human":
            self.render()
        return self._observed(), {
            "action_mask": self.action_masks().astype(np.int8),
            "event": "start",
            "happiness": 0.0,
            "is_success": False,
        }

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        """Do one act: one look-up.

        Raises:
            ActionError: there is no such action.
            ResetNeededError: before the first reset, or after the end of the episode.
        """
        try:
            outcome = self._row[action]
        except TypeError:  # not hashable
            outcome = self._row[check_action(action)]
        if self._random:
            outcome = outcome.draw(self.np_random.random())
        self._row, state, reward, terminated, new_info, new_mask = outcome
        info = new_info()
        info["action_mask"] = new_mask()
        if self._plain:
            return state, reward, terminated, False, info
        if self._frame is not None:
            self._picture(action, terminated, info)
        return self._observed(), reward, terminated, False, info

    def get_state(self) -> State:
        """The state of the world, for `set_state`; after the end, the state before the last act."""
        return self.world.state(self._state_number())

    def set_state(self, state: State | int) -> None:
        """Put the world into a state, given as a `State` or by its number.

        Raises:
            StateError: no such state.
        """
        self._stand(self.world.number(state))

    def action_masks(self) -> Bools:
        """Whether each action may change something in this state [10]."""
        mask: Bools = self.world.action_mask[self._state_number()] == 1
        return mask

    def get_keys_to_action(self) -> dict[tuple[int, ...], int]:
        """The keys for `gymnasium.utils.play.play(env, wait_on_player=True)`."""
        from .rendering.window import ACTION_KEYS

        return {(key,): int(action) for key, action in ACTION_KEYS.items()}

    def render(self) -> Any:
        """The picture of this moment, in the form that `render_mode` names."""
        if self.render_mode is None:
            gym.logger.warn(
                "render() does nothing without a render_mode: gym.make(..., render_mode='rgb_array')"
            )
            return None
        self._state_number()
        if self.render_mode == "ansi":
            assert self._frame is not None
            return f"{draw_text(self.world.config.kitchen, self._frame.state)}\n{self._frame.sentence}\n"
        return self._draw()

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()
            self._window = None

    def _draw(self, moving: bool = False) -> np.ndarray[Any, np.dtype[np.uint8]] | None:
        assert self._frame is not None
        try:
            from .rendering.scene import Scene
            from .rendering.window import Window
        except ModuleNotFoundError as error:
            raise gym.error.DependencyNotInstalled("drawing needs `pip install pygame-ce`") from error
        if self._scene is None:
            self._scene = Scene(self.world.config.kitchen)
        if self.render_mode == "rgb_array":
            return self._scene.draw_array(self._frame)
        if self._window is None:
            self._window = Window("Cookie Jar", self._scene.size)
        if self._window.size != self._scene.size:
            self._scene = Scene(self.world.config.kitchen, self._window.size)
        self._window.play(self._scene, self._frame, self.metadata["render_fps"], moving)
        return None

    def _refuse_several_levels(self) -> None:
        if self._levels is not None and self._levels[0] != self._levels[1]:
            raise AttributeError("several levels have no tabular model in common")

    def _enter(self, world: World) -> None:
        """Move into a world; the next reset starts there."""
        self._config, self.world = world.config, world
        self._rows = shared_step_cache(world)
        self._start = upper_ends(world.tabular_model.start)
        self._scene = None
        kitchen = world.config.kitchen
        if kitchen not in self._kitchens:
            self._kitchens[kitchen] = len(self._kitchens)
            self._observation.add(kitchen)

    def _enter_level(self, first: int, last: int) -> None:
        """Draw one of the levels and move in."""
        level = first + int(self.np_random.random() * (last - first + 1))
        self._enter(compile_world(self._config._replace(kitchen=level_kitchen(level))))

    def _stand(self, number: int) -> None:
        """Be in the state of that number."""
        self._row = self._rows[number]
        if self.render_mode is not None:
            from .rendering.frame import Frame

            self._frame = Frame(self.get_state())

    def _observed(self) -> Any:
        """What the agent senses now."""
        if isinstance(self.observation_space, Discrete):
            return self._state_number()
        return self.observe(np.array([self._state_number()]))[0]

    def _picture(self, action: int, terminated: bool, info: dict[str, Any]) -> None:
        """Bring the picture up to date with a step."""
        assert self._frame is not None
        state = self.get_state()
        if terminated:  # `get_state` is the state before the end
            state = self.world.after(state, int(action))
        event = Event[info["event"].upper()]
        self._frame = self._frame.then(state, Action(int(action)), event, info["happiness"])
        if self.render_mode == "human":
            self._draw(moving=True)

    def __getstate__(self) -> dict[str, Any]:
        """For copies and other processes: tables, pictures and windows are made anew there."""
        kept = {name: value for name, value in self.__dict__.items() if name not in _MADE_ANEW}
        return kept | {"_row": self._row if isinstance(self._row, EpisodeOver) else self._row.state}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self.__dict__.update(kept | dict.fromkeys(_MADE_ANEW))
        self.world = compile_world(kept["_config"])
        self._rows = shared_step_cache(self.world)
        if isinstance(kept["_row"], int):
            self._row = self._rows[kept["_row"]]

    def _state_number(self) -> int:
        if self._row.state is None:
            raise ResetNeededError("call reset() first: there is no state before it")
        return int(self._row.state)


@lru_cache(maxsize=32)
def shared_step_cache(world: World) -> StepCache:
    """The rows of a world, made once and shared by its environments."""
    return StepCache(world)


@lru_cache(maxsize=32)
def all_features(world: World) -> StateFeatures:
    """What can be sensed in each state of a world, made once."""
    return state_features(world, 0)
