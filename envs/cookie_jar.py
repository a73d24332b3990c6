"""The single environment: `step` is a look-up in the compiled tables of its world."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete

from .ansi import draw_text
from .arrays import Bools, Ints
from .checks import check_integer, check_render_mode, check_reset_options
from .config import EnvConfig, checked_config
from .described import ONLY, Described
from .dynamics import NO_EVENT, Event, State
from .errors import OptionError, ResetNeededError, shown
from .jar_pictures import PLACES, JarPictures, check_picture_numbers, check_pictures
from .kitchen import Kitchen
from .levels import check_levels, level_kitchen
from .observations import for_world, make_observation
from .picture_observation import PicturesObservation, observe_states, separated
from .specs import JsonSpec
from .state_views import View, state_view
from .step_cache import EpisodeOver, MovingRow, StateRow, shared_outcomes, shared_step_cache
from .tabular import World, compile_level, compile_world

if TYPE_CHECKING:
    from .rendering.frame import Frame
    from .rendering.renderer import Renderer

RENDER_MODES = ("human", "rgb_array", "ansi")

OTHER_OPTIONS = ("observation", "levels", "pictures", "render_mode")  # apart from those of `make_config`

_NOT_PICKLED = ("world", "P", "_outcomes", "_view", "_renderer")


class CookieJarEnv(Described, JsonSpec, gym.Env[Any, Any]):
    """A child, a chair and a cookie jar.

    Actions are `Action`, `Discrete(10)`; with `jar_alone` the three picks, `Discrete(3)`. Observations are
    state numbers, `Discrete(S)`, unless `observation` names another kind. `info` has `action_mask` (int8 [A],
    1 if the action can change the state), `event` (the name of the event), `event_id` (its number in `Event`;
    -1 at the start), `happiness` (the reward of the step without hints) and `is_success` (whether the child
    ate the cookie that it likes).

    Args:
        render_mode: "human" (a window), "rgb_array" (uint8 [640, 640, 3]), "ansi" (text) or None.
        observation: "state" (the number of the state), "factors" (its parts), "vector" (its parts, one-hot),
            "grid" (binary planes), "pixels" (an RGB picture) or "pictures" (its parts without the order of
            the cookies, and a picture of each cookie in the open jar).
        levels: (first, last) of the numbered levels; each episode draws one. None for a single kitchen.
        pictures: (first, last) of the numbered pictures of cookies; each episode draws one for each place in
            the jar. By default `TRAIN_PICTURES` if `observation` is "pictures".
        **options: See `cookie_jar.envs.config.make_config`.

    Raises:
        UnknownOptionError: If an option does not exist.
        OptionError: If an option has an invalid value.
        KitchenError: If the map is malformed or cannot be solved.
    """

    metadata: dict[str, Any] = {"render_modes": list(RENDER_MODES), "render_fps": 4}  # noqa: RUF012

    def __init__(
        self,
        *,
        render_mode: str | None = None,
        observation: str = "state",
        levels: tuple[int, int] | None = None,
        pictures: tuple[int, int] | None = None,
        **options: Any,
    ) -> None:
        self.render_mode = check_render_mode(render_mode, RENDER_MODES)
        self._levels = None if levels is None else check_levels(levels)
        self._config = checked_config(options, self._levels, OTHER_OPTIONS)
        self.world: World = self._compile(self._config)
        self._observation = make_observation(observation, self.world, self._levels is not None)
        self._view: View | None = None  # of `state_view`, for all observations but numbers and pictures
        self._pictures = check_pictures(observation, pictures)
        self._jar = None if self._pictures is None else JarPictures(1, self._pictures)
        self.observation_space = self._observation.space
        self.action_space = Discrete(len(self.world.actions))
        self._enter(self.world)
        self._row: Any = EpisodeOver("call reset() before the first step()")
        self._frame: Frame | None = None
        self._renderer: Renderer | None = None
        self._random = self.world.event.shape[2] > 1
        self._plain = observation == "state" and render_mode is None  # `step` needs the numbers only

    @property
    def frame(self) -> "Frame | None":
        """The current state with the step that led to it; None without a render_mode or before `reset`."""
        return self._frame

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Start an episode.

        Args:
            seed: The seed of the random number generator; None keeps the current generator.
            options: {"state": a `State` or its number} sets the first state; {"pictures": three numbers} sets
                the pictures at left, middle and right. Other options are ignored with a warning.

        Raises:
            OptionError: If the seed is not a non-negative integer, or the options have the wrong form.
            StateError: If there is no such state. In all these cases, nothing has changed.
        """
        seed = None if seed is None else check_integer("seed", seed, 0)
        options = check_reset_options(options, ("state",) if self._jar is None else ("state", "pictures"))
        if "state" in options and self._levels is not None:
            raise OptionError("reset: the option 'state' needs one kitchen, not levels")
        number = self.world.number(options["state"]) if "state" in options else None
        chosen = check_picture_numbers(options["pictures"], 1) if "pictures" in options else None
        super().reset(seed=seed)
        if number is None:
            number = self._draw_first_state()
        self._choose_pictures(chosen)
        self._enter_state(number)
        if self.render_mode == "human":
            self.render()
        return self._observe(), {
            "action_mask": self._outcomes.new_mask(number),
            "event": "start",
            "event_id": NO_EVENT,
            "happiness": 0.0,
            "is_success": False,
        }

    def step(self, action: int) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Take an action.

        Raises:
            ActionError: If there is no such action.
            ResetNeededError: Before the first `reset`, and after the end of an episode.
        """
        try:
            outcome = self._row[action]
        except TypeError:  # not hashable
            outcome = self._row[self._outcomes.check_action(action)]
        if self._random:
            outcome = outcome.draw(self.np_random.random())
        self._row, state, reward, terminated, new_info, new_mask = outcome
        info = new_info()
        info["action_mask"] = new_mask()
        if self._plain:
            return state, reward, terminated, False, info
        if self._frame is not None:
            self._update_frame(self._frame, int(action), terminated, info)
        observed = self._observe() if self._view is None else self._view(state)
        return observed, reward, terminated, False, info

    def get_state(self) -> State:
        """Return the current state; after the end of an episode, the state before the last action."""
        return self.world.state(self._state_number())

    def set_state(self, state: State | int, pictures: Sequence[int] | None = None) -> None:
        """Set the current state, given as a `State` or by its number.

        Args:
            state: The state.
            pictures: The numbers of the pictures at left, middle and right, see `picture_numbers`; None keeps
                those of the episode.

        Raises:
            StateError: If there is no such state.
            OptionError: If there are no such pictures. In both cases, nothing has changed.
        """
        number = self.world.number(state)
        self._set_pictures(pictures)
        self._enter_state(number)

    def enter(self, kitchen: Kitchen, state: State, pictures: Sequence[int] | None = None) -> None:
        """Set the current state, in any kitchen of the same size; for `pictures`, see `set_state`.

        Raises:
            OptionError: If `kitchen` is not a `Kitchen`, or has another size.
            StateError: If there is no such state. In both cases, nothing has changed.
        """
        own, world = self.world.config.kitchen, self.world
        if not isinstance(kitchen, Kitchen):
            raise OptionError(f"enter: expected a Kitchen, got {shown(kitchen)}")
        if (kitchen.height, kitchen.width) != (own.height, own.width):
            sizes = f"{own.height} lines of {own.width}, got {kitchen.height} of {kitchen.width}"
            raise OptionError(f"enter: expected a kitchen of {sizes}")
        if kitchen != own:
            world = self._compile(self._config._replace(kitchen=kitchen))
        number = world.number(state)
        self._set_pictures(pictures)
        if world is not self.world:
            self._enter(world)
        self._enter_state(number)

    def action_masks(self) -> Bools:
        """Return whether each action can change the current state [A]."""
        mask: Bools = self._outcomes.new_mask(self._state_number()) == 1
        return mask

    def get_keys_to_action(self) -> dict[tuple[int, ...], int]:
        """Return the keys for `gymnasium.utils.play.play(env, wait_on_player=True)`."""
        from .rendering.window import ACTION_KEYS

        actions = self.world.actions
        return {(key,): actions.index(action) for key, action in ACTION_KEYS.items() if action in actions}

    def render(self) -> Any:
        """Render the current frame as `render_mode` says: an array, a text, or None if a window shows it."""
        if self.render_mode is None:
            gym.logger.warn("render() needs a render_mode: gym.make(..., render_mode='rgb_array')")
            return None
        self._state_number()  # raises an error before the first reset
        assert self._frame is not None
        if self.render_mode == "ansi":
            return f"{draw_text(self.world.config.kitchen, self._frame.state)}\n{self._frame.sentence}\n"
        return self._draw(self._frame)

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._renderer is not None:
            self._renderer.close()

    def _draw(self, frame: "Frame", moving: bool = False) -> np.ndarray[Any, np.dtype[np.uint8]] | None:
        """Render a frame with pygame."""
        if self._renderer is None:
            try:
                from .rendering.renderer import Renderer
            except ModuleNotFoundError as error:
                raise gym.error.DependencyNotInstalled("drawing needs `pip install pygame-ce`") from error
            self._renderer = Renderer(str(self.render_mode), self.metadata["render_fps"])
        return self._renderer.render(self.world.config.kitchen, frame, moving)

    def _update_frame(self, frame: "Frame", action: int, terminated: bool, info: dict[str, Any]) -> None:
        """Replace the frame with the one after a step, and show the step in the window."""
        number = self._state_number()  # after the end, still the number of the state before the last action
        state = self.world.after(number, action) if terminated else self.world.state(number)
        event = Event[info["event"].upper()]
        self._frame = frame.then(state, self.world.actions[action], event, info["happiness"])
        if self.render_mode == "human":
            self._draw(self._frame, moving=True)

    def _compile(self, config: EnvConfig) -> World:
        return compile_world(config) if self._levels is None else compile_level(config)

    def _enter(self, world: World) -> None:
        """Make a world the current one; the next reset starts there."""
        self._config, self.world = world.config, world
        vars(self).pop("P", None)  # of the world before
        many = self._levels is not None
        self._outcomes = shared_outcomes(world)
        if isinstance(self._observation, PicturesObservation) or isinstance(self.observation_space, Discrete):
            return
        self._observation = for_world(self._observation, world)
        self._view = state_view(self._observation, world, many)

    def _new_row(self, state: int) -> StateRow | MovingRow:
        """Return the row of a state, whose actions can be looked up."""
        many = self._levels is not None
        return MovingRow(self._outcomes, state) if many else shared_step_cache(self.world)[state]

    def _draw_first_state(self) -> int:
        """Draw a level, if there are several, and return the number of a first state."""
        if self._levels is not None:
            first, last = self._levels
            level = first + int(self.np_random.random() * (last - first + 1))
            self._enter(compile_level(self._config._replace(kitchen=level_kitchen(level))))
        ends = self._outcomes.start_ends
        random = self.np_random.random() if len(ends) > 1 else 0.0
        return bisect_right(ends, random)

    def _choose_pictures(self, numbers: Ints | None) -> None:
        """Draw the pictures of an episode, then replace them if numbers are given."""
        if self._jar is not None:
            self._jar.start(ONLY, self.np_random.random(PLACES))
            if numbers is not None:
                self._jar.choose(ONLY, numbers)

    def _enter_state(self, number: int) -> None:
        """Make the state of a number the current one."""
        self._row = self._new_row(number)
        if self.render_mode is not None:
            from .rendering.frame import Frame

            self._frame = Frame(self.get_state())

    def _state_number(self) -> int:
        if self._row.state is None:
            raise ResetNeededError("call reset() first: there is no state yet")
        return int(self._row.state)

    def _observe(self) -> Any:
        """Return the observation of the current state."""
        number = self._state_number()
        if isinstance(self.observation_space, Discrete):
            return number
        if self._view is not None:
            return self._view(number)
        features = self._features(np.array([number]))
        return separated(observe_states(self._observation, features, self._jar, ONLY))[0]

    def __getstate__(self) -> dict[str, Any]:
        """Leave tables, pictures and windows out of pickles and copies, which rebuild them."""
        kept = {name: value for name, value in self.__dict__.items() if name not in _NOT_PICKLED}
        row = self._row if isinstance(self._row, EpisodeOver) else self._row.state
        return kept | {"_row": row, "_jar": self.picture_numbers}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self.__dict__.update(kept | dict.fromkeys(_NOT_PICKLED))
        self._enter(self._compile(kept["_config"]))
        if self._pictures is not None:
            self._jar = JarPictures(1, self._pictures)
            self._jar.choose(ONLY, np.array(kept["_jar"]))
        if isinstance(kept["_row"], int):
            self._row = self._new_row(kept["_row"])
