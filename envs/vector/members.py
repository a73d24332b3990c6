"""The attributes of sub-environments, as Gymnasium's Sync and Async vector environments offer them."""

from collections.abc import Callable, Mapping
from typing import Any

from ..cookie_jar import CookieJarEnv
from ..dynamics import State
from ..errors import OptionError, UnknownAttributeError, shown, suggestion
from ..kitchen import Kitchen

READABLE = (
    *("action_space", "observation_space", "metadata", "render_mode", "world"),
    *("levels", "validation_levels", "test_levels"),
    *("pictures", "test_pictures", "picture_numbers", "jar_pictures"),
    *("tabular_model", "unshaped_model", "initial_state_distrib", "P", "state_observations"),
    *("observe", "observation_masks", "get_state", "action_masks", "get_keys_to_action"),
)

MemberState = tuple[Kitchen, State, list[int] | None]  # the last are the numbers of the pictures


class Members:
    """The attributes of n sub-environments, which exist as rows of arrays only.

    A single environment is moved to the state of each, and asked.

    Args:
        number: The number n of sub-environments.
        options: The options of a single environment.
        states: Returns the kitchen, the state and the pictures of each, or None before the first reset.
    """

    def __init__(
        self,
        number: int,
        options: Mapping[str, Any],
        states: Callable[[], list[MemberState] | None],
    ) -> None:
        self._number, self._options, self._states = number, options, states
        self._added: dict[str, tuple[Any, ...]] = {}  # attributes that a user has added
        self._env: CookieJarEnv | None = None

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Return the attribute of each sub-environment, called with the arguments if it can be called.

        Raises:
            OptionError: If the attribute cannot be used for a single sub-environment.
            UnknownAttributeError: If there is no such attribute.
        """
        if not isinstance(name, str) or name not in (*READABLE, *self._added):
            raise self._refusal(name)
        if name in self._added:
            return tuple(each(*args, **kwargs) if callable(each) else each for each in self._added[name])
        if self._env is None:
            self._env = CookieJarEnv(**self._options)
        states = self._states()
        found = []
        for i in range(self._number):
            if states is not None:
                self._env.enter(*states[i])
            attribute = getattr(self._env, name)
            found.append(attribute(*args, **kwargs) if callable(attribute) else attribute)
        return tuple(found)

    def add(self, name: str, values: Any) -> None:
        """Add an attribute, with one value for all or a list with one for each.

        Raises:
            OptionError: If the environment itself has an attribute of that name, or the number is wrong.
        """
        if not isinstance(name, str) or not name.isidentifier() or name.startswith("_"):
            raise OptionError(f"set_attr: expected the name of an attribute, got {shown(name)}")
        if name in READABLE or hasattr(CookieJarEnv, name):
            raise OptionError(f"set_attr: {name} is fixed once the environment is made; make another one")
        values = tuple(values) if isinstance(values, (list, tuple)) else (values,) * self._number
        if len(values) != self._number:
            raise OptionError(f"set_attr: expected {self._number} values, got {len(values)}")
        self._added[name] = values

    @staticmethod
    def _refusal(name: object) -> Exception:
        if isinstance(name, str) and hasattr(CookieJarEnv, name):
            instead = "step, reset, set_state and render are methods of the vector environment itself"
            return OptionError(f"call: {name} does not work for a single sub-environment; {instead}")
        hint = suggestion(name, READABLE) if isinstance(name, str) else ""
        return UnknownAttributeError(f"the environments have no attribute {shown(name)}{hint}")
