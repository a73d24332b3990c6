"""The spec of an environment, with options that are the same after a way through JSON."""

from collections.abc import Mapping
from copy import copy
from enum import Enum
from typing import Any

import numpy as np
from gymnasium.envs.registration import EnvSpec

from .errors import OptionError, shown


class JsonSpec:
    """Gives an environment a `spec` that equals `EnvSpec.from_json(spec.to_json())`.

    Gymnasium keeps the options as they were given. JSON returns a tuple as a list, and knows neither NumPy's
    numbers nor autoreset modes.
    """

    _spec: EnvSpec | None = None

    @property
    def spec(self) -> EnvSpec | None:
        """The spec with which Gymnasium made the environment, or None."""
        return self._spec

    @spec.setter
    def spec(self, spec: EnvSpec | None) -> None:
        if spec is not None and not isinstance(spec, EnvSpec):
            raise OptionError(f"spec: expected an EnvSpec or None, got {shown(spec)}")
        self._spec = copy(spec)
        if self._spec is not None:
            self._spec.kwargs = _json_value(self._spec.kwargs)


def _json_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _json_value(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_value(part) for part in value]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Enum):
        return value.name
    return value
