"""Old module names in model cards and settings files, deprecated; to be removed in the next release."""

import sys
import warnings
from importlib import import_module
from types import ModuleType
from typing import Any

MOVED = {
    "cookie_jar.scripts.guests": {},
    "cookie_jar.scripts.guests.zoo": {"Factors": ("cookie_jar.scripts.sb3.zoo", "Factors")},
    "cookie_jar.scripts.runs": {"load_run": ("cookie_jar.agents", "load")},
}


class MovedModule(ModuleType):
    """A module whose names are found in their new places, with a DeprecationWarning.

    Args:
        name: The old name of the module.
        moved: The new module and the new name of each old name.
    """

    def __init__(self, name: str, moved: dict[str, tuple[str, str]]) -> None:
        super().__init__(name)
        if not moved:  # a package
            self.__path__: list[str] = []
        self._moved = moved

    def __getattr__(self, name: str) -> Any:
        if name not in self._moved:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        module, new = self._moved[name]
        warnings.warn(
            f"{self.__name__}.{name} has moved: use {module}.{new}", DeprecationWarning, stacklevel=2
        )
        import_module("cookie_jar.envs")  # registers the environments, as the old modules did
        return getattr(import_module(module), new)


def register_old_modules() -> None:
    """Make the old names importable; a new module is imported when one of its names is accessed."""
    for name, moved in MOVED.items():
        parent, _, child = name.rpartition(".")
        setattr(sys.modules[parent], child, sys.modules.setdefault(name, MovedModule(name, moved)))
