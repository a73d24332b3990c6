"""The old name of `config`, deprecated; to be removed in the next release."""

import warnings
from typing import Any

from . import config


def __getattr__(name: str) -> Any:
    """Return `make_config` under its old name."""
    if name != "make_rules":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    message = "cookie_jar.envs.rules.make_rules has moved: use cookie_jar.envs.config.make_config"
    warnings.warn(message, DeprecationWarning, stacklevel=2)
    return config.make_config
